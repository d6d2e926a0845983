#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;

#[derive(Default, serde::Deserialize, GeminiSchema)]
#[serde(rename_all = "camelCase", default, bound = "", expecting = "a recipe")]
struct Recipe<'a> {
    #[serde(alias = "title", borrow)]
    recipe_name: std::borrow::Cow<'a, str>,
    #[serde(skip_serializing, skip_deserializing)]
    started: Option<std::time::Instant>,
}

fn main() {}
