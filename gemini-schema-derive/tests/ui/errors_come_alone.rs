use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(max = 5)]
    rating: u8,
}

fn main() {
    gemini_schema::Schema::of::<Recipe>();
}
