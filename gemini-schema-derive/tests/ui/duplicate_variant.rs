use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
enum Instrument {
    Woodwind,
    #[serde(rename = "Woodwind")]
    Oboe,
}

fn main() {}
