use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(title = 1, description, example, pattern = a)]
    name: String,
    #[gemini(minimum = "1", maximum = f64::INFINITY)]
    rating: f64,
    #[gemini(min_items = 1.5, max_items = "9", nullable = true)]
    steps: Option<Vec<String>>,
}

fn main() {}
