use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(colour = "red", patern = "a", min = 1)]
    name: String,
}

fn main() {}
