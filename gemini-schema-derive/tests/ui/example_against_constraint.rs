use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(example = "Oat cookies", max_length = 5, pattern = "^[a-z]+$")]
    name: String,
    #[gemini(example = 7, minimum = 1, maximum = 5)]
    rating: u8,
}

fn main() {}
