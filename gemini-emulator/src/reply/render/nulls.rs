//! Fields that have no value, said in so many words.

use serde_json::Value;

const RESPONSE: [&str; 6] =
    ["candidates", "createTime", "modelStatus", "modelVersion", "promptFeedback", "usageMetadata"];
const CANDIDATE: [&str; 8] = [
    "avgLogprobs",
    "citationMetadata",
    "content",
    "finishMessage",
    "finishReason",
    "groundingMetadata",
    "safetyRatings",
    "tokenCount",
];
const PART: [&str; 6] =
    ["functionCall", "functionResponse", "inlineData", "text", "thought", "thoughtSignature"];
const USAGE: [&str; 5] = [
    "cachedContentTokenCount",
    "cacheTokensDetails",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "toolUsePromptTokenCount",
];
const ERROR: [&str; 2] = ["details", "status"];

/// Adds `null` for what a response or an error body leaves out.
pub(super) fn add(body: &mut Value) {
    if let Some(error) = body.get_mut("error") {
        fill(error, &ERROR);
        return;
    }
    fill(body, &RESPONSE);
    if let Some(usage) = body.get_mut("usageMetadata") {
        fill(usage, &USAGE);
    }
    for candidate in items(body, "candidates") {
        fill(candidate, &CANDIDATE);
        if let Some(content) = candidate.get_mut("content") {
            fill(content, &["parts", "role"]);
            items(content, "parts").iter_mut().for_each(|part| fill(part, &PART));
        }
    }
}

fn fill(message: &mut Value, names: &[&str]) {
    if let Some(members) = message.as_object_mut() {
        for name in names {
            members.entry(*name).or_insert(Value::Null);
        }
    }
}

fn items<'a>(message: &'a mut Value, name: &str) -> &'a mut [Value] {
    message.get_mut(name).and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default()
}
