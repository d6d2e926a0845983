use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(nullable)]
    name: String,
    #[gemini(nullable)]
    minutes: Option<u8>,
}

fn main() {}
