use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(titel = "a recipe")]
struct Recipe {
    #[gemini(minimum = 3, maximum = 1)]
    rating: u8,
    #[serde(with = "steps")]
    steps: Vec<String>,
}

fn main() {}
