use gemini_schema::GeminiSchema;

struct Foreign;

#[derive(GeminiSchema)]
struct Event {
    #[gemini(with = "Foreign")]
    start: u64,
    #[gemini(schema = "u64::count_ones")]
    end: u64,
}

fn main() {}
