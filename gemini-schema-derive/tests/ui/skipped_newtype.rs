use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Sku(#[serde(skip)] String);

fn main() {}
