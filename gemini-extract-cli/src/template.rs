//! What is said to the model about a row: one column, or a text with columns in it.

use crate::failure::{Failure, Result};
use crate::table::{Cell, Columns, Row};

/// What is said about a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
    /// Whether an empty value of the one column is worth no question.
    is_column: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Column(String),
}

impl Template {
    /// The value of a column and nothing else.
    pub(crate) fn column(name: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Column(name.into())], is_column: true }
    }

    /// Reads a template: `{name}` stands for a column, `{{` and `}}` for braces.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = brace.strip_prefix("{{").or_else(|| brace.strip_prefix("}}")) {
                plain.push_str(brace.get(..1).unwrap_or_default());
                rest = after;
                continue;
            }
            let Some((name, after)) = brace.strip_prefix('{').and_then(|open| open.split_once('}'))
            else {
                return Err(Failure::usage(format!(
                    "the template has a brace without its partner at `{}`; write {{{{ or }}}} for a brace",
                    shortened(brace)
                )));
            };
            if name.is_empty() || name.contains('{') {
                return Err(Failure::usage(format!(
                    "the template has no column's name between the braces at `{}`; write {{{{ for a brace",
                    shortened(brace)
                )));
            }
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Column(name.to_owned()));
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        if !pieces.iter().any(|piece| matches!(piece, Piece::Column(_))) {
            return Err(Failure::usage(
                "the template names no column: write {name} where one goes",
            ));
        }
        Ok(Self { pieces, is_column: false })
    }

    /// The same from a command line, where `\n`, `\t` and `\\` stand for what they stand for in
    /// most languages.
    pub(crate) fn parse_flag(text: &str) -> Result<Self> {
        let mut plain = String::with_capacity(text.len());
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some('n') => plain.push('\n'),
                    Some('t') => plain.push('\t'),
                    Some('\\') => plain.push('\\'),
                    other => {
                        let other = other.map(String::from).unwrap_or_default();
                        return Err(Failure::usage(format!(
                            "the template has `\\{other}`; `\\n`, `\\t` and `\\\\` are known"
                        )));
                    }
                },
                other => plain.push(other),
            }
        }
        Self::parse(&plain)
    }

    /// That all its columns are among these.
    pub(crate) fn check(&self, columns: &Columns) -> Result<()> {
        self.names().try_for_each(|name| columns.require(name))
    }

    /// What is said about this row, or why nothing can be.
    pub(crate) fn render(&self, row: &Row) -> std::result::Result<String, String> {
        let mut text = String::new();
        for piece in &self.pieces {
            let name = match piece {
                Piece::Text(plain) => {
                    text.push_str(plain);
                    continue;
                }
                Piece::Column(name) => name,
            };
            match row.cell(name) {
                None => return Err(format!("it has no column `{name}`")),
                Some(Cell::Null) if self.is_column => return Err(format!("`{name}` is null")),
                Some(Cell::Null) => {}
                Some(cell) => text.push_str(cell.as_text()),
            }
        }
        if text.trim().is_empty() {
            let name = self.names().next().unwrap_or_default();
            return Err(if self.is_column {
                format!("`{name}` is empty")
            } else {
                "nothing is left to say: all its columns are empty".to_owned()
            });
        }
        Ok(text)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Column(name) => Some(&**name),
            Piece::Text(_) => None,
        })
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::Template;
    use crate::table::{Cell, Columns, Row};

    fn row() -> Row {
        let names = Columns::new(["title", "body", "note"]);
        let cells = vec![Cell::Text("Oats".into()), Cell::json("7"), Cell::Null];
        Row::new(1, &names, cells)
    }

    fn said(template: &str) -> Result<String, String> {
        Template::parse(template).map_err(|error| error.to_string())?.render(&row())
    }

    #[test]
    fn columns_stand_in_the_text() {
        assert_eq!(said("Title: {title}\n{body}").as_deref(), Ok("Title: Oats\n7"));
        assert_eq!(said("{{{title}}} {{}}").as_deref(), Ok("{Oats} {}"));
        assert_eq!(said("a{note}b").as_deref(), Ok("ab"), "null is nothing");
    }

    #[test]
    fn flags_have_escapes() {
        let template = Template::parse_flag(r"{title}\n\t\\n").expect("a template");
        assert_eq!(template.render(&row()).as_deref(), Ok("Oats\n\t\\n"));
        assert!(Template::parse_flag(r"{title}\x").is_err());
        assert!(Template::parse_flag("{title}\\").is_err());
    }

    #[test]
    fn mistakes_are_told() {
        for (template, word) in [
            ("{title", "partner"),
            ("title}", "partner"),
            ("{}", "no column's name"),
            ("{a{title}", "no column's name"),
            ("plain", "names no column"),
            ("", "names no column"),
        ] {
            let error = Template::parse(template).expect_err(template).to_string();
            assert!(error.contains(word), "{template}: {error}");
        }
        assert_eq!(said("{other}"), Err("it has no column `other`".to_owned()));
        assert!(said("{note}").is_err_and(|error| error.contains("nothing is left")));
    }

    #[test]
    fn a_column_alone_has_to_be_there() {
        let said = |name: &str| Template::column(name).render(&row());
        assert_eq!(said("body").as_deref(), Ok("7"));
        assert_eq!(said("note"), Err("`note` is null".to_owned()));
    }

    #[test]
    fn known_columns_are_listed() {
        let template = Template::parse("{titel}").expect("a template");
        let error =
            template.check(&Columns::new(["title", "body"])).expect_err("a misspelt column");
        let error = error.to_string();
        assert!(error.contains("`titel`") && error.contains("title, body"), "{error}");
    }
}
