use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(try_from = "String")]
struct Sku(String);

fn main() {}
