#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;

#[derive(Clone, serde::Serialize, serde::Deserialize, GeminiSchema)]
#[serde(try_from = "String", into = "String")]
struct Sku(String);

impl TryFrom<String> for Sku {
    type Error = std::fmt::Error;
    fn try_from(text: String) -> Result<Sku, Self::Error> { Ok(Sku(text)) }
}
impl From<Sku> for String { fn from(sku: Sku) -> String { sku.0 } }
fn main() {}
