//! Reads cassettes.

use std::fs;
use std::path::{Path, PathBuf};

use super::exchange::{Exchange, REQUEST};
use super::{Cassette, CassetteError, Interaction, single_spaced};
use crate::json::{Json, parse};

pub(super) const INTERACTIONS: &str = "interactions";
const PROMPT: &str = "prompt";
const MIME_TYPE: &str = "mimeType";
const ANSWER: &str = "answer";
const JSON: &str = "application/json";
const MIME_TYPES: [&str; 3] = [JSON, "text/plain", "text/x.enum"];

pub(super) fn read(text: &str) -> Result<Cassette, CassetteError> {
    let json = parse(text).map_err(|error| {
        let reason = error.0.lines().next().unwrap_or_default().to_owned();
        CassetteError::format(format!("not JSON: {reason}"))
    })?;
    refuse_unknown(&json, &[INTERACTIONS], "the cassette")?;
    let interactions = json.get(INTERACTIONS).and_then(Json::as_array);
    let interactions = interactions
        .ok_or_else(|| CassetteError::format(format!("`{INTERACTIONS}` must be a list")))?;
    let mut cassette = Cassette::default();
    for (index, json) in interactions.iter().enumerate() {
        let place = format!("{INTERACTIONS}[{index}]");
        if json.get(REQUEST).is_some() {
            cassette.exchanges.push(Exchange::read(json, &place)?);
        } else {
            cassette.interactions.push(read_interaction(json, &place)?);
        }
    }
    Ok(cassette)
}

pub(super) fn load(path: &Path) -> Result<Cassette, CassetteError> {
    if !path.is_dir() {
        return load_file(path);
    }
    let mut cassette = Cassette::default();
    for file in json_files(path)? {
        let Cassette { interactions, exchanges } = load_file(&file)?;
        cassette.interactions.extend(interactions);
        cassette.exchanges.extend(exchanges);
    }
    Ok(cassette)
}

fn load_file(path: &Path) -> Result<Cassette, CassetteError> {
    let text = fs::read_to_string(path).map_err(|error| CassetteError::io(path, error))?;
    read(&text).map_err(|error| error.at(path))
}

fn json_files(folder: &Path) -> Result<Vec<PathBuf>, CassetteError> {
    let blame = |error| CassetteError::io(folder, error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(blame)? {
        let path = entry.map_err(blame)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read_interaction(json: &Json, place: &str) -> Result<Interaction, CassetteError> {
    refuse_unknown(json, &[PROMPT, MIME_TYPE, ANSWER], place)?;
    let prompt = single_spaced(text(json, PROMPT, place)?);
    let mime_type = text(json, MIME_TYPE, place)?.to_owned();
    if !MIME_TYPES.contains(&mime_type.as_str()) {
        let known = MIME_TYPES.join(", ");
        let reason = format!("{place}: `{MIME_TYPE}` must be one of {known}");
        return Err(CassetteError::format(reason));
    }
    let answer = json.get(ANSWER).cloned();
    let answer =
        answer.ok_or_else(|| CassetteError::format(format!("{place}: `{ANSWER}` is missing")))?;
    if mime_type != JSON && answer.as_str().is_none() {
        let reason = format!("{place}: `{ANSWER}` must be a string for {mime_type}");
        return Err(CassetteError::format(reason));
    }
    Ok(Interaction { prompt, mime_type, answer })
}

pub(super) fn text<'a>(json: &'a Json, name: &str, place: &str) -> Result<&'a str, CassetteError> {
    let text = json.get(name).and_then(Json::as_str);
    text.ok_or_else(|| CassetteError::format(format!("{place}: `{name}` must be a string")))
}

pub(super) fn refuse_unknown(
    json: &Json,
    known: &[&str],
    place: &str,
) -> Result<(), CassetteError> {
    let members = json
        .as_object()
        .ok_or_else(|| CassetteError::format(format!("{place} must be an object")))?;
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(CassetteError::format(format!("{place}: unknown member `{name}`"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong() {
        let cases = [
            ("[", "not JSON"),
            ("[]", "the cassette must be an object"),
            ("{}", "`interactions` must be a list"),
            (r#"{"interactions":[],"key":"x"}"#, "unknown member `key`"),
            (r#"{"interactions":[1]}"#, "interactions[0] must be an object"),
            (r#"{"interactions":[{"prompt":1}]}"#, "interactions[0]: `prompt` must be a string"),
            (
                r#"{"interactions":[{"prompt":"a","mimeType":"x","answer":1}]}"#,
                "interactions[0]: `mimeType` must be one of",
            ),
            (
                r#"{"interactions":[{"prompt":"a","mimeType":"text/plain"}]}"#,
                "interactions[0]: `answer` is missing",
            ),
            (
                r#"{"interactions":[{"prompt":"a","mimeType":"text/x.enum","answer":[]}]}"#,
                "must be a string for text/x.enum",
            ),
        ];
        for (text, expected) in cases {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
