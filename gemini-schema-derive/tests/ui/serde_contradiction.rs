use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(untagged, tag = "kind")]
enum Payment {
    Cash { amount: u32 },
}

fn main() {}
