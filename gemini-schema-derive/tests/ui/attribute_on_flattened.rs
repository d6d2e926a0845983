use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[serde(flatten)]
    #[gemini(min_items = 1)]
    source: Source,
}

#[derive(GeminiSchema)]
struct Source {
    page: u16,
}

fn main() {}
