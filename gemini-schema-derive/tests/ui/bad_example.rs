use gemini_schema::GeminiSchema;

struct Name;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(example = Name)]
    name: String,
    #[gemini(example = missing())]
    steps: Vec<String>,
}

fn main() {}
