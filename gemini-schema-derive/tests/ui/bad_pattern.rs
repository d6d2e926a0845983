use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(pattern = "[a-z")]
    name: String,
}

fn main() {}
