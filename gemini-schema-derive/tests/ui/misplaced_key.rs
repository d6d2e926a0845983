use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(nullable, optional)]
struct Recipe {
    #[gemini(crate = "gemini_schema")]
    name: String,
}

fn main() {}
