//! From the text of a schema to its meaning.

use std::collections::BTreeMap;

use crate::json::Json;
use crate::model::{Carrier, Kind, List, Model, Node, Obey, Property, Record, Text};
use crate::whole::Whole;

/// How to read a schema.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// How it travels.
    pub carrier: Carrier,
    /// Which keywords count.
    pub obey: Obey,
}

type Read<T> = Result<T, String>;

impl Reading {
    /// Reads a schema.
    ///
    /// # Errors
    ///
    /// What has no meaning.
    pub fn model(self, schema: &Json) -> Read<Model> {
        let mut definitions = BTreeMap::new();
        let named = schema.get("$defs").or_else(|| schema.get("defs"));
        for (name, definition) in named.map_or(&[][..], Json::members) {
            definitions.insert(name.clone(), self.node(definition)?);
        }
        let root = self.node(schema)?;
        Ok(Model { root, definitions })
    }

    fn node(self, schema: &Json) -> Read<Node> {
        if let Some(name) = schema.target() {
            return Ok(plain(Kind::Reference(name)));
        }
        let nullable = schema.get("nullable") == Some(&Json::Bool(true));
        let branches = ["anyOf", "oneOf"].iter().find_map(|name| schema.get(name));
        let kind = match (branches.and_then(Json::elements), schema.get("type")) {
            (Some(_), Some(_)) => return Err("a type beside anyOf".to_owned()),
            (Some(branches), None) => {
                let branches: Read<_> = branches.iter().map(|branch| self.node(branch)).collect();
                Kind::Choice(branches?)
            }
            (None, Some(Json::String(name))) => self.kind(name, schema)?,
            (None, Some(Json::Array(names))) => return self.kinds(names, schema),
            (None, _) => Kind::Anything,
        };
        Ok(Node { nullable, kind })
    }

    /// A list of types: each is an alternative.
    fn kinds(self, names: &[Json], schema: &Json) -> Read<Node> {
        let mut nullable = false;
        let mut branches = Vec::new();
        for name in names.iter().filter_map(Json::as_str) {
            if name == "null" {
                nullable = true;
            } else {
                branches.push(plain(self.kind(name, schema)?));
            }
        }
        Ok(match branches.len() {
            1 => Node { nullable, ..branches.remove(0) },
            _ => Node { nullable, kind: Kind::Choice(branches) },
        })
    }

