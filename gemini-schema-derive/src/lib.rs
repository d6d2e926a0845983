//! The derive macro of `gemini-schema`, which re-exports it: depend on that crate, or on
//! `gemini-extract`, not on this one.

mod bounds;
mod check;
mod crate_path;
mod entries;
mod errors;
mod gemini_attributes;
mod model;
mod print;
mod serde_attributes;
mod serde_words;

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as TokenStream2};
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

use crate::errors::Errors;
use crate::gemini_attributes::{Attributes, Place};

#[doc = include_str!("../attributes.md")]
#[proc_macro_derive(GeminiSchema, attributes(gemini, serde))]
pub fn derive_gemini_schema(input: TokenStream) -> TokenStream {
    expand(&parse_macro_input!(input as DeriveInput)).into()
}

fn expand(input: &DeriveInput) -> TokenStream2 {
    let mut errors = Errors::default();
    let own = gemini_attributes::read(&input.attrs, Place::Container, &mut errors);
    let library = library(&own, &mut errors);
    let model = if own.integer.is_some() {
        Some(check::check_integers(input, own, &mut errors))
    } else {
        serde_attributes::read(input, &mut errors)
            .map(|serde| check::check(input, own, serde, &mut errors))
    };
    let implementation = match (library, model) {
        (Some(library), Some(model)) if errors.is_empty() => {
            print::implementation(&model, &library)
        }
        (Some(library), _) => print::stand_in(input, &library),
        (None, _) => TokenStream2::new(),
    };
    let errors = errors.into_compile_errors();
    quote!(#errors #implementation)
}

fn library(own: &Attributes, errors: &mut Errors) -> Option<syn::Path> {
    if let Some(written) = &own.library {
        return Some(written.value.clone());
    }
    let resolved = crate_path::resolve();
    resolved.map_err(|message| errors.push(syn::Error::new(Span::call_site(), message))).ok()
}
