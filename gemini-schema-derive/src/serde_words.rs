//! The words inside `#[serde(..)]` with their tokens, which serde's own reader does not keep, and
//! those among them that have no schema yet.

use proc_macro2::TokenStream;

use crate::entries::entries;
use crate::errors::Errors;
use crate::gemini_attributes::Place;

pub(crate) struct Words(Vec<Word>);

struct Word {
    key: String,
    tokens: TokenStream,
}

enum Verdict {
    Honoured,
    Refused(String),
    Unknown,
}

impl Words {
    pub(crate) fn read(attributes: &[syn::Attribute]) -> Words {
        let lists = attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("serde"))
            .filter_map(|attribute| attribute.meta.require_list().ok());
        let words = lists
            .flat_map(|list| entries(list.tokens.clone()))
            .filter_map(Result::ok)
            .map(|entry| Word { key: entry.key.to_string(), tokens: entry.tokens });
        Words(words.collect())
    }

    pub(crate) fn find(&self, key: &str) -> Option<&TokenStream> {
        let word = self.0.iter().find(|word| word.key == key)?;
        Some(&word.tokens)
    }

    /// Reports the words that change the JSON in a way that the derive can't follow.
    pub(crate) fn refuse(&self, place: Place, errors: &mut Errors) {
        for word in &self.0 {
            let verdict = match place {
                Place::Container => on_container(word),
                Place::Variant => on_variant(word),
                Place::Field => on_field(word),
            };
            match verdict {
                Verdict::Honoured => {}
                Verdict::Refused(message) => errors.at(&word.tokens, message),
                // Serde has refused it already.
                Verdict::Unknown if !errors.is_empty() => {}
                Verdict::Unknown => errors.at(
                    &word.tokens,
                    format!(
                        "`{}` has no schema here: remove it, or implement `GeminiSchema` by hand",
                        word.key
                    ),
                ),
            }
        }
    }

    /// Reports all words but these, where serde's own derive is not at work.
    pub(crate) fn refuse_all(&self, but: &[&str], errors: &mut Errors) {
        for word in self.0.iter().filter(|word| !but.contains(&word.key.as_str())) {
            let message = format!("`{}` has no effect on an enum of numbers: remove it", word.key);
            errors.at(&word.tokens, message);
        }
    }
}

fn on_container(word: &Word) -> Verdict {
    match word.key.as_str() {
        "rename"
        | "rename_all"
        | "rename_all_fields"
        | "deny_unknown_fields"
        | "tag"
        | "content"
        | "untagged"
        | "bound"
        | "default"
        | "transparent"
        | "from"
        | "try_from"
        | "into"
        | "remote"
        | "crate"
        | "expecting" => Verdict::Honoured,
        "field_identifier" | "variant_identifier" => Verdict::Refused(by_hand(word)),
        _ => Verdict::Unknown,
    }
}

fn on_variant(word: &Word) -> Verdict {
    match word.key.as_str() {
        "rename" | "rename_all" | "alias" | "skip" | "skip_serializing" | "skip_deserializing"
        | "with" | "serialize_with" | "deserialize_with" | "bound" | "borrow" | "other"
        | "untagged" => Verdict::Honoured,
        _ => Verdict::Unknown,
    }
}

fn on_field(word: &Word) -> Verdict {
    match word.key.as_str() {
        "rename"
        | "alias"
        | "default"
        | "flatten"
        | "skip"
        | "skip_serializing"
        | "skip_deserializing"
        | "skip_serializing_if"
        | "with"
        | "serialize_with"
        | "deserialize_with"
        | "getter"
        | "bound"
        | "borrow" => Verdict::Honoured,
        _ => Verdict::Unknown,
    }
}

fn by_hand(word: &Word) -> String {
    format!(
        "`{}` is for types whose schema can't be derived: remove the derive and implement \
         `GeminiSchema` by hand, or derive it on a type of your own with the same fields",
        word.key
    )
}
