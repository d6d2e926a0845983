use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(field_identifier)]
enum Key {
    Name,
    Steps,
}

fn main() {}
