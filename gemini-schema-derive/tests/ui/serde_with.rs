use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Event {
    #[serde(with = "timestamp")]
    start: u64,
    #[serde(deserialize_with = "timestamp::read")]
    end: u64,
}

fn main() {}
