//! The body of a success: nothing panics and no key is shown, and a text that comes in parts is read
//! as one.
#![no_main]

use std::fmt::Debug;

use gemini_extract::__response::read_response;
use gemini_extract::ApiKey;
use gemini_fuzz::{Anything, KEY, Kind, Limited, Plain, pieces, planted, show};
use gemini_schema::GeminiSchema;
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

libfuzzer_sys::fuzz_target!(|input: (Vec<u8>, String, Vec<u8>)| {
    let (body, text, cuts) = input;
    let body = planted(&body, &cuts);
    read::<Plain>(&body);
    read::<Vec<Limited>>(&body);
    read::<Kind>(&body);
    read::<Anything>(&body);
    let parts = pieces(&Value::from(&*text).to_string(), &cuts);
    let body = json!({"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]});
    assert_eq!(read::<String>(body.to_string().as_bytes()), Some(text));
});

fn read<T: GeminiSchema + DeserializeOwned + Debug>(body: &[u8]) -> Option<T> {
    let result = read_response::<T>(StatusCode::OK, body.to_vec(), &ApiKey::new(KEY));
    result.map_err(|error| show(&error)).ok()
}
