use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[serde(renam = "title")]
    name: String,
}

fn main() {}
