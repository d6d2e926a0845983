use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
enum Instrument {
    Woodwind,
    #[serde(other)]
    Unknown,
}

fn main() {}
