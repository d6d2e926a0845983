use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[serde(flatten, skip_deserializing)]
    source: Source,
    #[serde(skip_serializing)]
    name: String,
}

#[derive(GeminiSchema)]
struct Source(#[serde(skip_serializing)] u8, #[serde(skip_deserializing)] u8);

fn main() {}
