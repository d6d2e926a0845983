use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(optional)]
    servings: u8,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<String>,
    #[gemini(nullable)]
    rating: f64,
}

fn main() {}
