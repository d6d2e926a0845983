use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Pair(String, #[gemini(optional)] Option<String>);

#[derive(GeminiSchema)]
enum Value {
    Text(#[serde(skip_serializing_if = "String::is_empty")] String),
}

fn main() {}
