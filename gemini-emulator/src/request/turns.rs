//! Turns with calls of functions: each call has its response, and its signature.

use super::model::Model;
use crate::error::Refusal;
use crate::json::Json;

/// Refuses turns in which calls and responses don't match, and calls without their signatures where
/// the model needs them.
pub(super) fn check(request: &Json, model: Model) -> Result<(), Refusal> {
    let contents = request.items("contents");
    for pair in contents.windows(2) {
        if let [call, response] = pair {
            check_numbers(call, response)?;
        }
    }
    if model.is_since_3() { check_signatures(contents) } else { Ok(()) }
}

fn check_numbers(call: &Json, response: &Json) -> Result<(), Refusal> {
    let calls = count(call, "functionCall");
    if calls == 0 || calls == count(response, "functionResponse") {
        return Ok(());
    }
    Err(Refusal::invalid_argument(
        "Please ensure that the number of function response parts is equal to the number of \
         function call parts of the function call turn.",
    ))
}

/// Looks at the calls since the user spoke last; those before are history.
fn check_signatures(contents: &[Json]) -> Result<(), Refusal> {
    let is_spoken = |content: &Json| {
        let is_model = content.get("role").and_then(Json::as_str) == Some("model");
        !is_model && count(content, "functionResponse") == 0
    };
    let start = contents.iter().rposition(is_spoken).unwrap_or_default();
    for (index, content) in contents.iter().enumerate().skip(start) {
        let call = content.items("parts").iter().find(|part| part.get("functionCall").is_some());
        let Some(call) = call.filter(|part| part.get("thoughtSignature").is_none()) else {
            continue;
        };
        let name = call.get("functionCall").and_then(|call| call.get("name")?.as_str());
        return Err(Refusal::invalid_argument(format!(
            "Function call is missing a thought_signature in functionCall parts. This is required \
             for tools to work correctly. Additional data, function call `default_api:{}`, \
             position {}.",
            name.unwrap_or_default(),
            index + 1
        )));
    }
    Ok(())
}

fn count(content: &Json, field: &str) -> usize {
    content.items("parts").iter().filter(|part| part.get(field).is_some()).count()
}
