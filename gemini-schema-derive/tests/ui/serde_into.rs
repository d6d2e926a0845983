use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(into = "String")]
struct Sku(u8);

#[derive(GeminiSchema)]
#[serde(from = "u8", into = "String")]
struct Code(#[gemini(minimum = 1)] u8);

fn main() {}
