use gemini_schema::GeminiSchema;

#[derive(serde::Serialize, serde::Deserialize, GeminiSchema)]
struct Report {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[gemini(required)]
    title: Option<String>,
    #[gemini(required, optional)]
    body: Option<String>,
    #[gemini(min_properties = 4, max_properties = 3)]
    votes: std::collections::BTreeMap<String, u8>,
    #[gemini(min_properties = 4, min_items = 1)]
    items: Vec<u8>,
    #[gemini(min_properties = -1)]
    none: std::collections::BTreeMap<String, u8>,
}

fn main() {}
