use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
enum Instrument {
    #[gemini(label = "oboe")]
    Woodwind,
    #[gemini(min_length = 1)]
    Brass(String),
}

fn main() {}
