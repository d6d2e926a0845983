//! Advice on refusals that the service explains badly: schemas, and quotas per day.

use super::ServiceStatus;

pub(super) const DAILY_QUOTA_HELP: &str = "The quota per day is used up. It is reset at midnight Pacific time; until then use another \
     model, or ask for a higher quota.";

const UNNAMED_HELP: &str = "The service doesn't say which field it refuses. Often it is the schema: many or long \
     enum members, large `max_items`, many properties with long names. Make the type smaller \
     step by step; `to_request` shows what was sent.";

/// Fragments of the service's messages on schemas, and what helps. The first that fits counts.
const SCHEMA_HELP: &[(&[&str], &str)] = &[
    (
        &["too many states"],
        "The schema is too complex for the service. Shorten names and enum members, drop bounds \
         on numbers and arrays, flatten nested lists, or split the type over several calls.",
    ),
    (
        &["nesting depth"],
        "The schema is nested too deeply for this field. Flatten the type, or send it with \
         `with_carrier(Carrier::ResponseJsonSchema)`.",
    ),
    (
        &["response_json_schema", "responseJsonSchema", "response_format", "responseFormat"],
        "The service refuses the schema, or its model doesn't take JSON Schema. Try \
         `with_carrier(Carrier::ResponseSchema)`, a newer model, or the API version v1beta.",
    ),
    (
        &["response_schema", "responseSchema", "response_mime_type", "responseMimeType"],
        "The service refuses the schema at the place that `service_message` names. Try \
         `with_carrier(Carrier::ResponseJsonSchema)`, the API version v1beta, or a simpler type.",
    ),
    (&["Request contains an invalid argument"], UNNAMED_HELP),
];

/// Whether the service says that it refuses the schema.
#[cfg(feature = "batch")]
pub(super) fn names_schema(service: &ServiceStatus) -> bool {
    schema_help(service).is_some_and(|help| help != UNNAMED_HELP)
}

/// What helps, where the service refuses a schema.
pub(super) fn schema_help(service: &ServiceStatus) -> Option<&'static str> {
    let fields = service.fields.iter().flat_map(|field| [&field.field, &field.description]);
    let texts: Vec<&str> = fields.chain([&service.message]).filter_map(Option::as_deref).collect();
    let is_named = |fragments: &&[&str]| {
        fragments.iter().any(|fragment| texts.iter().any(|text| text.contains(fragment)))
    };
    SCHEMA_HELP.iter().find(|(fragments, _)| is_named(fragments)).map(|(_, help)| *help)
}
