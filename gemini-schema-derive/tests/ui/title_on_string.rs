use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
enum Grade {
    #[gemini(title = "Excellent")]
    A,
    B,
}

fn main() {}
