use gemini_schema::GeminiSchema;

struct Ingredient {
    name: String,
}

#[derive(GeminiSchema)]
struct Recipe {
    name: String,
    ingredients: Vec<Ingredient>,
    started: std::time::Instant,
}

fn main() {}
