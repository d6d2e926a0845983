//! `Schema`, as the Developer API has it: no `additionalProperties`, no `ref`, no `defs`.

use crate::request::proto::{EnumType, Kind, Message};

pub(crate) static SCHEMA: Message = Message {
    name: "Schema",
    fields: &[
        ("type", Kind::Enum(&TYPE)),
        ("format", Kind::Text),
        ("title", Kind::Text),
        ("description", Kind::Text),
        ("nullable", Kind::Bool),
        ("enum", Kind::List(&Kind::Text)),
        ("items", Kind::Message(&SCHEMA)),
        ("min_items", Kind::Int64),
        ("max_items", Kind::Int64),
        ("properties", Kind::Map(&Kind::Message(&SCHEMA))),
        ("required", Kind::List(&Kind::Text)),
        ("property_ordering", Kind::List(&Kind::Text)),
        ("min_properties", Kind::Int64),
        ("max_properties", Kind::Int64),
        ("minimum", Kind::Double),
        ("maximum", Kind::Double),
        ("min_length", Kind::Int64),
        ("max_length", Kind::Int64),
        ("pattern", Kind::Text),
        ("any_of", Kind::List(&Kind::Message(&SCHEMA))),
        ("default", Kind::Value),
        ("example", Kind::Value),
    ],
    oneof: None,
};

static TYPE: EnumType = EnumType {
    name: "Type",
    values: &[
        "TYPE_UNSPECIFIED",
        "STRING",
        "NUMBER",
        "INTEGER",
        "BOOLEAN",
        "ARRAY",
        "OBJECT",
        "NULL",
    ],
};
