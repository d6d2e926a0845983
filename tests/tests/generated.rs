//! Schemas made by chance: in every dialect, lowering keeps their meaning.
//!
//! What conforms to the schema that is sent is lifted into what conforms to Draft 2020-12, and what
//! conforms to Draft 2020-12 is encoded into what conforms to the schema that is sent, and comes back.

#![allow(clippy::expect_used, clippy::panic, reason = "tests are allowed to fail")]

use std::collections::BTreeSet;

use gemini_schema::{
    Dialect, IntegerMember, Lowered, OrderedJson, Pattern, Property, Schema, Shape, StringShape,
};
use gemini_tests::accepted::objections;
use gemini_tests::documents::Documents;
use gemini_tests::json::Json;
use gemini_tests::judge::Judge;
use gemini_tests::model::{Carrier, Obey, Reading};
use gemini_tests::seed::Seed;
use serde_json::Value;

const DIALECTS: [Dialect; 5] =
    [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012];

/// How many schemas are made, and how many documents of each in each dialect.
const SCHEMAS: usize = 1000;
const DOCUMENTS: usize = 12;

/// What only words can say, or what a list of entries cannot rule out: the lift may refuse it.
const BEYOND: [&str; 2] = ["uniqueItems", "contentMediaType"];

const NAMES: [&str; 8] = ["a", "b", "key", "value", "_0", "type", "größe", "x y"];

struct Maker {
    seed: Seed,
}

impl Maker {
    fn below(&mut self, bound: usize) -> usize {
        self.seed.below(bound)
    }

    fn schema(&mut self, depth: usize) -> Schema {
        let kinds = if depth == 0 { 7 } else { 13 };
        let mut schema = match self.below(kinds) {
            0 => self.text(),
            1 => Schema::enumeration(["red", "green", "größer"].into_iter().skip(self.below(3))),
            2 => {
                let least = i64::try_from(self.below(9)).expect("small") - 4;
                Schema::integer(i128::from(least), i128::from(least) + 3)
            }
            3 => Schema::number(),
            4 => Schema::boolean(),
            5 => Schema::integer_enumeration(
                [(-1_i128, "Below"), (7, "Seven"), (300, "Many")]
                    .map(|(value, name)| IntegerMember::new(value, name)),
            ),
            6 if self.below(3) == 0 => Schema::any(),
            6 => Schema::null(),
            7 => self.list(depth),
            8 => {
                let count = 1 + self.below(3);
                Schema::tuple((0..count).map(|_| self.schema(depth - 1)).collect::<Vec<_>>())
            }
            9 => {
                let keys = self.keys();
                Schema::map(keys, self.schema(depth - 1))
            }
            10 => self.choice(depth),
            _ => self.object(depth),
        };
        if self.below(5) == 0 {
            schema = schema.with_description("words, \"quoted\"");
        }
        let takes_null = matches!(schema.shape(), Shape::Any | Shape::Null);
        if self.below(4) == 0 && !takes_null { schema.nullable() } else { schema }
    }

    fn text(&mut self) -> Schema {
        let mut shape = StringShape::default();
        match self.below(4) {
            0 => shape.min_length = Some(1),
            1 => shape.max_length = Some(3),
            2 => shape.pattern = Some(Pattern::new("^[a-c]{1,3}$").expect("a pattern")),
            _ => {}
        }
        Shape::String(shape).into()
    }

    fn list(&mut self, depth: usize) -> Schema {
        let items = self.schema(depth - 1);
        let (least, more) = (self.below(3) as u64, self.below(3) as u64);
        bounded(items, (least > 0).then_some(least), (more > 0).then_some(least + more))
    }

    fn keys(&mut self) -> Schema {
        match self.below(5) {
            0 => Schema::integer(0_i128, 99_i128),
            1 => Schema::enumeration(["a", "b"]),
            2 => Schema::boolean(),
            _ => Schema::string(),
        }
    }

    /// Alternatives that a tag tells apart.
    fn choice(&mut self, depth: usize) -> Schema {
        let branches = ["one", "two", "three"].map(|tag| {
            let tag = Property::required("tag", Schema::enumeration([tag]));
            Schema::object([tag, Property::required("content", self.schema(depth - 1))])
        });
        Schema::any_of(branches)
    }

    fn object(&mut self, depth: usize) -> Schema {
        let start = self.below(NAMES.len());
        let properties = (0..self.below(4)).map(|index| {
            let name = NAMES[(start + index) % NAMES.len()];
            let schema = self.schema(depth - 1);
            if self.below(3) == 0 {
                Property::optional(name, schema)
            } else {
                Property::required(name, schema)
            }
        });
        Schema::object(properties.collect::<Vec<_>>())
    }
}

fn bounded(items: Schema, min_items: Option<u64>, max_items: Option<u64>) -> Schema {
    let Shape::Array(mut shape) = Schema::array(items).shape().clone() else { unreachable!() };
    (shape.min_items, shape.max_items) = (min_items, max_items);
    Shape::Array(shape).into()
}

fn made() -> impl Iterator<Item = Schema> {
    let mut maker = Maker { seed: Seed::of("schemas made by chance") };
    (0..SCHEMAS).map(move |_| maker.schema(3))
}

fn documents(lowered: &Lowered, seed: &str) -> Vec<String> {
    let carrier = Carrier::of(lowered.dialect());
    let schema = Json::parse(lowered.as_str()).expect("a schema is JSON");
    let reading = Reading { carrier, obey: Obey::Everything };
    let documents = Documents::of(&schema, reading).expect("a schema has a meaning");
    documents.random(seed, DOCUMENTS)
}

fn judge(lowered: &Lowered) -> Judge {
    let schema = Json::parse(lowered.as_str()).expect("a schema is JSON");
    Judge::of(&schema, Carrier::of(lowered.dialect())).expect("the judge takes it")
}

