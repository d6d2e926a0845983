use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(tag = "kind")]
struct Recipe {
    name: String,
    #[serde(rename = "name")]
    title: String,
    #[serde(alias = "name")]
    label: String,
    kind: String,
}

fn main() {}
