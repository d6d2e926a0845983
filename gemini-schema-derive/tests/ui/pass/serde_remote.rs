#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;

#[derive(serde::Serialize, GeminiSchema)]
#[serde(remote = "std::time::Duration")]
struct Duration {
    #[serde(getter = "std::time::Duration::as_secs")]
    seconds: u64,
}

fn main() {}
