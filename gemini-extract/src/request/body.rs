//! The body of a request. The schema's text, rendered once per type, is copied into it.

use serde::Serialize;

use super::Parameters;
use crate::Prompt;
use crate::carrier::{Carried, Carrier, MimeType};

/// What is written beside the schema mostly takes no more bytes.
const ROOM_BESIDE_SCHEMA: usize = 256;

/// `Prompt`s in their roles.
#[derive(Clone)]
pub(crate) struct Conversation<'a> {
    pub(crate) system: Option<&'a Prompt>,
    /// Inputs with the answers that the model should have given.
    pub(crate) examples: Vec<(&'a Prompt, Prompt)>,
    /// Absent where it is filled in later.
    pub(crate) prompt: Option<&'a Prompt>,
    /// A bad answer to the prompt, and what was said about it.
    pub(crate) correction: Option<(&'a Prompt, &'a Prompt)>,
    /// The name of a cached content that stands before all of it.
    pub(crate) cached: Option<&'a str>,
}

impl<'a> Conversation<'a> {
    /// The same behind a cached content, which may hold the instruction and the examples.
    pub(crate) fn behind(self, cached: &'a str, holds_beginning: bool) -> Self {
        let cached = Some(cached);
        if holds_beginning {
            return Self { cached, system: None, examples: Vec::new(), ..self };
        }
        Self { cached, ..self }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cached_content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Content<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contents: Vec<Content<'a>>,
}

#[derive(Serialize)]
struct Content<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    parts: &'a Prompt,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    #[serde(flatten)]
    parameters: &'a Parameters,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mime_type: Option<&'static str>,
}

/// Writes the body.
pub(crate) fn render(
    conversation: &Conversation<'_>,
    parameters: &Parameters,
    carried: &Carried,
) -> serde_json::Result<String> {
    // The prompt can be large: what follows is written behind it, so that it isn't copied again.
    let mut body = serde_json::to_string(&head(conversation))?;
    body.pop();
    configure(&mut body, parameters, carried)?;
    Ok(body)
}

/// Writes what stands before the parts of the prompt.
#[cfg(feature = "batch")]
pub(super) fn render_before(conversation: &Conversation<'_>) -> serde_json::Result<String> {
    let mut before = render_beginning(conversation)?;
    // The list of turns stays open.
    if conversation.examples.is_empty() {
        before.pop();
        field(&mut before, "contents");
        before.push('[');
    } else {
        before.truncate(before.len().saturating_sub("]}".len()));
        before.push(',');
    }
    before.push_str(r#"{"role":"user","parts":"#);
    Ok(before)
}

/// Writes what stands behind the parts of the prompt.
#[cfg(feature = "batch")]
pub(super) fn render_after(
    parameters: &Parameters,
    carried: &Carried,
) -> serde_json::Result<String> {
    let mut after = "}]".to_owned();
    configure(&mut after, parameters, carried)?;
    Ok(after)
}

/// Writes the conversation as an object of its own: without parameters and schema.
#[cfg(feature = "batch")]
pub(crate) fn render_beginning(conversation: &Conversation<'_>) -> serde_json::Result<String> {
    serde_json::to_string(&head(conversation))
}

/// Adds the parameters and the schema, and closes the body.
fn configure(
    body: &mut String,
    parameters: &Parameters,
    carried: &Carried,
) -> serde_json::Result<()> {
    let schema = carried.lowered.as_str();
    body.reserve(schema.len().saturating_add(ROOM_BESIDE_SCHEMA));
    let is_format = carried.carrier == Carrier::ResponseFormat;
    let mime_type = (!is_format).then(|| carried.mime_type().as_str());
    field(body, "generationConfig");
    let config = serde_json::to_string(&Config { parameters, response_mime_type: mime_type })?;
    body.push_str(config.strip_suffix('}').unwrap_or(&config));
    field(body, carried.carrier.as_str());
    if is_format {
        debug_assert_eq!(carried.mime_type(), MimeType::Json);
        let (open, close) = if carried.has_format_list() { ("[", "]") } else { ("", "") };
        body.push_str(open);
        body.push_str(r#"{"text":{"mimeType":"APPLICATION_JSON","schema":"#);
        body.push_str(schema);
        body.push_str("}}");
        body.push_str(close);
    } else {
        body.push_str(schema);
    }
    body.push_str("}}");
    Ok(())
}

fn head<'a>(conversation: &'a Conversation<'a>) -> Head<'a> {
    let user = |parts| Content { role: Some("user"), parts };
    let model = |parts| Content { role: Some("model"), parts };
    let examples = conversation.examples.iter();
    let correction = conversation.correction.into_iter();
    Head {
        cached_content: conversation.cached,
        system_instruction: conversation.system.map(|parts| Content { role: None, parts }),
        contents: examples
            .flat_map(|(input, answer)| [user(input), model(answer)])
            .chain(conversation.prompt.map(user))
            .chain(correction.flat_map(|(answer, reply)| [model(answer), user(reply)]))
            .collect(),
    }
}

/// Begins a further field of an object that is open.
fn field(body: &mut String, name: &str) {
    if !body.ends_with('{') {
        body.push(',');
    }
    body.push('"');
    body.push_str(name);
    body.push_str("\":");
}
