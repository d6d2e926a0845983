//! Random documents: what conforms is read, and what is read conforms when it is written again.

use std::collections::BTreeMap;

use gemini_schema::{Dialect, GeminiSchema, Lowered};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Xorshift: the same documents in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn choose<'a, T>(&mut self, values: &'a [T]) -> &'a T {
        &values[self.below(values.len())]
    }
}

/// Documents of a schema, with a mistake here and there.
struct Documents {
    random: Random,
    schema: Value,
}

impl Documents {
    fn of(&mut self, schema: &Value) -> Value {
        if self.random.one_in(20) {
            let wrong = [json!(null), json!(true), json!("zz"), json!(-7.5), json!([1]), json!({})];
            return self.random.choose(&wrong).clone();
        }
        if let Some(place) = schema["$ref"].as_str() {
            let definition = self.schema.pointer(&place[1..]).unwrap().clone();
            return self.of(&definition);
        }
        for keyword in ["anyOf", "enum"] {
            if let Value::Array(branches) = &schema[keyword] {
                let branch = self.random.choose(branches);
                return if keyword == "enum" { branch.clone() } else { self.of(branch) };
            }
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.random.choose(kinds),
            kind => kind,
        };
        match kind.as_str().unwrap() {
            "null" => Value::Null,
            "boolean" => Value::from(self.random.one_in(2)),
            "string" => json!(self.random.choose(&["", "A", "AB", "ABC", "a", "B1"])),
            "array" => self.array(schema),
            "object" => self.object(schema),
            _ => {
                let numbers = [json!(0), json!(1), json!(5), json!(6), json!(3.0), json!(300)];
                self.random.choose(&numbers).clone()
            }
        }
    }

    fn array(&mut self, schema: &Value) -> Value {
        if let Value::Array(places) = &schema["prefixItems"] {
            return places.iter().map(|place| self.of(place)).collect();
        }
        let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap();
        (0..least + self.random.below(3)).map(|_| self.of(&schema["items"])).collect()
    }

    fn object(&mut self, schema: &Value) -> Value {
        let no_properties = serde_json::Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&no_properties);
        let mut members = serde_json::Map::new();
        for (name, property) in properties {
            let is_required =
                schema["required"].as_array().unwrap_or(&vec![]).contains(&json!(name));
            if self.random.one_in(if is_required { 20 } else { 2 }) != is_required {
                members.insert(name.clone(), self.of(property));
            }
        }
        let rest = &schema["additionalProperties"];
        if rest.is_object() || self.random.one_in(20) {
            let name = *self.random.choose(&["A", "AB", "ABC", "é"]);
            let value = if rest.is_object() { self.of(rest) } else { json!(1) };
            members.insert(name.to_owned(), value);
        }
        Value::Object(members)
    }
}

#[track_caller]
fn agrees<T: GeminiSchema + DeserializeOwned + Serialize>() {
    let lowered = Lowered::of::<T>(Dialect::Draft202012).unwrap();
    let schema: Value = serde_json::from_str(lowered.as_str()).unwrap();
    let judge = jsonschema::validator_for(&schema).unwrap();
    let mut documents = Documents { random: Random(0x9e37_79b9_7f4a_7c15), schema: schema.clone() };
    let (mut read, mut refused) = (0, 0);
    for _ in 0..600 {
        let document = documents.of(&schema);
        let text = document.to_string();
        let conforms = judge.is_valid(&document);
        assert_eq!(lowered.check(&text).is_ok(), conforms, "{text} by {schema}");
        match lowered.decode::<T>(&text) {
            Ok(value) => {
                let written = serde_json::to_value(&value).unwrap();
                assert!(judge.is_valid(&written), "{text} became {written} by {schema}");
                read += 1;
            }
            Err(error) => {
                assert!(!conforms, "{text} by {schema}: {error}");
                refused += 1;
            }
        }
    }
    assert!(read > 10 && refused > 10, "{read} read and {refused} refused show little: {schema}");
}

#[derive(Serialize, Deserialize, GeminiSchema, PartialEq, Eq, PartialOrd, Ord)]
struct Code(#[gemini(pattern = "^[A-Z]+$", max_length = 2)] String);

#[derive(Serialize, Deserialize, GeminiSchema)]
struct Limited {
    #[gemini(maximum = 5)]
    size: i16,
    code: Option<Code>,
    #[serde(default)]
    #[gemini(max_items = 1)]
    list: Vec<Code>,
}

#[derive(Serialize, Deserialize, GeminiSchema)]
enum External {
    Named { code: Code },
    Held(Limited),
    Pair(u8, Code),
    Unit,
}

#[derive(Serialize, Deserialize, GeminiSchema)]
enum Single {
    Held(Limited),
}

#[derive(Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Internal {
    Named {
        #[gemini(minimum = 1)]
        size: u8,
    },
    Held(Limited),
    Unit,
}

#[derive(Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind", content = "what")]
enum Adjacent {
    Named { code: Code },
    Pair(u8, Code),
    Unit,
}

#[derive(Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Untagged {
    Both { size: u8, code: Code },
    Size { size: i64 },
    Code(Code),
    List(Vec<Untagged>),
}

#[derive(Serialize, Deserialize, GeminiSchema)]
struct Pair {
    left: Code,
    right: bool,
}

#[derive(Serialize, Deserialize, GeminiSchema)]
struct Flattened {
    own: Code,
    #[serde(flatten)]
    inner: Limited,
    #[serde(flatten)]
    pair: Option<Pair>,
}

#[derive(Serialize, Deserialize, GeminiSchema)]
struct Node {
    code: Code,
    #[serde(default)]
    #[gemini(max_items = 1)]
    below: Vec<Node>,
}

#[derive(Serialize, Deserialize, GeminiSchema)]
struct Maps {
    codes: BTreeMap<Code, Code>,
    switches: BTreeMap<bool, Code>,
}

#[test]
fn with_types_of_every_kind() {
    agrees::<Limited>();
    agrees::<External>();
    agrees::<Single>();
    agrees::<Internal>();
    agrees::<Adjacent>();
    agrees::<Untagged>();
    agrees::<Flattened>();
    agrees::<Node>();
    agrees::<Maps>();
    agrees::<Vec<Option<External>>>();
    agrees::<(Code, u8)>();
}
