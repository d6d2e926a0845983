//! Reading a list while it comes in, beside `serde_json::from_str` on the whole of it and beside
//! reading all that has come anew for each piece.
//!
//! `cargo run --release -p gemini-benches --bin stream`

use std::error::Error;
use std::sync::Arc;

use gemini_benches::recipes::{Parts, Recipe, recipes};
use gemini_benches::{compare, measure};
use gemini_extract::__stream::{ElementReader, Frames};
use gemini_schema::{Dialect, Lowered};
use serde_json::json;

/// About so many bytes has the list.
const SIZE: usize = 1_000_000;
const PIECE: usize = 200;
const ROUNDS: usize = 101;
/// Reading anew for each piece takes seconds.
const SLOW_ROUNDS: usize = 1;
const LIMIT: usize = 1 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let text = document()?;
    let pieces = pieces(&text);
    let lowered = Lowered::of::<Vec<Recipe>>(Dialect::Gemini)?;
    println!("{} bytes in {} pieces, medians\n", text.len(), pieces.len());

    let whole = || serde_json::from_str::<Vec<Recipe>>(&text).ok();
    assert_eq!(count(whole()), count(elements(&lowered, &pieces)));
    let streamed = compare(ROUNDS, || elements(&lowered, &pieces), whole);
    println!(
        "elements of pieces        {:>9.2} ms   beside one whole parse {:>7.2} ms = {:.2}",
        milliseconds(streamed.ours),
        milliseconds(streamed.other),
        streamed.ratio,
    );

    let body = body(&pieces);
    let chunks: Vec<&[u8]> = body.as_bytes().chunks(PIECE).collect();
    assert_eq!(count(whole()), count(from_bytes(&lowered, &chunks)));
    let events =
        || pieces_parsed(&body).and_then(|text| serde_json::from_str::<Vec<Recipe>>(&text).ok());
    let bytes = compare(ROUNDS, || from_bytes(&lowered, &chunks), events);
    println!(
        "elements of event bytes   {:>9.2} ms   beside events and list parsed once {:>7.2} ms = {:.2}",
        milliseconds(bytes.ours),
        milliseconds(bytes.other),
        bytes.ratio,
    );

    let again = measure(SLOW_ROUNDS, || reparsed(&pieces));
    println!(
        "a whole parse per piece   {:>9.2} ms   = {:.0} times the elements of pieces",
        milliseconds(again),
        again.as_secs_f64() / streamed.ours.as_secs_f64(),
    );
    Ok(())
}

/// How many there are; a failure has none, and no list here is empty.
fn count(list: Option<Vec<Recipe>>) -> usize {
    list.map_or(0, |list| list.len())
}

fn document() -> Result<String, serde_json::Error> {
    let one = serde_json::to_string(&recipes(100, Parts::Common))?.len() / 100;
    serde_json::to_string(&recipes(SIZE / one, Parts::Common))
}

fn pieces(text: &str) -> Vec<&str> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, others) = rest.split_at(rest.ceil_char_boundary(PIECE.min(rest.len())));
        pieces.push(piece);
        rest = others;
    }
    pieces
}

fn elements(lowered: &Arc<Lowered>, pieces: &[&str]) -> Option<Vec<Recipe>> {
    let mut reader = ElementReader::new(lowered.clone(), LIMIT)?;
    let mut list = Vec::new();
    for piece in pieces {
        reader.push(piece);
        while let Some(recipe) = reader.next_element() {
            list.push(recipe.ok()?);
        }
    }
    reader.finish().ok().map(|()| list)
}

/// The body of a stream with an event for each piece.
fn body(pieces: &[&str]) -> String {
    let event = |piece: &&str| {
        let event = json!({"candidates": [{"content": {"parts": [{"text": piece}]}}]});
        format!("data: {event}\r\n\r\n")
    };
    pieces.iter().map(event).collect()
}

/// The same as `elements`, from the bytes of the body on.
fn from_bytes(lowered: &Arc<Lowered>, chunks: &[&[u8]]) -> Option<Vec<Recipe>> {
    let mut reader = ElementReader::new(lowered.clone(), LIMIT)?;
    let mut frames = Frames::new(LIMIT);
    let mut list = Vec::new();
    for chunk in chunks {
        frames.push(chunk).ok()?;
        while let Some(frame) = frames.next_frame() {
            reader.push(&piece_of(std::str::from_utf8(&frame).ok()?)?);
            while let Some(recipe) = reader.next_element() {
                list.push(recipe.ok()?);
            }
        }
    }
    reader.finish().ok().map(|()| list)
}

/// All events parsed, without any care for splits.
fn pieces_parsed(body: &str) -> Option<String> {
    body.split("\r\n\r\n").filter_map(|event| event.strip_prefix("data: ")).map(piece_of).collect()
}

fn piece_of(event: &str) -> Option<String> {
    let event: Event = serde_json::from_str(event).ok()?;
    let candidate = event.candidates.into_iter().next()?;
    Some(candidate.content.parts.into_iter().map(|part| part.text).collect())
}

#[derive(serde::Deserialize)]
struct Event {
    candidates: Vec<Candidate>,
}

#[derive(serde::Deserialize)]
struct Candidate {
    content: Content,
}

#[derive(serde::Deserialize)]
struct Content {
    parts: Vec<Part>,
}

#[derive(serde::Deserialize)]
struct Part {
    text: String,
}

/// Parses all that has come anew for each piece.
fn reparsed(pieces: &[&str]) -> usize {
    let mut text = String::new();
    let mut whole = 0;
    for piece in pieces {
        text.push_str(piece);
        whole += usize::from(serde_json::from_str::<Vec<Recipe>>(&text).is_ok());
    }
    whole
}

fn milliseconds(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
