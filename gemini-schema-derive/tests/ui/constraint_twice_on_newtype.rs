use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(max_length = 10)]
struct Sku(#[gemini(min_length = 1)] String);

fn main() {}
