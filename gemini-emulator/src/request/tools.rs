//! Tools: declarations, modes, and what they go together with.

use super::complaints::Complaints;
use super::model::Model;
use crate::error::Refusal;
use crate::json::Json;
use crate::schema::{self, Place, SchemaLimits};

const LONGEST_NAME: usize = 64;
const JSON: &str = "application/json";

pub(super) fn check(request: &Json, complaints: &mut Complaints) {
    for (index, tool) in request.items("tools").iter().enumerate() {
        let mark = complaints.enter_field("tools");
        complaints.enter_index(index);
        for (index, declaration) in tool.items("functionDeclarations").iter().enumerate() {
            let mark = complaints.enter_field("function_declarations");
            complaints.enter_index(index);
            check_declaration(declaration, complaints);
            complaints.leave(mark);
        }
        complaints.leave(mark);
    }
    check_mode(request, complaints);
}

/// Refuses tools that the model doesn't take, or not beside JSON.
pub(super) fn check_use(request: &Json, model: Model) -> Result<(), Refusal> {
    let tools = request.items("tools");
    if tools.iter().any(|tool| tool.get("googleSearchRetrieval").is_some()) {
        let message = "Please use google_search field instead of google_search_retrieval field.";
        return Err(Refusal::invalid_argument(message));
    }
    let config = request.get("generationConfig");
    let mime_type = config.and_then(|config| config.get("responseMimeType")?.as_str());
    if tools.is_empty() || mime_type != Some(JSON) || !model.is_before_3() {
        return Ok(());
    }
    let has_functions = tools.iter().any(|tool| !tool.items("functionDeclarations").is_empty());
    let what = if has_functions { "Function calling" } else { "Tool use" };
    Err(Refusal::invalid_argument(format!(
        "{what} with a response mime type: '{JSON}' is unsupported"
    )))
}

pub(super) fn check_limits(request: &Json, limits: &SchemaLimits) -> Result<(), Refusal> {
    let declarations = request.items("tools").iter();
    for declaration in declarations.flat_map(|tool| tool.items("functionDeclarations")) {
        for name in ["parameters", "response"] {
            if let Some(schema) = declaration.get(name) {
                schema::check_limits(schema, Place::FunctionDeclaration, limits)?;
            }
        }
        for name in ["parametersJsonSchema", "responseJsonSchema"] {
            if let Some(schema) = declaration.get(name) {
                schema::check_json_limits(schema, limits)?;
            }
        }
    }
    Ok(())
}

fn check_declaration(declaration: &Json, complaints: &mut Complaints) {
    let name = declaration.get("name").and_then(Json::as_str).unwrap_or_default();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_allowed) {
        let text = format!(
            "must be 1 to {LONGEST_NAME} letters, digits, underscores, dots, colons or dashes"
        );
        complaints.add("name", &text);
    }
    for (name, field, other) in [
        ("parameters", "parameters", "parametersJsonSchema"),
        ("response", "response", "responseJsonSchema"),
    ] {
        if let Some(schema) = declaration.get(name) {
            let mark = complaints.enter_field(field);
            schema::check_gemini(schema, complaints);
            complaints.leave(mark);
            if declaration.get(other).is_some() {
                complaints.add(field, "only one of the schema and the JSON schema may be set");
            }
        }
    }
    for (name, field) in [
        ("parametersJsonSchema", "parameters_json_schema"),
        ("responseJsonSchema", "response_json_schema"),
    ] {
        if let Some(schema) = declaration.get(name) {
            let mark = complaints.enter_field(field);
            schema::check_json(schema, complaints);
            complaints.leave(mark);
        }
    }
}

fn check_mode(request: &Json, complaints: &mut Complaints) {
    let config = request.get("toolConfig").and_then(|config| config.get("functionCallingConfig"));
    let Some(config) = config else {
        return;
    };
    let mode = config.get("mode").and_then(Json::as_str);
    let takes_names = matches!(mode, Some("ANY" | "VALIDATED"));
    if !config.items("allowedFunctionNames").is_empty() && !takes_names {
        let field = "tool_config.function_calling_config.allowed_function_names";
        complaints.add(field, "only allowed with mode ANY or VALIDATED");
    }
}
