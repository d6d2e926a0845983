//! Reads JSON as a protobuf message: closed field names, in camel or snake case, `null` is unset.

mod scalar;

use super::path::Path;
use crate::error::FieldViolation;
use crate::json::{Json, Members};

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Bytes,
    Bool,
    Int32,
    Int64,
    Double,
    /// Text such as `3.5s`.
    Duration,
    /// Text by RFC 3339.
    Timestamp,
    Enum(&'static EnumType),
    Message(&'static Message),
    /// Several values. A single one stands for a list of one, as it does for the service.
    List(&'static Kind),
    /// A message per name; `properties` of a schema.
    Map(&'static Kind),
    /// Any JSON object: `google.protobuf.Struct`, and messages that the emulator doesn't look into.
    Struct,
    /// Any JSON value: `google.protobuf.Value`.
    Value,
}

/// A protobuf enum: its name, and its values from number 0 on.
#[derive(Debug)]
pub(crate) struct EnumType {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
}

/// A protobuf message: its name, and its fields in snake case.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [(&'static str, Kind)],
    /// A union: at most one of these fields may be set.
    pub(crate) oneof: Option<OneOf>,
}

/// A union within a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OneOf {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [&'static str],
}

/// Violations past this number are left out; nobody reads on.
const MOST_VIOLATIONS: usize = 100;

/// Reads `json` as `message`. The result has names in camel case, no nulls, integers as numbers,
/// enum values in upper case and lists where lists belong.
pub(crate) fn read(message: &'static Message, json: &Json) -> Result<Json, Vec<FieldViolation>> {
    let mut reader = Reader { path: Path::default(), violations: Vec::new() };
    let read = match json {
        Json::Object(members) => reader.message(message, members),
        _ => {
            reader.violate("Invalid JSON payload received. Root element must be a message.");
            Json::Null
        }
    };
    if reader.violations.is_empty() { Ok(read) } else { Err(reader.violations) }
}

struct Reader {
    path: Path,
    violations: Vec<FieldViolation>,
}

impl Reader {
    fn message(&mut self, message: &'static Message, members: &Members) -> Json {
        let mut read = Members::new();
        let mut set_in_union = false;
        for (name, value) in members {
            let Some(&(field, kind)) =
                message.fields.iter().find(|(field, _)| is_spelling_of(name, field))
            else {
                self.unknown_name(name, "Cannot find field.");
                continue;
            };
            if matches!(value, Json::Null) {
                continue;
            }
            if let Some(union) = message.oneof.filter(|union| union.fields.contains(&field)) {
                if set_in_union {
                    self.second_in_union(union, name);
                }
                set_in_union = true;
            }
            if let Some(value) = self.field(name, field, (kind, value)) {
                read.insert(camel_case(field), value);
            }
        }
        Json::Object(read)
    }

    fn field(&mut self, name: &str, field: &str, (kind, value): (Kind, &Json)) -> Option<Json> {
        let is_repeated = matches!(kind, Kind::List(_) | Kind::Value);
        if matches!(value, Json::Array(_)) && !is_repeated {
            self.unknown_name(name, "Proto field is not repeating, cannot start list.");
            return None;
        }
        let is_structured =
            matches!(kind, Kind::Message(_) | Kind::Map(_) | Kind::Struct | Kind::List(_));
        if matches!(value, Json::Object(_)) && !is_structured && !matches!(kind, Kind::Value) {
            self.unknown_name(name, "Proto field is not a message, cannot start object.");
            return None;
        }
        let mark = self.path.push_field(field);
        let read = self.value(kind, value);
        self.path.truncate(mark);
        read
    }

    fn value(&mut self, kind: Kind, value: &Json) -> Option<Json> {
        match (kind, value) {
            (Kind::Value, value) => Some(value.clone()),
            (Kind::Message(message), Json::Object(members)) => Some(self.message(message, members)),
            (Kind::Map(inner), Json::Object(members)) => Some(self.map(*inner, members)),
            (Kind::Struct, Json::Object(_)) => Some(value.clone()),
            (Kind::List(inner), Json::Array(items)) => Some(self.list(*inner, items)),
            (Kind::List(inner), single) => {
                let items = self.value(*inner, single).into_iter().collect();
                Some(Json::Array(items))
            }
            (kind, value) => match scalar::read(kind, value) {
                Ok(read) => Some(read),
                Err(complaint) => {
                    self.invalid_value(&complaint);
                    None
                }
            },
        }
    }

    fn list(&mut self, inner: Kind, items: &[Json]) -> Json {
        let mut read = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let mark = self.path.push_index(index);
            if let Some(item) = self.value(inner, item) {
                read.push(item);
            }
            self.path.truncate(mark);
        }
        Json::Array(read)
    }

    /// In paths an entry of a map is `[index].value`, because a map is a list of entries.
    fn map(&mut self, inner: Kind, members: &Members) -> Json {
        let mut read = Members::new();
        for (index, (name, value)) in members.iter().enumerate() {
            let mark = self.path.push_index(index);
            self.path.push_field("value");
            if let Some(value) = self.value(inner, value) {
                read.insert(name.clone(), value);
            }
            self.path.truncate(mark);
        }
        Json::Object(read)
    }

    fn unknown_name(&mut self, name: &str, reason: &str) {
        let name = scalar::shorten(name);
        let place = match self.path.as_str() {
            "" => String::new(),
            path => format!(" at '{path}'"),
        };
        let text =
            format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: {reason}");
        self.violate(&text);
    }

    fn invalid_value(&mut self, complaint: &str) {
        let text = format!("Invalid value at '{}' {complaint}", self.path.as_str());
        self.violate(&text);
    }

    fn second_in_union(&mut self, union: OneOf, name: &str) {
        let complaint =
            format!("(oneof), oneof field '{}' is already set. Cannot set '{name}'", union.name);
        self.invalid_value(&complaint);
    }

    fn violate(&mut self, description: &str) {
        if self.violations.len() < MOST_VIOLATIONS {
            let field = self.path.as_str().to_owned();
            self.violations.push(FieldViolation { field, description: description.to_owned() });
        }
    }
}

