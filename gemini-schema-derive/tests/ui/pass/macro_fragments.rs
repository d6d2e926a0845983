#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;
macro_rules! record {
    ($name:ident { $($field:ident: $ty:ty = $example:expr, $text:literal;)* }) => {
        #[derive(GeminiSchema)]
        struct $name { $(#[doc = $text] #[gemini(title = $text, example = $example)] $field: $ty,)* }
    };
}
record!(Recipe {
    steps: Vec<(u8, String)> = vec![(1, String::new()), (2, "a".to_owned())], "all steps";
    generator: i8 = -1, "also a name in the expansion";
});
fn main() {}
