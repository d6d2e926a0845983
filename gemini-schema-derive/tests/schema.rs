//! What the derive makes of a type: which documents its schema accepts, and what it says.
#![allow(dead_code, reason = "only the schemas of these types are used")]

use gemini_schema::serde_json::{Value, json};
use gemini_schema::{Dialect, GeminiSchema, Schema, SchemaError};
use serde::Serialize;

/// The schema under test.
struct Check(Schema);

fn check<T: GeminiSchema>() -> Check {
    Check(Schema::of::<T>())
}

impl Check {
    #[track_caller]
    fn accepts(self, document: impl Into<Value>) -> Check {
        let document = document.into();
        let violations = self.0.check(&document);
        assert!(violations.is_empty(), "{document}: {violations:?}");
        self
    }

    #[track_caller]
    fn rejects(self, document: impl Into<Value>) -> Check {
        let document = document.into();
        assert!(!self.0.check(&document).is_empty(), "{document}");
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Check {
        let sent = self.sent();
        assert!(sent.as_ref().is_ok_and(|sent| sent.contains(text)), "{text:?} in {sent:?}");
        self
    }

    #[track_caller]
    fn does_not_say(self, text: &str) -> Check {
        let sent = self.sent();
        assert!(sent.as_ref().is_ok_and(|sent| !sent.contains(text)), "{text:?} in {sent:?}");
        self
    }

    fn sent(&self) -> Result<String, SchemaError> {
        let lowered = self.0.lower(Dialect::Draft202012)?;
        Ok(lowered.as_str().to_owned())
    }
}

#[test]
fn fields_are_there_unless_something_says_otherwise() {
    #[derive(GeminiSchema)]
    struct Recipe {
        name: String,
        source: Option<String>,
        #[serde(default)]
        servings: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        rating: Option<u8>,
        #[gemini(optional)]
        remark: Option<String>,
        #[serde(skip)]
        id: u64,
    }
    check::<Recipe>()
        .accepts(json!({"name": "a", "source": null}))
        .accepts(json!({"name": "a", "source": "b", "servings": 1, "rating": 2, "remark": "c"}))
        .rejects(json!({"name": "a"}))
        .rejects(json!({"source": "b"}))
        .rejects(json!({"name": null, "source": null}))
        .rejects(json!({"name": "a", "source": null, "servings": null}))
        .rejects(json!({"name": "a", "source": null, "id": 1}));
}

#[test]
fn a_default_of_the_type_is_one_of_its_fields() {
    #[derive(Default, GeminiSchema)]
    #[serde(default)]
    struct Settings {
        depth: u8,
        #[serde(skip_serializing_if = "String::is_empty")]
        label: String,
    }
    check::<Settings>()
        .accepts(json!({}))
        .accepts(json!({"depth": 1, "label": ""}))
        .rejects(json!({"depth": null}));
}

#[test]
fn names_are_those_of_serde() {
    #[derive(GeminiSchema)]
    #[serde(rename_all = "camelCase")]
    struct Recipe {
        recipe_name: String,
        #[serde(rename = "n")]
        servings: u8,
        r#type: bool,
    }
    check::<Recipe>()
        .accepts(json!({"recipeName": "a", "n": 1, "type": true}))
        .rejects(json!({"recipe_name": "a", "n": 1, "type": true}));
}

#[test]
fn names_inside_variants_are_those_of_serde() {
    #[derive(GeminiSchema)]
    #[serde(rename_all = "lowercase", rename_all_fields = "kebab-case")]
    enum Payment {
        Card {
            last_digits: u16,
        },
        #[serde(rename_all = "UPPERCASE")]
        Cash {
            paid_by: String,
        },
    }
    check::<Payment>()
        .accepts(json!({"card": {"last-digits": 1}}))
        .accepts(json!({"cash": {"PAID_BY": "a"}}))
        .rejects(json!({"cash": {"paid-by": "a"}}));
}

#[test]
fn what_is_skipped_leaves_no_trace() {
    struct NoSchema;
    #[derive(GeminiSchema)]
    enum Instrument {
        Woodwind,
        Brass(#[serde(skip)] NoSchema),
        #[serde(skip)]
        Secret(NoSchema),
    }
    check::<Instrument>()
        .accepts(json!("Woodwind"))
        .accepts(json!("Brass"))
        .rejects(json!("Secret"));

    #[derive(GeminiSchema)]
    struct Pair(u8, #[serde(skip)] NoSchema, bool);
    check::<Pair>().accepts(json!([1, true])).rejects(json!([1, null, true]));
}

#[test]
fn a_transparent_type_is_its_field() {
    #[derive(GeminiSchema)]
    #[serde(transparent)]
    #[gemini(min_length = 2)]
    struct Sku {
        code: String,
        #[serde(skip)]
        marker: std::marker::PhantomData<std::time::Instant>,
    }
    check::<Sku>().accepts(json!("ab")).rejects(json!("a"));
}

#[test]
fn the_representations_of_enums() {
    #[derive(GeminiSchema)]
    #[serde(tag = "kind")]
    enum Internal {
        Unit,
        Named { size: u8 },
    }
    check::<Internal>()
        .accepts(json!({"kind": "Unit"}))
        .accepts(json!({"kind": "Named", "size": 1}))
        .rejects(json!({"kind": "Named"}));

    #[derive(GeminiSchema)]
    #[serde(tag = "kind", content = "value")]
    enum Adjacent {
        One(u8),
        Two(u8, bool),
    }
    check::<Adjacent>()
        .accepts(json!({"kind": "One", "value": 1}))
        .accepts(json!({"kind": "Two", "value": [1, true]}))
        .rejects(json!({"One": 1}));

    #[derive(GeminiSchema)]
    #[serde(untagged)]
    enum Untagged {
        Number(u8),
        Text(String),
    }
    check::<Untagged>().accepts(json!(1)).accepts(json!("a")).rejects(json!(true));
}

#[test]
fn a_struct_may_have_a_tag() {
    #[derive(GeminiSchema)]
    #[serde(tag = "type", rename = "recipe")]
    struct Recipe {
        name: String,
    }
    check::<Recipe>()
        .accepts(json!({"type": "recipe", "name": "a"}))
        .rejects(json!({"type": "Recipe", "name": "a"}))
        .rejects(json!({"name": "a"}));
}

#[test]
fn flattened_fields_stand_among_the_others() {
    #[derive(GeminiSchema)]
    struct Source {
        page: u16,
    }
    #[derive(GeminiSchema)]
    struct Recipe {
        name: String,
        #[serde(flatten)]
        source: Source,
    }
    check::<Recipe>()
        .accepts(json!({"name": "a", "page": 1}))
        .rejects(json!({"name": "a", "source": {"page": 1}}));
}

#[test]
fn constraints_are_kept() {
    #[derive(GeminiSchema)]
    struct Recipe {
        #[gemini(min_length = 1, max_length = 3, pattern = "^[a-z]+$")]
        name: String,
        #[gemini(minimum = -1, maximum = 2.5)]
        rating: f64,
        #[gemini(min_items = 1, max_items = 2)]
        steps: Vec<u8>,
        #[gemini(format = "date")]
        day: String,
    }
    let recipe = |name: &str, rating: f64, steps: &[u8], day: &str| json!({"name": name, "rating": rating, "steps": steps, "day": day});
    check::<Recipe>()
        .accepts(recipe("abc", -1.0, &[1], "2026-11-20"))
        .rejects(recipe("", 1.0, &[1], "2026-11-20"))
        .rejects(recipe("abcd", 1.0, &[1], "2026-11-20"))
        .rejects(recipe("A", 1.0, &[1], "2026-11-20"))
        .rejects(recipe("a", -1.5, &[1], "2026-11-20"))
        .rejects(recipe("a", 2.6, &[1], "2026-11-20"))
        .rejects(recipe("a", 1.0, &[], "2026-11-20"))
        .rejects(recipe("a", 1.0, &[1, 2, 3], "2026-11-20"))
        .rejects(recipe("a", 1.0, &[1], "tomorrow"));
}

#[test]
fn words_come_from_comments_and_attributes() {
    #[derive(GeminiSchema)]
    /// A recipe
    /// for cookies.
    #[gemini(title = "cookies")]
    struct Recipe {
        /// Not sent.
        #[gemini(description = "What it is called.")]
        name: String,
        kind: Kind,
    }
    #[derive(GeminiSchema)]
    #[serde(tag = "kind")]
    enum Kind {
        /// With butter.
        Shortbread,
        Other {
            name: String,
        },
    }
    check::<Recipe>()
        .says("A recipe for cookies.")
        .says("cookies")
        .says("What it is called.")
        .says("With butter.")
        .does_not_say("Not sent.");
}

#[test]
fn examples_are_any_values() {
    #[derive(Serialize, GeminiSchema)]
    #[gemini(example = Recipe { name: "Anzac".to_owned(), steps: vec![1] })]
    struct Recipe {
        #[gemini(example = "Oat")]
        name: String,
        #[gemini(example = Vec::<u8>::from([7, 8]))]
        steps: Vec<u8>,
    }
    check::<Recipe>().says("Oat").says("[7,8]").says("Anzac");
}
