use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(tag = "kind")]
enum Payment {
    Split(u32, u32),
}

#[derive(GeminiSchema)]
#[serde(tag = "kind")]
struct Pair(u8, u8);

fn main() {}
