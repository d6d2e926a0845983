use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini(rename_all = "camelCase")]
struct Recipe {
    #[gemini(rename = "title", skip, default)]
    name: String,
}

fn main() {}
