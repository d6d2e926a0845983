//! Contents: turns and their parts.

use super::complaints::Complaints;
use super::messages::PART_DATA;
use super::proto::camel_case;
use crate::answer::tokens as text_tokens;
use crate::error::Refusal;
use crate::json::Json;

/// What the service counts for an image; the emulator counts it for every blob and file.
const TOKENS_PER_BLOB: usize = 258;
const ROLES: [&str; 4] = ["", "user", "model", "function"];

pub(super) fn check(request: &Json, complaints: &mut Complaints) {
    if request.items("contents").is_empty() {
        complaints.add("contents", "contents is not specified");
    }
    check_turns(request, complaints);
    check_safety_settings(request, complaints);
    check_cached_content(request, complaints);
}

/// Checks the contents that there are, and the system instruction.
pub(super) fn check_turns(request: &Json, complaints: &mut Complaints) {
    let contents = request.items("contents");
    for (index, content) in contents.iter().enumerate() {
        let mark = complaints.enter_field("contents");
        complaints.enter_index(index);
        check_parts(content, complaints);
        complaints.leave(mark);
    }
    if let Some(instruction) = request.get("systemInstruction") {
        let mark = complaints.enter_field("system_instruction");
        check_parts(instruction, complaints);
        complaints.leave(mark);
    }
}

pub(super) fn check_roles(request: &Json) -> Result<(), Refusal> {
    let is_valid = |content: &Json| {
        let role = content.get("role").and_then(Json::as_str).unwrap_or_default();
        ROLES.contains(&role)
    };
    if request.items("contents").iter().all(is_valid) {
        return Ok(());
    }
    Err(Refusal::invalid_argument("Please use a valid role: user, model."))
}

/// The text of the last turn.
pub(super) fn prompt(request: &Json) -> String {
    let parts = request.items("contents").last().map(|content| content.items("parts"));
    let texts = parts.into_iter().flatten().filter_map(|part| part.get("text")?.as_str());
    texts.collect::<Vec<&str>>().join("\n")
}

/// The tokens of the request by the emulator's rule.
pub(super) fn tokens(request: &Json) -> usize {
    parts(request).map(part_tokens).sum()
}

/// The addresses of the files that the request names.
pub(super) fn file_uris(request: &Json) -> Vec<String> {
    let files = parts(request).filter_map(|part| part.get("fileData")?.get("fileUri")?.as_str());
    files.map(str::to_owned).collect()
}

fn parts(request: &Json) -> impl Iterator<Item = &Json> {
    let turns = request.items("contents").iter().chain(request.get("systemInstruction"));
    turns.flat_map(|content| content.items("parts"))
}

fn part_tokens(part: &Json) -> usize {
    if part.get("inlineData").or(part.get("fileData")).is_some() {
        return TOKENS_PER_BLOB;
    }
    match part.get("text").and_then(Json::as_str) {
        Some(text) => text_tokens(text),
        None => text_tokens(&part.to_string()),
    }
}

fn check_parts(content: &Json, complaints: &mut Complaints) {
    let parts = content.items("parts");
    if parts.is_empty() {
        complaints.add("parts", "contents.parts must not be empty.");
    }
    for (index, part) in parts.iter().enumerate() {
        let mark = complaints.enter_field("parts");
        complaints.enter_index(index);
        check_part(part, complaints);
        complaints.leave(mark);
    }
}

fn check_part(part: &Json, complaints: &mut Complaints) {
    let has_data = part.as_object().is_some_and(|members| {
        PART_DATA.fields.iter().any(|field| members.contains_key(&camel_case(field)))
    });
    if !has_data {
        complaints.add("data", "required oneof field 'data' must have one initialized field");
    }
    for (field, name, inner) in [
        ("inlineData", "inline_data.mime_type", "mimeType"),
        ("inlineData", "inline_data.data", "data"),
        ("fileData", "file_data.file_uri", "fileUri"),
        ("functionCall", "function_call.name", "name"),
        ("functionResponse", "function_response.name", "name"),
    ] {
        let Some(message) = part.get(field) else {
            continue;
        };
        if message.get(inner).and_then(Json::as_str).is_none_or(str::is_empty) {
            complaints.add(name, "must be specified");
        }
    }
}

fn check_safety_settings(request: &Json, complaints: &mut Complaints) {
    let mut seen = Vec::new();
    for (index, setting) in request.items("safetySettings").iter().enumerate() {
        let category = setting.get("category").and_then(Json::as_str);
        if seen.contains(&category) {
            let field = format!("safety_settings[{index}]");
            complaints.add(&field, "only one safety setting for each category may be set");
        } else {
            seen.push(category);
        }
    }
}

fn check_cached_content(request: &Json, complaints: &mut Complaints) {
    let is_set = |name: &str| request.get(name).is_some_and(|value| value.as_array() != Some(&[]));
    let has_others = ["systemInstruction", "tools", "toolConfig"].into_iter().any(is_set);
    if is_set("cachedContent") && has_others {
        complaints.add(
            "cached_content",
            "CachedContent can not be used with GenerateContent request setting \
             system_instruction, tools or tool_config. Proposed fix: move those values to \
             CachedContent from GenerateContent request.",
        );
    }
}
