//! The Rust twins of the types, under the names of the cases.

use super::compare::Sent;

/// Derives the types of each case in a module of its own.
macro_rules! twins {
    ($($case:ident: $root:ty { $($item:item)* })*) => {
        pub(super) const TWINS: &[super::Twin] =
            &[$((stringify!($case), crate::python_sdk::compare::sent::<$case::Root>)),*];
        $(mod $case {
            #![allow(dead_code, unused_imports, reason = "the types are only looked at")]
            use std::collections::{BTreeMap, BTreeSet};
            use std::net::Ipv4Addr;
            use gemini_schema::GeminiSchema;
            use serde_json::Value;
            pub(super) type Root = $root;
            $(#[derive(GeminiSchema)] $item)*
        })*
    };
}

mod choices;
mod collections;
mod plain;
mod written;

/// The name of a case, and what is sent for its twin in a field of the request.
pub(crate) type Twin = (&'static str, fn(&str) -> Sent);

/// All of them.
pub(crate) fn twins() -> Vec<Twin> {
    [plain::TWINS, choices::TWINS, collections::TWINS, written::TWINS].concat()
}
