//! The recorded calls of the official Python SDK, made by this library.

use gemini_extract::{Carrier, Client, Request, Result, Thinking, ThinkingLevel};
use gemini_schema::GeminiSchema;
use serde::Deserialize;

/// The model of all calls.
pub(super) const MODEL: &str = "gemini-3.8-flash";

#[derive(Deserialize, GeminiSchema)]
struct Ingredient {
    #[expect(dead_code, reason = "only the schema is looked at")]
    name: String,
    #[expect(dead_code, reason = "only the schema is looked at")]
    grams: i64,
}

/// A recipe.
#[derive(Deserialize, GeminiSchema)]
struct Recipe {
    /// What it is called
    #[expect(dead_code, reason = "only the schema is looked at")]
    title: String,
    #[expect(dead_code, reason = "only the schema is looked at")]
    ingredients: Vec<Ingredient>,
    #[expect(dead_code, reason = "only the schema is looked at")]
    #[serde(default)]
    minutes: Option<i64>,
}

#[derive(Deserialize, GeminiSchema)]
#[serde(transparent)]
struct City(
    #[gemini(description = "city")]
    #[expect(dead_code, reason = "only the schema is looked at")]
    String,
);

#[derive(Deserialize, GeminiSchema)]
#[serde(transparent)]
struct Cities(
    #[gemini(min_items = 1, max_items = 3)]
    #[expect(dead_code, reason = "only the schema is looked at")]
    Vec<City>,
);

#[derive(Deserialize, GeminiSchema)]
#[serde(rename_all = "lowercase")]
enum Color {
    Red,
    Green,
}

#[derive(Deserialize, GeminiSchema)]
struct Point {
    #[expect(dead_code, reason = "only the schema is looked at")]
    x: i64,
    #[expect(dead_code, reason = "only the schema is looked at")]
    #[serde(default)]
    y: Option<i64>,
}

/// The request of a call by its recorded name; `None` where [`CANNOT`](super::requests::CANNOT)
/// says why there is none.
pub(super) fn request(client: &Client, name: &str) -> Option<Result<Request>> {
    let cities = || client.extract::<String>("Two cities");
    let request = match name {
        "text" | "stream" => client.extract::<String>("Why is the sky blue?").to_request(),
        "system_instruction" => cities().system("Answer in French.").to_request(),
        "sampling" => {
            let call = cities().temperature(0.5).top_p(0.9).top_k(20).seed(7);
            call.max_output_tokens(256).stop_sequence("END").to_request()
        }
        "thinking_level" => cities().thinking(ThinkingLevel::Low).include_thoughts().to_request(),
        "thinking_budget" => cities().thinking(Thinking::Budget(1024)).to_request(),
        "schema_model" => client.extract::<Vec<Recipe>>("List recipes").to_request(),
        "schema_object" => client.extract::<Cities>("List cities").to_request(),
        "schema_enum" => client.extract::<Color>("The color of grass").to_request(),
        "json_schema" => {
            let call = client.extract::<Point>("A point");
            call.with_carrier(Carrier::ResponseJsonSchema).to_request()
        }
        _ => return None,
    };
    Some(request)
}
