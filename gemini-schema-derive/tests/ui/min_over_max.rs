use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(min_items = 5, max_items = 3)]
    steps: Vec<String>,
    #[gemini(minimum = 1, maximum = -0.5)]
    rating: f64,
    #[gemini(min_length = 2, max_length = 1)]
    name: String,
}

fn main() {}
