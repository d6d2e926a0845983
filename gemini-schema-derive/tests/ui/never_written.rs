use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[serde(skip_serializing)]
    name: String,
    #[serde(skip_serializing)]
    source: Option<String>,
}

fn main() {}