    fn kind(self, name: &str, schema: &Json) -> Read<Kind> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "string" => match schema.get("enum") {
                Some(members) => Kind::Enum(names(members)?),
                None if says_json(schema) => Kind::JsonText,
                None => Kind::Text(self.text(schema)?),
            },
            "integer" => match schema.get("enum").and_then(Json::elements) {
                Some(numbers) => Kind::Choice(numbers.iter().map(number).collect()),
                None => integer(schema),
            },
            "number" => Kind::Number {
                minimum: float(schema, "minimum", self.least(schema)),
                maximum: float(schema, "maximum", self.least(schema).map(|least| -least)),
            },
            "boolean" => Kind::Boolean,
            "null" => Kind::Null,
            "array" => Kind::List(self.list(schema)?),
            "object" => Kind::Record(self.record(schema)?),
            other => return Err(format!("the type {other}")),
        })
    }

    /// The least number that `format` allows: it has a meaning in `responseSchema` only.
    fn least(self, schema: &Json) -> Option<f64> {
        match schema.get("format").and_then(Json::as_str) {
            Some("float") if self.carrier.is_openapi() => Some(-f64::from(f32::MAX)),
            Some("double") if self.carrier.is_openapi() => Some(-f64::MAX),
            _ => None,
        }
    }

    fn text(self, schema: &Json) -> Read<Text> {
        let is_kept = self.obey == Obey::Everything || self.carrier.is_strict();
        let format = schema.get("format").and_then(Json::as_str);
        let known = match self.carrier {
            Carrier::Schema | Carrier::Vertex => &["date-time"][..],
            Carrier::JsonSchema => &["date-time", "date", "time"][..],
            Carrier::OpenAi | Carrier::Draft => format.as_slice(),
        };
        let mut text = Text {
            format: format.filter(|name| known.contains(name)).map(str::to_owned),
            ..Text::default()
        };
        if is_kept {
            text.min_length = count(schema, "minLength").unwrap_or(0);
            text.max_length = count(schema, "maxLength");
            let source = schema.get("pattern").and_then(Json::as_str);
            let pattern = source.map(regex_syntax::parse).transpose();
            text.pattern = pattern.map_err(|error| error.to_string())?;
        }
        Ok(text)
    }

    fn list(self, schema: &Json) -> Read<List> {
        let places = schema.get("prefixItems").and_then(Json::elements);
        let places: Read<_> =
            places.unwrap_or_default().iter().map(|place| self.node(place)).collect();
        let items = schema.get("items").map(|items| self.node(items));
        Ok(List {
            places: places?,
            items: Box::new(items.transpose()?.unwrap_or_else(Node::anything)),
            min_items: count(schema, "minItems").unwrap_or(0),
            max_items: count(schema, "maxItems"),
        })
    }

    fn record(self, schema: &Json) -> Read<Record> {
        let required = schema.get("required").map(names).transpose()?;
        let required = required.unwrap_or_default();
        let mut properties = Vec::new();
        for (name, schema) in schema.get("properties").map_or(&[][..], Json::members) {
            properties.push(Property {
                name: name.clone(),
                node: self.node(schema)?,
                required: required.contains(name),
            });
        }
        if let Some(order) = schema.get("propertyOrdering") {
            let order = names(order)?;
            properties.sort_by_key(|property| order.iter().position(|name| *name == property.name));
        }
        let others = match schema.get("additionalProperties") {
            Some(Json::Bool(false)) => None,
            None if self.carrier.is_openapi() => None,
            None | Some(Json::Bool(true)) => Some(Box::new(Node::anything())),
            Some(schema) => Some(Box::new(self.node(schema)?)),
        };
        let names = schema.get("propertyNames").map(|names| self.node(names));
        Ok(Record {
            properties,
            others,
            names: names.transpose()?.map(Box::new),
            min_properties: count(schema, "minProperties").unwrap_or(0),
            max_properties: count(schema, "maxProperties"),
        })
    }
}

/// Whether the words of a node ask for JSON inside the text.
fn says_json(schema: &Json) -> bool {
    let words = schema.get("description").and_then(Json::as_str).unwrap_or_default();
    words.contains("as JSON text")
}

fn plain(kind: Kind) -> Node {
    Node { nullable: false, kind }
}

fn names(list: &Json) -> Read<Vec<String>> {
    let names = list.strings().ok_or("a list of other things than strings")?;
    Ok(names.into_iter().map(str::to_owned).collect())
}

fn count(schema: &Json, keyword: &str) -> Option<usize> {
    let count = schema.get(keyword)?.as_count()?;
    usize::try_from(count).ok()
}

fn integer(schema: &Json) -> Kind {
    let format = schema.get("format").and_then(Json::as_str);
    let [least, most] = match format {
        Some("int32") => [i32::MIN.into(), i32::MAX.into()].map(|bound| Some(Whole::new(bound))),
        Some("int64") => [i64::MIN, i64::MAX].map(|bound| Some(Whole::new(bound))),
        _ => [None, None],
    };
    let minimum = whole(schema, "minimum").or(least);
    let maximum = whole(schema, "maximum").or(most);
    Kind::Integer { minimum, maximum }
}

/// One whole number out of a list.
fn number(value: &Json) -> Node {
    let bound = || match value {
        Json::Number(text) => Whole::parse(text),
        _ => None,
    };
    plain(Kind::Integer { minimum: bound(), maximum: bound() })
}

fn whole(schema: &Json, keyword: &str) -> Option<Whole> {
    match schema.get(keyword)? {
        Json::Number(text) => Whole::parse(text),
        _ => None,
    }
}

fn float(schema: &Json, keyword: &str, otherwise: Option<f64>) -> Option<f64> {
    match schema.get(keyword) {
        Some(Json::Number(text)) => text.parse().ok(),
        _ => otherwise,
    }
}
