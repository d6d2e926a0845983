use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(deny_unknown_fields)]
struct Recipe {
    name: String,
    #[serde(flatten)]
    more: std::collections::HashMap<String, String>,
}

fn main() {}
