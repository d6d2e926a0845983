use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(description = "", title = " ")]
    name: String,
}

fn main() {}
