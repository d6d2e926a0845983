use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Event {
    #[serde(with = "timestamp")]
    #[gemini(with = "Option<u64>", optional)]
    start: Option<u64>,
    #[gemini(with = "u64", schema = "length")]
    length: u64,
}

fn main() {}