/// Whether `name` is `field` in snake case or in lower camel case.
fn is_spelling_of(name: &str, field: &str) -> bool {
    name == field || (name.len() <= field.len() && name == camel_case(field))
}

/// `response_schema` -> `responseSchema`.
pub(super) fn camel_case(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    let mut upper = false;
    for character in field.chars() {
        if character == '_' {
            upper = true;
        } else if upper {
            name.push(character.to_ascii_uppercase());
            upper = false;
        } else {
            name.push(character);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    static COLOUR: EnumType = EnumType { name: "Colour", values: &["NONE", "RED"] };
    static NODE: Message = Message {
        name: "Node",
        fields: &[
            ("node_name", Kind::Text),
            ("size", Kind::Int64),
            ("small", Kind::Int32),
            ("ratio", Kind::Double),
            ("is_on", Kind::Bool),
            ("data", Kind::Bytes),
            ("colour", Kind::Enum(&COLOUR)),
            ("child", Kind::Message(&NODE)),
            ("tags", Kind::List(&Kind::Text)),
            ("by_name", Kind::Map(&Kind::Message(&NODE))),
            ("any_value", Kind::Value),
            ("open", Kind::Struct),
        ],
        oneof: Some(OneOf { name: "kind", fields: &["size", "data"] }),
    };

    fn accepted(text: &str) -> String {
        read(&NODE, &parse(text).unwrap()).unwrap().to_string()
    }

    fn refused(text: &str) -> Vec<String> {
        let violations = read(&NODE, &parse(text).unwrap()).unwrap_err();
        violations.into_iter().map(|violation| violation.description).collect()
    }

    #[test]
    fn both_spellings_are_read() {
        let read = r#"{"nodeName":"a","isOn":true}"#;
        assert_eq!(accepted(r#"{"node_name":"a","is_on":true}"#), read);
        assert_eq!(accepted(r#"{"nodeName":"a","isOn":true}"#), read);
        assert_eq!(refused(r#"{"NodeName":"a"}"#).len(), 1);
    }

    #[test]
    fn null_is_unset() {
        assert_eq!(accepted(r#"{"nodeName":null,"child":null,"tags":null}"#), "{}");
        assert_eq!(accepted(r#"{"anyValue":null,"open":null}"#), "{}");
        assert_eq!(accepted(r#"{"anyValue":[null]}"#), r#"{"anyValue":[null]}"#);
    }

    #[test]
    fn numbers_come_as_numbers_or_text() {
        assert_eq!(accepted(r#"{"size":"12"}"#), r#"{"size":12}"#);
        assert_eq!(accepted(r#"{"size":12.0}"#), r#"{"size":12}"#);
        assert_eq!(accepted(r#"{"ratio":"0.5"}"#), r#"{"ratio":0.5}"#);
        for text in [r#"{"size":1.5}"#, r#"{"size":"x"}"#, r#"{"size":true}"#] {
            assert!(refused(text)[0].contains("(TYPE_INT64)"));
        }
        assert!(refused(r#"{"small":2147483648}"#)[0].contains("(TYPE_INT32), 2147483648"));
        assert!(refused(r#"{"ratio":"many"}"#)[0].contains("(TYPE_DOUBLE), \"many\""));
    }

    #[test]
    fn enums_come_by_name_or_number() {
        assert_eq!(accepted(r#"{"colour":"red"}"#), r#"{"colour":"RED"}"#);
        assert_eq!(accepted(r#"{"colour":1}"#), r#"{"colour":"RED"}"#);
        let found = refused(r#"{"colour":"blue"}"#);
        assert_eq!(
            found,
            ["Invalid value at 'colour' \
              (type.googleapis.com/google.ai.generativelanguage.v1beta.Colour), \"blue\""]
        );
        assert_eq!(refused(r#"{"colour":7}"#).len(), 1);
    }

    #[test]
    fn a_single_value_stands_for_a_list() {
        assert_eq!(accepted(r#"{"tags":"a"}"#), r#"{"tags":["a"]}"#);
        assert_eq!(refused(r#"{"tags":["a",1]}"#), ["Invalid value at 'tags[1]' (TYPE_STRING), 1"]);
    }

    #[test]
    fn every_violation_is_reported_with_its_place() {
        let found = refused(r#"{"x":1,"child":{"byName":{"a":{},"b":{"y":[],"nodeName":[]}}}}"#);
        assert_eq!(
            found,
            [
                "Invalid JSON payload received. Unknown name \"x\": Cannot find field.",
                "Invalid JSON payload received. Unknown name \"y\" at \
                 'child.by_name[1].value': Cannot find field.",
                "Invalid JSON payload received. Unknown name \"nodeName\" at \
                 'child.by_name[1].value': Proto field is not repeating, cannot start list.",
            ]
        );
    }

    #[test]
    fn a_union_holds_one_field() {
        assert_eq!(
            refused(r#"{"child":{"size":1,"data":"AA=="}}"#),
            ["Invalid value at 'child' (oneof), oneof field 'kind' is already set. \
              Cannot set 'data'"]
        );
    }

    #[test]
    fn bytes_are_base64() {
        for text in ["AA==", "AA", "-_-_", "+/+/", ""] {
            accepted(&format!(r#"{{"data":"{text}"}}"#));
        }
        for text in ["A", "A=A=", "AA===", "ä", "A A="] {
            assert!(refused(&format!(r#"{{"data":"{text}"}}"#))[0].contains("Base64"), "{text}");
        }
    }

    #[test]
    fn open_messages_are_not_looked_into() {
        assert_eq!(accepted(r#"{"open":{"what_ever":[1]}}"#), r#"{"open":{"what_ever":[1]}}"#);
        assert_eq!(refused(r#"{"open":[]}"#).len(), 1);
        assert_eq!(refused(r#"{"child":1}"#).len(), 1);
    }
}
