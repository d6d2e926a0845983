use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
enum Event {
    #[serde(serialize_with = "timestamp::write")]
    Start(u64),
    End,
}

fn main() {}
