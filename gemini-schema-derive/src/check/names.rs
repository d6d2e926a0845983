use std::collections::HashMap;

use quote::ToTokens;

use crate::errors::Errors;
use crate::model::Writing;

/// The names that are taken in one object or one enum.
pub(super) struct Names {
    kind: &'static str,
    read: HashMap<String, String>,
    written: HashMap<String, String>,
}

/// The names that a field or a variant has.
pub(super) struct Claim<'n> {
    read: Vec<&'n str>,
    written: Option<&'n str>,
}

impl<'n> Claim<'n> {
    pub(super) fn of(name: &'n str, aliases: &'n [String], writing: &'n Writing) -> Claim<'n> {
        Claim {
            read: [name].into_iter().chain(aliases.iter().map(String::as_str)).collect(),
            written: match writing {
                Writing::AsRead => Some(name),
                Writing::As(name) => Some(name),
                Writing::Never => None,
            },
        }
    }

    pub(super) fn written(name: &'n str) -> Claim<'n> {
        Claim { read: Vec::new(), written: Some(name) }
    }
}

impl Names {
    pub(super) fn of(kind: &'static str) -> Names {
        Names { kind, read: HashMap::new(), written: HashMap::new() }
    }

    pub(super) fn reserve(&mut self, name: Option<&str>, owner: &str) {
        for taken in [&mut self.read, &mut self.written] {
            taken.extend(name.map(|name| (name.to_owned(), owner.to_owned())));
        }
    }

    pub(super) fn claim(&mut self, claim: Claim<'_>, owner: &impl ToTokens, errors: &mut Errors) {
        let description = format!("the {} `{}`", self.kind, owner.to_token_stream());
        let mut is_free = true;
        for name in claim.read {
            is_free &= take(&mut self.read, (name, &description), owner, errors);
        }
        if let Some(name) = claim.written.filter(|_| is_free) {
            take(&mut self.written, (name, &description), owner, errors);
        }
    }
}

fn take(
    taken: &mut HashMap<String, String>,
    (name, description): (&str, &str),
    owner: &impl ToTokens,
    errors: &mut Errors,
) -> bool {
    if let Some(first) = taken.get(name) {
        let message = format!(
            "the name `{name}` is taken by {first}: write another one with \
             `#[serde(rename = \"..\")]`"
        );
        errors.at(owner, message);
        return false;
    }
    taken.insert(name.to_owned(), description.to_owned());
    true
}
