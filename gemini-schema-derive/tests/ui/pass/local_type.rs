#![deny(warnings)]
#![allow(dead_code)]

fn main() {
    #[derive(gemini_schema::GeminiSchema)]
    struct Local(u8);

    let _ = gemini_schema::Schema::of::<Local>();
}
