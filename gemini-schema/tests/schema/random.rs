//! Random JSON Schemas: what is read of them never allows what they forbid.

use gemini_schema::{Dialect, Schema};
use serde_json::{Map, Value, json};

/// A generator of numbers that is the same everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    fn value(&mut self, depth: usize) -> Value {
        let scalars = [
            json!(null),
            json!(true),
            json!(0),
            json!(1),
            json!(2),
            json!(1.5),
            json!("a"),
            json!("b"),
            json!(""),
            json!("12"),
        ];
        match self.below(if depth == 0 { 1 } else { 3 }) {
            0 => self.pick(&scalars),
            1 => (0..self.below(3)).map(|_| self.value(depth - 1)).collect(),
            _ => self.members(|random| random.value(depth - 1)),
        }
    }

    fn members(&mut self, mut make: impl FnMut(&mut Random) -> Value) -> Value {
        let mut members = Map::new();
        for _ in 0..self.below(4) {
            let name = self.pick(&["a", "b", "c"]);
            members.insert(name.to_owned(), make(self));
        }
        Value::Object(members)
    }

    fn schema(&mut self, depth: usize) -> Value {
        let mut schema = Map::new();
        for _ in 0..=self.below(3) {
            let (keyword, value) = self.keyword(depth);
            schema.insert(keyword.to_owned(), value);
        }
        Value::Object(schema)
    }

    fn keyword(&mut self, depth: usize) -> (&'static str, Value) {
        let names = ["object", "array", "string", "integer", "number", "boolean", "null"];
        let flat = 11;
        match self.below(if depth == 0 { flat } else { flat + 10 }) {
            0..=3 => ("type", json!(self.pick(&names))),
            4 => ("type", json!(["null", self.pick(&names[..6])])),
            5 => ("enum", json!([self.value(0), self.value(0), self.value(1)])),
            6 => ("const", self.value(1)),
            7 => (self.pick(&["minimum", "exclusiveMinimum"]), json!(self.below(2))),
            8 => (self.pick(&["maximum", "exclusiveMaximum"]), json!(self.below(3))),
            9 => (self.pick(&["minLength", "minItems"]), json!(self.below(2))),
            10 => (self.pick(&["maxLength", "maxItems"]), json!(self.below(3))),
            11 | 12 => ("properties", self.members(|random| random.schema(depth - 1))),
            13 => ("required", json!([self.pick(&["a", "b", "c"])])),
            14 => ("items", self.schema(depth - 1)),
            15 => (
                "additionalProperties",
                self.pick(&[json!(false), json!({"type": "string"}), json!(true)]),
            ),
            16 => ("prefixItems", json!([self.schema(depth - 1), self.schema(depth - 1)])),
            17 => ("$ref", json!(self.pick(&["#/$defs/x", "#/$defs/y"]))),
            18 => (self.pick(&["minProperties", "maxProperties"]), json!(self.below(3))),
            19 => ("oneOf", json!([self.schema(depth - 1), self.schema(depth - 1)])),
            _ => {
                let parts = json!([self.schema(depth - 1), self.schema(depth - 1)]);
                (self.pick(&["anyOf", "allOf"]), parts)
            }
        }
    }
}

#[test]
fn nothing_is_allowed_that_the_source_forbids() {
    let mut random = Random(7);
    let values: Vec<Value> = (0..150).map(|_| random.value(2)).collect();
    let mut read = 0;
    for _ in 0..4000 {
        let mut source = random.schema(2);
        source["$defs"] = json!({"x": random.schema(1), "y": random.schema(1)});
        let Ok(schema) = Schema::try_from(&source) else { continue };
        read += 1;
        let judge = jsonschema::validator_for(&source).unwrap();
        let lowered = schema.lower(Dialect::Draft202012).ok();
        for value in &values {
            let conforms = schema.check(value).is_empty();
            assert!(!conforms || judge.is_valid(value), "{value} is forbidden by {source}");
            if let Some(lowered) = &lowered {
                let text = value.to_string();
                assert_eq!(lowered.check(&text).is_ok(), conforms, "{value} by {source}");
            }
        }
    }
    assert!(read > 1000, "only {read} were read");
}
