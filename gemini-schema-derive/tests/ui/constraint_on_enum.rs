use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(pattern = "^[A-Z]")]
enum Instrument {
    Woodwind,
    Brass,
}

fn main() {}
