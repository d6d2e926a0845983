use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(crate = "not a path")]
struct Recipe {
    name: String,
}

fn main() {}
