use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Event {
    #[gemini(format = "datetime")]
    start: String,
    #[gemini(format = "int32")]
    seats: i32,
}

fn main() {}
