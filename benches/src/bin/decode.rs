//! Building, lowering and decoding, beside `serde_json::from_str`.
//!
//! `cargo run --release -p gemini-benches --bin decode`; behind ` -- `, a row that is measured alone.

use std::error::Error;
use std::time::Duration;

use gemini_benches::recipes::{
    LiftedRecipe, LimitedLiftedRecipe, LimitedRecipe, Parts, Recipe, recipes,
};
use gemini_benches::{compare, measure};
use gemini_schema::{Dialect, GeminiSchema, Lowered, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;

const RECIPES: usize = 1_000;
const ROUNDS: usize = 301;

fn main() -> Result<(), Box<dyn Error>> {
    println!("medians of {ROUNDS} rounds\n");
    schema::<Recipe>("no limits")?;
    schema::<LimitedRecipe>("limits")?;
    schema::<LiftedRecipe>("lift")?;
    println!("\n{RECIPES} recipes in one list / each for itself, beside serde_json::from_str");
    decode::<Recipe>("no limits", Parts::Common)?;
    decode::<LimitedRecipe>("limits", Parts::Common)?;
    decode::<LiftedRecipe>("lift", Parts::All)?;
    decode::<LimitedLiftedRecipe>("lift and limits", Parts::All)?;
    Ok(())
}

fn schema<T: GeminiSchema>(name: &str) -> Result<(), Box<dyn Error>> {
    let schema = Schema::of::<T>();
    Lowered::of::<T>(Dialect::Gemini)?;
    println!(
        "{name:<16} build {:>9} us   lower {:>9} us   Lowered::of, known {:>7.3} us",
        microseconds(measure(ROUNDS, Schema::of::<T>)),
        microseconds(measure(ROUNDS, || schema.lower(Dialect::Gemini))),
        known::<T>().as_secs_f64() * 1e6,
    );
    Ok(())
}

/// The time that a schema takes which was lowered before.
fn known<T: GeminiSchema>() -> Duration {
    const TIMES: u32 = 1_000;
    let round = || (0..TIMES).filter(|_| Lowered::of::<T>(Dialect::Gemini).is_ok()).count();
    measure(ROUNDS, round) / TIMES
}

fn decode<T>(name: &str, parts: Parts) -> Result<(), Box<dyn Error>>
where
    T: GeminiSchema + Serialize + DeserializeOwned,
{
    if std::env::args().nth(1).is_some_and(|row| row != name) {
        return Ok(());
    }
    let written = serde_json::to_string(&recipes(RECIPES, parts))?;
    let values: Vec<T> = serde_json::from_str(&written)?;
    let written = serde_json::to_string(&values)?;
    let list = Lowered::of::<Vec<T>>(Dialect::Gemini)?;
    let sent = list.encode_json(&written)?;
    list.decode::<Vec<T>>(&sent)?;
    let one = compare(
        ROUNDS,
        || list.decode::<Vec<T>>(&sent).ok(),
        || serde_json::from_str::<Vec<T>>(&written).ok(),
    );

    let lowered = Lowered::of::<T>(Dialect::Gemini)?;
    let written = values.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    let sent =
        written.iter().map(|text| lowered.encode_json(text)).collect::<Result<Vec<_>, _>>()?;
    let each = compare(
        ROUNDS,
        || sent.iter().map(|text| lowered.decode::<T>(text).ok()).collect::<Vec<_>>(),
        || written.iter().map(|text| serde_json::from_str::<T>(text).ok()).collect::<Vec<_>>(),
    );
    println!(
        "{name:<16} {:>9} us / {:>9} us = {:.3}   {:>9} us / {:>9} us = {:.3}",
        microseconds(one.ours),
        microseconds(one.other),
        one.ratio,
        microseconds(each.ours),
        microseconds(each.other),
        each.ratio,
    );
    Ok(())
}

fn microseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e6)
}
