use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
#[serde(rename_all_fields(deserialize = "camelCase"))]
enum Payment {
    #[serde(rename(serialize = "cash"))]
    Cash { paid_by: String },
    #[serde(rename_all(serialize = "UPPERCASE"))]
    Card { last_digits: String },
}

fn main() {}
