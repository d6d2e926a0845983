#![deny(warnings)]

use gemini_schema::GeminiSchema;

#[derive(serde::Serialize, serde::Deserialize, GeminiSchema)]
#[serde(rename_all(serialize = "camelCase"), rename_all_fields(deserialize = "camelCase"))]
enum Payment {
    #[serde(rename(serialize = "cash"), alias = "Notes")]
    Cash { paid_by: String },
    #[serde(rename_all(serialize = "UPPERCASE"))]
    Card { last_digits: String },
}

fn main() {}
