use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(min_items = -1, max_items = 18446744073709551616)]
    steps: Vec<String>,
    #[gemini(minimum = 1e999)]
    rating: f64,
}

fn main() {}