/// What is wrong with a schema in a dialect.
fn complaints(exact: &Lowered, lowered: &Lowered, seed: &str) -> Vec<String> {
    let carrier = Carrier::of(lowered.dialect());
    let schema = Json::parse(lowered.as_str()).expect("a schema is JSON");
    let mut found = objections(&schema, carrier);
    disorder(&schema, &mut found);
    let (judge_of_exact, judge_of_sent) = (judge(exact), judge(lowered));
    for document in documents(lowered, seed) {
        if judge_of_sent.allows(&document) == Some(false) {
            found.push(format!("{document} does not conform to what is sent"));
            continue;
        }
        match lowered.lifted(&document) {
            Ok(lifted) => {
                let is_beyond = lifted_beyond(lowered, &lifted);
                if !is_beyond && judge_of_exact.allows(&lifted) == Some(false) {
                    found.push(format!("{document} is lifted into {lifted}"));
                }
            }
            Err(error) => {
                let mut violations = error.violations().iter();
                if !violations.all(|violation| BEYOND.contains(&violation.keyword())) {
                    found.push(format!("{document} is not lifted: {error}"));
                }
            }
        }
    }
    for document in documents(exact, seed) {
        match lowered.encode_json(&document) {
            Ok(sent) if judge_of_sent.allows(&sent) == Some(false) => {
                found.push(format!("{document} is sent as {sent}"));
            }
            Ok(sent) => match lowered.decode::<Value>(&sent) {
                Ok(value) if is_same(&value, &document) => {}
                other => found.push(format!("{document} comes back from {sent} as {other:?}")),
            },
            Err(error) => found.push(format!("{document} is not sent: {error}")),
        }
    }
    found
}

/// Whether a limit that the dialect has no word for is broken, and a note says so.
fn lifted_beyond(lowered: &Lowered, lifted: &str) -> bool {
    let words = ["minLength", "maxLength", "pattern"];
    lowered.check(lifted).is_err_and(|error| {
        let mut violations = error.violations().iter();
        violations.all(|violation| words.contains(&violation.keyword()))
    }) && !lowered.notes().is_empty()
}

/// Whether two documents say the same, members that are left out or `null` aside, which strict
/// schemas do not tell apart.
fn is_same(value: &Value, document: &str) -> bool {
    let expected: Value = serde_json::from_str(document).expect("JSON");
    plain(value) == plain(&expected)
}

fn plain(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(plain).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect(),
        Value::Number(number) => number.as_f64().into(),
        other => other.clone(),
    }
}

/// Where `propertyOrdering` is no permutation of the properties.
fn disorder(schema: &Json, found: &mut Vec<String>) {
    if let (Some(order), Some(properties)) =
        (schema.get("propertyOrdering"), schema.get("properties"))
    {
        let order: Vec<&str> = order.strings().unwrap_or_default();
        let names: BTreeSet<&str> =
            properties.members().iter().map(|(name, _)| &name[..]).collect();
        if order.len() != names.len() || order.iter().copied().collect::<BTreeSet<_>>() != names {
            found.push(format!("{order:?} does not order {names:?}"));
        }
    }
    schema.members().iter().for_each(|(_, part)| disorder(part, found));
    schema.elements().unwrap_or_default().iter().for_each(|part| disorder(part, found));
}

#[test]
fn lowering_keeps_the_meaning() {
    let (mut judged, mut refused) = (0, 0);
    for (index, schema) in made().enumerate() {
        let exact = schema.lower(Dialect::Draft202012).expect("the exact dialect takes all");
        for dialect in DIALECTS {
            match schema.lower(dialect) {
                Ok(lowered) => {
                    judged += 1;
                    let found = complaints(&exact, &lowered, &index.to_string());
                    assert!(
                        found.is_empty(),
                        "{dialect:?}, {index}: {}\n{lowered}\n{exact}",
                        found[..found.len().min(3)].join("\n")
                    );
                }
                Err(error) => {
                    refused += 1;
                    let mut problems = error.problems().iter();
                    assert!(problems.all(|each| !each.reason().is_empty()), "{error}");
                }
            }
        }
    }
    assert!(judged > SCHEMAS * 4, "{judged} judged, {refused} refused");
}

#[test]
fn a_lowering_that_does_not_keep_the_meaning_is_found() {
    let list = |most| bounded(Schema::integer(0_i128, 9_i128), None, Some(most));
    let exact = list(1).lower(Dialect::Draft202012).expect("a schema");
    let wider = list(5).lower(Dialect::Gemini).expect("a schema");
    assert!(complaints(&exact, &wider, "wider").iter().any(|found| found.contains("lifted into")));
    let exact = list(5).lower(Dialect::Draft202012).expect("a schema");
    let narrower = list(1).lower(Dialect::Gemini).expect("a schema");
    let found = complaints(&exact, &narrower, "narrower");
    assert!(found.iter().any(|found| found.contains("is not sent")), "{found:?}");
    let mut found = Vec::new();
    let schema = r#"{"properties":{"a":{},"b":{}},"propertyOrdering":["a","a"]}"#;
    disorder(&Json::parse(schema).expect("JSON"), &mut found);
    assert_eq!(found.len(), 1);
}

/// An example is sent as the schema is.
#[test]
fn examples_are_sent_in_the_shape_of_the_schema() {
    let example: OrderedJson = serde_json::from_str(r#"{"a":1}"#).expect("JSON");
    let map = Schema::map(Schema::string(), Schema::integer(0_i128, 9_i128)).with_example(example);
    let lowered = map.lower(Dialect::Gemini).expect("a schema");
    assert!(lowered.as_str().ends_with(r#""example":[{"key":"a","value":1}]}"#), "{lowered}");
}
