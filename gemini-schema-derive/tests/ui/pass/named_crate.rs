#![deny(warnings)]
#![allow(dead_code)]

mod facade {
    pub mod inner {
        pub use gemini_schema::*;
    }
}

#[derive(facade::inner::GeminiSchema)]
#[gemini(crate = "facade::inner")]
struct Recipe {
    name: String,
}

#[derive(facade::inner::GeminiSchema)]
#[gemini(crate = "crate::facade::inner")]
enum Instrument {
    Woodwind,
}

fn main() {
    fn inside() {
        #[derive(gemini_schema::GeminiSchema)]
        struct Local(u8);
        let _ = gemini_schema::Schema::of::<Local>();
    }
    inside();
}
