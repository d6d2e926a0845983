use gemini_schema::{GeminiSchema, Schema};

struct NoSchema;

#[derive(GeminiSchema)]
struct Page<T> {
    items: Vec<T>,
}

fn main() {
    let _ = Schema::of::<Page<NoSchema>>();
}
