use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(transparent)]
struct Sku {
    #[gemini(min_length = 5, max_length = 1)]
    code: String,
    #[serde(default)]
    #[gemini(minimum = 1)]
    count: u8,
}

fn main() {}
