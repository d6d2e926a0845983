use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[serde(flatten)]
    #[gemini(optional)]
    source: Source,
}

#[derive(GeminiSchema)]
struct Source {
    page: u16,
}

fn main() {}
