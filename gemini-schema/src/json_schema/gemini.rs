//! The words of `responseSchema`, in those of JSON Schema.

use std::borrow::Cow;

use crate::OrderedJson;

/// The same schema in JSON Schema.
pub(super) fn translated(json: OrderedJson) -> OrderedJson {
    let OrderedJson::Object(members) = json else { return json };
    OrderedJson::Object(
        members.into_iter().filter_map(|(name, value)| member(name, value)).collect(),
    )
}

/// `null` is the same as leaving a keyword out.
fn member(name: Cow<'static, str>, value: OrderedJson) -> Option<(Cow<'static, str>, OrderedJson)> {
    let name = camel_case(name);
    let renamed = |keyword: &'static str| Cow::Borrowed(keyword);
    Some(match (&name[..], value) {
        (_, OrderedJson::Null) => return None,
        ("type", OrderedJson::String(kind)) if kind == "TYPE_UNSPECIFIED" => return None,
        ("type", OrderedJson::String(kind)) => (name, kind.to_ascii_lowercase().into()),
        ("ref", OrderedJson::String(target)) => (renamed("$ref"), String::from(target).into()),
        ("defs", value) => (renamed("defs"), schemas(value)),
        ("properties", value) => (name, schemas(value)),
        ("anyOf", OrderedJson::Array(branches)) => {
            (name, OrderedJson::Array(branches.into_iter().map(translated).collect()))
        }
        ("items" | "additionalProperties", value) => (name, translated(value)),
        (
            "minItems" | "maxItems" | "minLength" | "maxLength" | "minProperties" | "maxProperties",
            OrderedJson::String(text),
        ) => {
            let count = text.parse::<u64>().ok().map(OrderedJson::from);
            (name, count.unwrap_or(OrderedJson::String(text)))
        }
        (_, value) => (name, value),
    })
}

fn schemas(json: OrderedJson) -> OrderedJson {
    let OrderedJson::Object(members) = json else { return json };
    OrderedJson::Object(
        members.into_iter().map(|(name, schema)| (name, translated(schema))).collect(),
    )
}

/// The service takes `max_items` for `maxItems`.
fn camel_case(name: Cow<'static, str>) -> Cow<'static, str> {
    if !name.contains('_') {
        return name;
    }
    let mut parts = name.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut characters = part.chars();
        camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(characters.as_str());
    }
    Cow::Owned(camel)
}
