#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;

#[derive(serde::Serialize, serde::Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Instrument {
    Woodwind { keys: u8 },
    #[serde(other)]
    Unknown,
}

fn main() {}
