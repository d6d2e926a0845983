use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
enum Never {}

#[derive(GeminiSchema)]
enum Hidden {
    #[serde(skip)]
    Secret,
}

fn main() {}
