use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(integer, minimum = 1)]
#[serde(rename_all = "lowercase")]
enum Level {
    #[gemini(title = "low", with = "u8")]
    #[serde(rename = "l")]
    Low = 1,
    High(#[gemini(minimum = 2)] u8),
}

#[derive(GeminiSchema)]
#[gemini(integer)]
struct Grade(u8);
fn main() {}
