#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::{GeminiSchema, Schema};

macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $ty:ty = $example:expr, $text:literal;)* }) => {
        $(#[$meta])*
        #[derive(GeminiSchema)]
        struct $name {
            $(
                #[doc = $text]
                #[gemini(title = $text, example = $example)]
                $field: $ty,
            )*
        }
    };
}

record! {
    /// Made by a macro.
    Recipe {
        name: String = "Oat cookies", "the name";
        steps: Vec<(u8, String)> = vec![(1, String::new()), (2, "bake".to_owned())], "all steps";
        generator: i8 = -1, "a name that the expansion uses too";
    }
}

macro_rules! limited {
    ($least:expr, $most:literal) => {
        #[derive(GeminiSchema)]
        struct Limited(#[gemini(minimum = $least, maximum = $most)] i32);
    };
}

limited!(-3, 4);

fn main() {
    let _ = Schema::of::<Recipe>();
    let _ = Schema::of::<Limited>();
}
