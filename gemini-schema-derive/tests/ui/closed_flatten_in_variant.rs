use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(deny_unknown_fields)]
enum Source {
    Book {
        #[serde(flatten)]
        more: std::collections::HashMap<String, String>,
    },
}

fn main() {}
