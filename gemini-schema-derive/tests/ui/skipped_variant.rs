use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
enum Instrument {
    Woodwind,
    #[serde(skip)]
    #[gemini(description = "nobody sees this")]
    Secret(#[gemini(min_length = 1)] String),
    #[serde(skip_deserializing)]
    Brass(#[gemini(max_length = 9)] String),
}

fn main() {}
