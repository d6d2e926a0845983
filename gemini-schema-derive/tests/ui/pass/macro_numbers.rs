#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;

macro_rules! limited {
    ($least:expr, $most:literal) => {
        #[derive(GeminiSchema)]
        struct Limited(#[gemini(minimum = $least, maximum = $most)] i32);
    };
}
limited!(-3, 4);

fn main() {}
