use std::collections::HashMap;

use quote::ToTokens;

use crate::errors::Errors;

/// The names that are taken in one object or one enum.
pub(super) struct Names {
    kind: &'static str,
    taken: HashMap<String, String>,
}

impl Names {
    pub(super) fn of(kind: &'static str) -> Names {
        Names { kind, taken: HashMap::new() }
    }

    pub(super) fn reserve(&mut self, name: Option<&str>, owner: &str) {
        self.taken.extend(name.map(|name| (name.to_owned(), owner.to_owned())));
    }

    pub(super) fn claim<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n String>,
        owner: &impl ToTokens,
        errors: &mut Errors,
    ) {
        for name in names {
            if let Some(first) = self.taken.get(name) {
                let message = format!(
                    "the name `{name}` is taken by {first}: write another one with \
                     `#[serde(rename = \"..\")]`"
                );
                errors.at(owner, message);
                continue;
            }
            let description = format!("the {} `{}`", self.kind, owner.to_token_stream());
            self.taken.insert(name.clone(), description);
        }
    }
}
