use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
}

#[derive(GeminiSchema)]
struct Source {
    page: u16,
}

fn main() {}
