//! A list in pieces: whatever the whole is read as, its elements are, one by one.
#![no_main]

use gemini_extract::__response::read_response;
use gemini_extract::__stream::ElementReader;
use gemini_extract::ApiKey;
use gemini_fuzz::{Anything, DIALECTS, KEY, Plain};
use gemini_schema::{Dialect, GeminiSchema, Lowered};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::json;

const LIMIT: usize = 1 << 20;

libfuzzer_sys::fuzz_target!(|input: (String, Vec<u8>)| {
    let (text, cuts) = input;
    check::<Plain>(&text, &cuts);
    check::<Anything>(&text, &cuts);
});

fn check<E>(text: &str, cuts: &[u8])
where
    E: GeminiSchema + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    for dialect in DIALECTS {
        let lowered = Lowered::of::<Vec<E>>(dialect).expect("every dialect can say the types");
        let Some(mut reader) = ElementReader::new(lowered.clone(), LIMIT) else { continue };
        let mut found = Vec::new();
        let mut has_failed = false;
        for piece in pieces(text, cuts) {
            reader.push(piece);
            while let Some(element) = reader.next_element::<E>() {
                has_failed |= element.is_err();
                found.extend(element);
            }
        }
        has_failed |= reader.finish().is_err();
        let whole = lowered.decode::<Vec<E>>(text).ok();
        // As a plain call reads it, which takes this dialect: with words around it.
        let leniently = || answered::<Vec<E>>(text);
        if let Some(whole) =
            whole.or_else(|| (dialect == Dialect::Gemini).then(leniently).flatten())
        {
            assert!(!has_failed, "{dialect:?}: {text}");
            assert_eq!(found, whole, "{dialect:?}: {text}");
        }
    }
}

/// What a plain call makes of an answer with this text.
fn answered<T: GeminiSchema + DeserializeOwned>(text: &str) -> Option<T> {
    let body = json!({"candidates": [{"content": {"parts": [{"text": text}]}}]});
    let body = body.to_string().into_bytes();
    read_response(StatusCode::OK, body, &ApiKey::new(KEY)).ok()
}

fn pieces<'a>(text: &'a str, cuts: &[u8]) -> Vec<&'a str> {
    let mut rest = text;
    let mut pieces = Vec::new();
    for cut in cuts {
        let (piece, others) = rest.split_at(rest.floor_char_boundary(usize::from(*cut)));
        pieces.push(piece);
        rest = others;
    }
    pieces.push(rest);
    pieces
}
