use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    name: String,
    #[serde(skip)]
    #[gemini(description = "for us only")]
    id: u64,
}

fn main() {}
