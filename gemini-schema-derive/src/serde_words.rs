//! The words inside `#[serde(..)]` with their tokens, which serde's own reader does not keep, and
//! those among them that have no schema yet.

use proc_macro2::TokenStream;

use crate::entries::{Value, entries, ungroup};
use crate::errors::Errors;
use crate::gemini_attributes::Place;

pub(crate) struct Words(Vec<Word>);

struct Word {
    key: String,
    value: Option<String>,
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
        let words = lists.flat_map(|list| entries(list.tokens.clone())).filter_map(Result::ok).map(
            |entry| Word {
                key: entry.key.to_string(),
                value: literal(entry.value),
                tokens: entry.tokens,
            },
        );
        Words(words.collect())
    }

    pub(crate) fn find(&self, key: &str) -> Option<&TokenStream> {
        let word = self.0.iter().find(|word| word.key == key)?;
        Some(&word.tokens)
    }

    /// Reports the words that change the JSON in a way that the derive can't follow.
    pub(crate) fn refuse(&self, place: Place, errors: &mut Errors) {
        for word in &self.0 {
            match self.verdict(word, place) {
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

    fn verdict(&self, word: &Word, place: Place) -> Verdict {
        match place {
            Place::Container => on_container(word),
            Place::Variant => self.on_variant(word),
            Place::Field => self.on_field(word),
        }
    }

    fn on_variant(&self, word: &Word) -> Verdict {
        match word.key.as_str() {
            "rename" | "rename_all" | "alias" | "skip" | "bound" | "borrow" | "untagged" => {
                Verdict::Honoured
            }
            "skip_serializing" | "skip_deserializing" => self.half_skipped(word),
            "with" | "serialize_with" | "deserialize_with" => Verdict::Refused(format!(
                "`{}` changes the JSON behind the variant's type: remove it and let the variant \
                 hold a newtype that implements serde's traits and `GeminiSchema`",
                word.key
            )),
            "other" => Verdict::Refused(
                "`other` stands for any name, and a schema lists the names there are: remove it, \
                 and describe in a doc comment when the model shall choose this variant"
                    .to_owned(),
            ),
            _ => Verdict::Unknown,
        }
    }

    fn on_field(&self, word: &Word) -> Verdict {
        match word.key.as_str() {
            "rename"
            | "alias"
            | "default"
            | "flatten"
            | "skip"
            | "skip_serializing_if"
            | "bound"
            | "borrow" => Verdict::Honoured,
            "skip_serializing" | "skip_deserializing" => self.half_skipped(word),
            "with" | "serialize_with" | "deserialize_with" => Verdict::Refused(format!(
                "`{}` changes the JSON behind the field's type: remove it and give the field a \
                 newtype that implements serde's traits and `GeminiSchema`",
                word.key
            )),
            "getter" => Verdict::Refused(by_hand(word)),
            _ => Verdict::Unknown,
        }
    }

    fn half_skipped(&self, word: &Word) -> Verdict {
        let (other, half) = match word.key.as_str() {
            "skip_serializing" => ("skip_deserializing", "reads it but doesn't write it"),
            _ => ("skip_serializing", "writes it but doesn't read it"),
        };
        if self.find(other).is_some() {
            return Verdict::Honoured;
        }
        Verdict::Refused(format!(
            "`{}` alone means that serde {half}: write `skip` to leave it out both ways",
            word.key
        ))
    }
}

fn on_container(word: &Word) -> Verdict {
    let value = word.value.as_deref().unwrap_or("Other");
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
        | "crate"
        | "expecting" => Verdict::Honoured,
        "from" | "try_from" => Verdict::Refused(format!(
            "serde reads a `{value}` here: remove the derive and implement `GeminiSchema` by hand, \
             with `<{value} as GeminiSchema>::schema(generator)` as the body of `schema`"
        )),
        "into" => Verdict::Refused(format!(
            "serde writes a `{value}` here: remove the derive and implement `GeminiSchema` by \
             hand, with `<{value} as GeminiSchema>::schema(generator)` as the body of `schema`"
        )),
        "remote" | "field_identifier" | "variant_identifier" => Verdict::Refused(by_hand(word)),
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

fn literal(value: Value) -> Option<String> {
    let Value::Assigned(value) = value else {
        return None;
    };
    let literal: syn::LitStr = syn::parse2(ungroup(value)).ok()?;
    Some(literal.value())
}
