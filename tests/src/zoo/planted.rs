//! Schemas with a mistake, to show that the laws can be broken.

use std::collections::BTreeMap;

use gemini_schema::{Dialect, GeminiSchema, Generator, Lowered, Schema};
use serde::{Deserialize, Serialize};

use super::{Specimen, Trial, zoo};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Recipe {
    name: String,
    servings: u8,
    grade: Grade,
    #[serde(default)]
    notes: Option<String>,
    steps: Vec<Step>,
    size: [f32; 2],
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Grade {
    Good,
    Bad,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind", deny_unknown_fields)]
enum Step {
    Mix { minutes: u16 },
    Rest,
}

fn recipe() -> Specimen<Recipe> {
    let steps = vec![Step::Mix { minutes: 3 }, Step::Rest];
    let recipe = Recipe {
        name: "Brød".to_owned(),
        servings: u8::MAX,
        grade: Grade::Bad,
        notes: Some("None".to_owned()),
        steps,
        size: [1.5, -0.0],
    };
    let bare = Recipe { notes: None, steps: Vec::new(), grade: Grade::Good, ..recipe.clone() };
    zoo().value(recipe).value(bare)
}

/// The laws that a schema breaks when a part of its text is replaced.
fn broken<T>(specimen: &Specimen<T>, dialect: Dialect, part: &str, by: &str) -> Vec<String>
where
    T: GeminiSchema + Serialize + PartialEq + std::fmt::Debug,
{
    let lowered = Lowered::of::<T>(dialect).unwrap();
    let planted = lowered.as_str().replacen(part, by, 1);
    assert_ne!(planted, lowered.as_str(), "{part} is not in {lowered}");
    let complaints = Trial::on(specimen, &lowered, &planted);
    let law = |complaint: String| complaint.split(": ").next().unwrap_or_default().to_owned();
    complaints.into_iter().map(law).collect()
}

#[track_caller]
fn caught(dialect: Dialect, law: &str, part: &str, by: &str) {
    let laws = broken(&recipe(), dialect, part, by);
    assert!(laws.iter().any(|broken| broken.ends_with(law)), "{part} -> {by}: {laws:?}");
}

#[test]
fn the_recipe_keeps_the_laws() {
    recipe().everywhere();
}

#[test]
fn unsound_schemas_are_caught() {
    let sound = |part, by| caught(Dialect::Gemini, "sound", part, by);
    sound(r#""minimum":0"#, r#""minimum":-1"#);
    sound(r#""maximum":255"#, r#""maximum":256"#);
    sound(r#","maximum":255"#, "");
    sound(r#""INTEGER","format":"int32""#, r#""NUMBER""#);
    sound(r#"["Good","Bad"]"#, r#"["Good","Bad","Ugly"]"#);
    sound(r#""enum":["Good","Bad"]"#, r#""nullable":true"#);
    sound(r#""required":["name","servings","#, r#""required":["name","#);
    sound(r#""enum":["Mix"]"#, r#""enum":["Mux"]"#);
    sound(r#""minItems":2"#, r#""minItems":1"#);
    sound(r#""maxItems":2"#, r#""maxItems":3"#);
    sound(r#","maxItems":2"#, "");
    sound(r#""type":"STRING""#, r#""type":"STRING","nullable":true"#);
    let in_json = |part, by| caught(Dialect::GeminiJson, "sound", part, by);
    in_json(r#""type":"integer""#, r#""type":["integer","null"]"#);
    in_json(
        r#""required":["kind","minutes"],"additionalProperties":false"#,
        r#""required":["kind","minutes"]"#,
    );
    in_json(r#","maximum":255"#, "");
}

#[test]
fn incomplete_schemas_are_caught() {
    let complete = |part, by| caught(Dialect::Gemini, "complete", part, by);
    complete(r#""maximum":255"#, r#""maximum":254"#);
    complete(r#"["Good","Bad"]"#, r#"["Good"]"#);
    complete(r#""nullable":true"#, r#""nullable":false"#);
    complete(r#""maxItems":2"#, r#""maxItems":1"#);
    complete(r#""enum":["Rest"]"#, r#""enum":["Reste"]"#);
    complete(r#""type":"NUMBER","format":"float""#, r#""type":"INTEGER""#);
    complete(
        r#""propertyOrdering":["kind","minutes"]"#,
        r#""propertyOrdering":["minutes","kind"]"#,
    );
    let notes = r#""notes":{"type":"STRING","nullable":true},"#;
    complete(notes, "");
}

#[test]
fn unaccepted_schemas_are_caught() {
    let accepted = |part, by| caught(Dialect::Gemini, "accepted", part, by);
    accepted(r#""type":"STRING""#, r#""type":"STRING","const":"a""#);
    accepted(r#""type":"STRING""#, r#""type":"string""#);
    accepted(r#""type":"OBJECT""#, r#""type":"OBJECT","additionalProperties":false"#);
    accepted(r#""format":"int32""#, r#""format":"uint8""#);
    accepted(r#""propertyOrdering":["kind"]"#, r#""title":"Rest""#);
    accepted(r#"["name","servings","#, r#"["servings","name","#);
    accepted(r#"{"kind":{"type":"STRING","enum":["Rest"]}}"#, "{}");
    accepted(r#""items":{"type":"NUMBER","#, r#""contains":{"type":"NUMBER","#);
    let in_json = |part, by| caught(Dialect::GeminiJson, "accepted", part, by);
    in_json(r#""enum":["Mix"]"#, r#""const":"Mix""#);
    in_json(r#""type":"array""#, r#""type":"array","uniqueItems":true"#);
}

#[test]
fn a_judgement_that_differs_is_caught() {
    caught(Dialect::Draft202012, "exact", r#""required":["kind","minutes"],"#, "");
    caught(Dialect::Draft202012, "exact", r#","maximum":65535"#, "");
    caught(Dialect::Draft202012, "exact", r#""additionalProperties":false"#, r#""title":"a""#);
}

#[test]
fn limits_without_a_note_are_caught() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
    struct Code(#[gemini(min_length = 2)] String);

    let specimen = zoo::<Code>().value(Code("ab".to_owned()));
    let lowered = Lowered::of::<Code>(Dialect::GeminiJson).unwrap();
    let complaints = Trial::run(&specimen, &lowered);
    assert!(complaints.iter().any(|complaint| complaint.contains("notes: ")), "{complaints:?}");
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Anything(serde_json::Value);

impl GeminiSchema for Anything {
    fn schema(_: &mut Generator) -> Schema {
        Schema::boolean()
    }
}

#[test]
#[should_panic(expected = "but serde reads")]
fn a_schema_that_says_less_than_serde_reads_is_caught() {
    zoo().value(Anything(true.into())).everywhere();
}

#[test]
#[should_panic(expected = "serde reads nothing more")]
fn a_reason_that_is_not_needed_is_caught() {
    recipe().reads_more("it does not").everywhere();
}

#[test]
#[should_panic(expected = "the type is not refused")]
fn a_refusal_that_does_not_come_is_caught() {
    zoo::<Vec<u8>>().value(vec![1]).refused_in(Dialect::Gemini, &[""]).everywhere();
}

#[test]
#[should_panic(expected = "refused at [\"\"] instead of [\"/x\"]")]
fn a_refusal_elsewhere_is_caught() {
    zoo::<BTreeMap<Option<u8>, u8>>().nowhere(&["/x"]);
}

#[test]
#[should_panic(expected = "no value is given")]
fn a_type_without_values_is_caught() {
    zoo::<u8>().everywhere();
}
