use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[serde(skip_serializing)]
    name: String,
    #[serde(skip_deserializing)]
    id: u64,
}

fn main() {}
