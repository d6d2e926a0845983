use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(from = "RawRecipe", into = "RawRecipe")]
struct Recipe {
    name: String,
}

fn main() {}
