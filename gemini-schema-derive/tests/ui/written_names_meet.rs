use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[serde(rename(serialize = "title"))]
    name: String,
    title: String,
    #[serde(skip_deserializing, rename = "title")]
    subtitle: String,
}

fn main() {}
