use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(min_items = 1, max_items = 2)]
    #[gemini(min_items = 3)]
    steps: Vec<String>,
}

fn main() {}
