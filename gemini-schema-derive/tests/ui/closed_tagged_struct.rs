use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(tag = "kind", deny_unknown_fields)]
struct Recipe {
    name: String,
}

fn main() {}
