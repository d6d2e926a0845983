use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[gemini]
struct Recipe {
    #[gemini = "a name"]
    name: String,
    #[gemini("title", title: "b", title =)]
    source: String,
}

fn main() {}
