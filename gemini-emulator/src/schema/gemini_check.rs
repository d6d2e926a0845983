//! What the service refuses in a `Schema`, the OpenAPI subset.

use super::SchemaLimits;
use crate::error::Refusal;
use crate::json::Json;
use crate::request::Complaints;

/// Where a schema stands. The service words one refusal differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    GenerationConfig,
    FunctionDeclaration,
}

const STRING: &str = "STRING";
const ARRAY: &str = "ARRAY";
const OBJECT: &str = "OBJECT";
const UNSPECIFIED: &str = "TYPE_UNSPECIFIED";
const NOT_DEFINED: &str = "property is not defined";
const FORMATS: [(&str, [&str; 2]); 3] = [
    (STRING, ["enum", "date-time"]),
    ("NUMBER", ["float", "double"]),
    ("INTEGER", ["int32", "int64"]),
];

/// Complains of every node that breaks a rule. The schema was read as a message before.
pub(crate) fn check(schema: &Json, complaints: &mut Complaints) {
    let kind = kind(schema);
    if kind.is_none() && schema.items("anyOf").is_empty() {
        complaints.add("type", "must be specified");
    }
    check_enum(schema, kind, complaints);
    check_format(schema, kind, complaints);
    check_object(schema, kind, complaints);
    check_array(schema, kind, complaints);
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        for (name, property) in properties {
            let mark = complaints.enter_field("properties");
            complaints.enter_key(name);
            check(property, complaints);
            complaints.leave(mark);
        }
    }
    if let Some(items) = schema.get("items") {
        let mark = complaints.enter_field("items");
        check(items, complaints);
        complaints.leave(mark);
    }
    for (index, branch) in schema.items("anyOf").iter().enumerate() {
        let mark = complaints.enter_field("any_of");
        complaints.enter_index(index);
        check(branch, complaints);
        complaints.leave(mark);
    }
}

/// Refuses a schema over the limits. Unlike the other refusals these name no field.
pub(crate) fn check_limits(
    schema: &Json,
    place: Place,
    limits: &SchemaLimits,
) -> Result<(), Refusal> {
    let size = Size::of(schema);
    if size.depth > limits.depth {
        let where_from = match place {
            Place::GenerationConfig => "GenerationConfig",
            Place::FunctionDeclaration => "a FunctionDeclaration",
        };
        return Err(Refusal::invalid_argument(format!(
            "A schema in {where_from} in the request exceeds the maximum allowed nesting depth."
        )));
    }
    if size.max_items_sum > limits.max_items_sum || size.enum_members > limits.enum_members {
        return Err(Refusal::invalid_argument("Request contains an invalid argument."));
    }
    Ok(())
}

fn kind(schema: &Json) -> Option<&str> {
    schema.get("type").and_then(Json::as_str).filter(|&kind| kind != UNSPECIFIED)
}

fn check_enum(schema: &Json, kind: Option<&str>, complaints: &mut Complaints) {
    let members = schema.items("enum");
    if !members.is_empty() && kind != Some(STRING) {
        complaints.add("enum", "only allowed for STRING type");
    }
    for (index, member) in members.iter().enumerate() {
        if member.as_str() == Some("") {
            complaints.add(&format!("enum[{index}]"), "cannot be empty");
        }
    }
}

fn check_format(schema: &Json, kind: Option<&str>, complaints: &mut Complaints) {
    let format = schema.get("format").and_then(Json::as_str).filter(|format| !format.is_empty());
    let allowed = FORMATS.iter().find(|(of, _)| kind == Some(of));
    if let (Some(format), Some((of, allowed))) = (format, allowed)
        && !allowed.contains(&format)
    {
        let [first, second] = allowed;
        let text = format!("only '{first}' and '{second}' are supported for {of} type");
        complaints.add("format", &text);
    }
}

fn check_object(schema: &Json, kind: Option<&str>, complaints: &mut Complaints) {
    let properties = schema.get("properties").and_then(Json::as_object);
    let properties = properties.filter(|properties| !properties.is_empty());
    let required = schema.items("required");
    let ordering = schema.items("propertyOrdering");
    if kind == Some(OBJECT) {
        if properties.is_none() {
            complaints.add("properties", "should be non-empty for OBJECT type");
        }
        let is_defined = |name: &Json| {
            let name = name.as_str().unwrap_or_default();
            properties.is_none_or(|properties| properties.contains_key(name))
        };
        for (field, names) in [("required", required), ("property_ordering", ordering)] {
            for (index, _) in names.iter().enumerate().filter(|(_, name)| !is_defined(name)) {
                complaints.add(&format!("{field}[{index}]"), NOT_DEFINED);
            }
        }
        return;
    }
    let misplaced = [
        ("properties", properties.is_some()),
        ("required", !required.is_empty()),
        ("property_ordering", !ordering.is_empty()),
    ];
    for (field, _) in misplaced.iter().filter(|(_, is_there)| *is_there) {
        complaints.add(field, "only allowed for OBJECT type");
    }
}

fn check_array(schema: &Json, kind: Option<&str>, complaints: &mut Complaints) {
    match (kind == Some(ARRAY), schema.get("items").is_some()) {
        (true, false) => complaints.add("items", "missing field"),
        (false, true) => complaints.add("items", "field predicate failed: $type == Type.ARRAY"),
        _ => {}
    }
}

/// The measures that the limits speak of.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Size {
    depth: usize,
    max_items_sum: u64,
    enum_members: usize,
}

impl Size {
    fn of(schema: &Json) -> Self {
        let is_level = matches!(kind(schema), Some(ARRAY | OBJECT));
        let max_items = schema.get("maxItems").and_then(Json::as_i64).unwrap_or_default();
        let mut size = Size {
            depth: 0,
            max_items_sum: u64::try_from(max_items).unwrap_or_default(),
            enum_members: schema.items("enum").len(),
        };
        let properties = schema.get("properties").and_then(Json::as_object);
        let properties = properties.into_iter().flat_map(|properties| properties.values());
        for child in properties.chain(schema.get("items")).chain(schema.items("anyOf")) {
            let child = Size::of(child);
            size.depth = size.depth.max(child.depth);
            size.max_items_sum = size.max_items_sum.saturating_add(child.max_items_sum);
            size.enum_members = size.enum_members.max(child.enum_members);
        }
        size.depth += usize::from(is_level);
        size
    }
}
