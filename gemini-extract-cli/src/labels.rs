//! Labels to choose from, out of flags and files.

use std::path::Path;

use gemini_extract::{EnumMember, OrderedJson, Schema, Shape};

use crate::contract;
use crate::failure::{Failure, Result};
use crate::table::{Dialect, Fault, Format, open_source};

const LABEL: &str = "label";
const DESCRIPTION: &str = "description";

/// Labels, each with what it stands for where that is known.
type Labels = Vec<(String, Option<String>)>;

/// A schema whose values are these labels.
pub(crate) fn schema(labels: Labels) -> Result<Schema> {
    let mut members = Vec::with_capacity(labels.len());
    let mut seen = std::collections::HashSet::new();
    for (label, description) in labels {
        let label = label.trim();
        if label.is_empty() {
            return Err(Failure::usage("a label is empty"));
        }
        if !seen.insert(label.to_owned()) {
            return Err(Failure::usage(format!("the label `{label}` is given twice")));
        }
        let mut member = EnumMember::new(label);
        member.description =
            description.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        members.push(member);
    }
    if members.len() < 2 {
        return Err(Failure::usage(
            "give at least two labels to choose from: --label, --labels, --labels-file or --schema",
        ));
    }
    Ok(Shape::Enum(members).into())
}

/// Labels of a file: a line each, or a table with the columns `label` and `description`, or JSON.
pub(crate) fn read(path: &Path) -> Result<Labels> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if ending.eq_ignore_ascii_case("json") {
        return of_json(&contract::read_text(path)?)
            .map_err(|problem| Failure::usage(format!("{}: {problem}", path.display())));
    }
    let format = Format::of(None, path, "a file ending such as .csv or .txt")?;
    if format == Format::Lines {
        let text = contract::read_text(path)?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        return Ok(lines.map(|line| (line.to_owned(), None)).collect());
    }
    let mut rows = open_source(path, format, &Dialect::default())?;
    if let Some(columns) = rows.columns() {
        columns.require(LABEL)?;
    }
    let mut labels = Vec::new();
    while let Some(row) = rows.next() {
        let row = match row {
            Ok(row) => row,
            Err(Fault::Fatal(failure)) => return Err(failure),
            Err(Fault::Row { reason, .. }) => {
                return Err(Failure::usage(format!("{}: {reason}", path.display())));
            }
        };
        let Some(label) = row.cell(LABEL) else {
            let number = row.number;
            let name = path.display();
            return Err(Failure::usage(format!("{name}: row {number} has no `{LABEL}`")));
        };
        let description = row.cell(DESCRIPTION).map(|cell| cell.as_text().to_owned());
        labels.push((label.as_text().to_owned(), description));
    }
    Ok(labels)
}

/// The labels of a schema that is nothing but a choice.
pub(crate) fn of_schema(path: &Path) -> Result<Schema> {
    let schema = contract::read(path)?;
    if matches!(schema.shape(), Shape::Enum(_)) {
        return Ok(schema);
    }
    let name = path.display();
    Err(Failure::usage(format!(
        "{name}: the schema is no enumeration of strings; `extract` takes any schema"
    )))
}

fn of_json(text: &str) -> std::result::Result<Labels, String> {
    let form = || {
        "labels are a list of strings, a list of objects with `label` and `description`, \
         or an object of descriptions by label"
            .to_owned()
    };
    let json: OrderedJson =
        serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
    match &json {
        OrderedJson::Object(members) => members
            .iter()
            .map(|(label, text)| match text {
                OrderedJson::String(text) => Ok((label.to_string(), Some(text.to_string()))),
                OrderedJson::Null => Ok((label.to_string(), None)),
                _ => Err(form()),
            })
            .collect(),
        OrderedJson::Array(elements) => elements
            .iter()
            .map(|element| match element {
                OrderedJson::String(label) => Ok((label.to_string(), None)),
                object => {
                    let text = |name| object.get(name).and_then(OrderedJson::as_str);
                    let label = text(LABEL).ok_or_else(form)?;
                    Ok((label.to_owned(), text(DESCRIPTION).map(str::to_owned)))
                }
            })
            .collect(),
        _ => Err(form()),
    }
}

#[cfg(test)]
mod tests {
    use gemini_extract::Dialect;

    use super::{of_json, schema};

    #[test]
    fn json_has_three_forms() {
        let described =
            Ok(vec![("a".to_owned(), Some("first".to_owned())), ("b".to_owned(), None)]);
        assert_eq!(of_json(r#"{"a": "first", "b": null}"#), described);
        assert_eq!(of_json(r#"[{"label": "a", "description": "first"}, "b"]"#), described);
        for text in ["7", "[7]", r#"{"a": 1}"#, r#"[{"name": "a"}]"#, "["] {
            assert!(of_json(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_choice_needs_two_different_labels() {
        let labels = |labels: &[&str]| {
            schema(labels.iter().map(|label| ((*label).to_owned(), None)).collect())
        };
        assert!(labels(&["a", "b"]).is_ok());
        for bad in [&["a"][..], &[], &["a", " a "], &["a", " "]] {
            assert!(labels(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn descriptions_are_sent() {
        let labels = vec![("a".to_owned(), Some("the first".to_owned())), ("b".to_owned(), None)];
        let lowered = schema(labels).expect("labels").lower(Dialect::Gemini).expect("a schema");
        assert!(lowered.as_str().contains("the first"), "{lowered}");
        assert!(lowered.is_string_enum());
    }
}
