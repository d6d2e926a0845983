use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
union Bits {
    whole: u32,
    half: u16,
}

fn main() {}
