use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(rename_all(serialize = "camelCase"))]
struct Recipe {
    #[serde(rename(serialize = "title", deserialize = "name"))]
    recipe_name: String,
}

fn main() {}
