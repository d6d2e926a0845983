//! Whatever way the bytes are split, the same is read.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use gemini_extract::__stream::{ElementReader, Frames};
use gemini_extract::{Dialect, GeminiSchema, Lowered};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use sse_core::{SseDecoder, SseEvent};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Entry {
    name: String,
    counts: BTreeMap<String, i16>,
    #[serde(default)]
    next: Vec<Option<f32>>,
}

/// Lines as servers write them, and as none does.
fn lines() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "data: ", "data:", "data", "data:  ", "", ": ", "event: x", "id: 1", "retry: 5", "more: ",
    ]);
    let text = "[a-z:\\[{\" é😀\u{2028}\u{85}]{0,8}";
    let ends = prop::sample::select(vec!["\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\r\r"]);
    let line = (names, text, ends).prop_map(|(name, text, end)| {
        // A line of JSON is read as JSON, which is not part of the format.
        let text = if name.is_empty() { text.trim_start_matches(['{', '[']) } else { &text };
        format!("{name}{text}{end}")
    });
    prop::collection::vec(line, 0..12).prop_map(|lines| format!("{}\n\n", lines.concat()))
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let counts = prop::collection::btree_map("[a-z\"\\\\\\]}]{0,4}", any::<i16>(), 0..3);
    let next = prop::collection::vec(prop::option::of(-1e6_f32..1e6), 0..3);
    let entry = ("\\PC{0,8}|[\"\\\\\\[\\],\n]{0,4}", counts, next)
        .prop_map(|(name, counts, next)| Entry { name, counts, next });
    prop::collection::vec(entry, 0..6)
}

fn pieces<'a>(bytes: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

fn frames(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut frames = Frames::new(10_000);
    let mut found = Vec::new();
    for piece in pieces {
        frames.push(piece).expect("small");
        found.extend(std::iter::from_fn(|| frames.next_frame()));
    }
    frames.finish().expect("small");
    found.extend(std::iter::from_fn(|| frames.next_frame()));
    found
}

fn elements(lowered: &std::sync::Arc<Lowered>, pieces: &[&str]) -> Vec<Entry> {
    let mut reader = ElementReader::new(lowered.clone(), 10_000).expect("a list");
    let mut found = Vec::new();
    for piece in pieces {
        reader.push(piece);
        found.extend(std::iter::from_fn(|| reader.next_element().map(|item| item.expect("fits"))));
    }
    reader.finish().expect("whole");
    found
}

proptest! {
    #[test]
    fn events_are_those_of_another_reader(
        body in lines(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let mut decoder = SseDecoder::with_limit(NonZeroUsize::MAX);
        let mut input = body.as_bytes();
        let events = std::iter::from_fn(|| decoder.next(&mut input));
        let expected: Vec<Vec<u8>> = events
            .filter_map(|event| match event.expect("small") {
                SseEvent::Message(message) => Some(message.data.as_bytes().to_vec()),
                _ => None,
            })
            .filter(|data| !matches!(data.trim_ascii(), b"" | b"[DONE]"))
            .collect();
        prop_assert_eq!(&frames(&[body.as_bytes()]), &expected);
        prop_assert_eq!(&frames(&pieces(body.as_bytes(), &cuts)), &expected);
        let bytes: Vec<&[u8]> = body.as_bytes().chunks(1).collect();
        prop_assert_eq!(&frames(&bytes), &expected);
    }

    #[test]
    fn frames_of_any_body_are_the_same_for_any_split(
        body in "(data: |\\{|\\}|\\[|\\]|\"|\\\\|,|[a-c]|\r|\n|\n\n|\u{feff}| ){0,40}",
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let whole = frames(&[body.as_bytes()]);
        prop_assert_eq!(&frames(&pieces(body.as_bytes(), &cuts)), &whole);
        let bytes: Vec<&[u8]> = body.as_bytes().chunks(1).collect();
        prop_assert_eq!(&frames(&bytes), &whole);
    }

    #[test]
    fn elements_are_those_of_the_whole_document(
        list in entries(),
        is_pretty in any::<bool>(),
        is_fenced in any::<bool>(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        for dialect in [Dialect::Gemini, Dialect::GeminiJson] {
            let lowered = Lowered::of::<Vec<Entry>>(dialect).expect("it can be said");
            let sent = lowered.encode(&list).expect("it conforms");
            let value: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
            let sent = if is_pretty { format!("{value:#}") } else { sent };
            let whole: Vec<Entry> = lowered.decode(&sent).expect("it is read");
            let text = if is_fenced { format!("```json\n{sent}\n```") } else { sent };
            let cut = pieces(text.as_bytes(), &cuts);
            let texts: Option<Vec<&str>> = cut.iter().map(|cut| str::from_utf8(cut).ok()).collect();
            if let Some(texts) = texts {
                prop_assert_eq!(&elements(&lowered, &texts), &whole);
            }
            let characters: Vec<String> = text.chars().map(String::from).collect();
            let characters: Vec<&str> = characters.iter().map(String::as_str).collect();
            prop_assert_eq!(&elements(&lowered, &characters), &whole);
        }
    }
}
