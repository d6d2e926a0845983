use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(pattern = "^a", minimum = 1)]
    name: String,
    #[gemini(min_items = 1, max_length = 80)]
    steps: Vec<String>,
}

fn main() {}
