use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(min_length = 1)]
struct Recipe {
    name: String,
    source: String,
}

fn main() {}
