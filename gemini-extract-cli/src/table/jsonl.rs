//! Rows that are JSON objects, one on each line.

use std::fmt;
use std::io::BufRead;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::lines::Lines;
use super::{Cell, Columns, Fault, Row, Rows};

struct JsonRows {
    lines: Lines,
    number: u64,
    /// The columns of the row before; most rows have the same.
    columns: Columns,
}

/// The members of an object, in their order.
struct Members(Vec<(String, Box<RawValue>)>);

pub(super) fn read(reader: Box<dyn BufRead + Send>) -> Box<dyn Rows> {
    Box::new(JsonRows { lines: Lines::new(reader), number: 0, columns: Columns::new::<String>([]) })
}

/// Reads the object on a line.
pub(super) fn object(
    text: &str,
    number: u64,
    columns: &mut Columns,
) -> std::result::Result<Row, String> {
    let Members(members) = serde_json::from_str(text).map_err(|error| match text.trim_start() {
        array if array.starts_with('[') => {
            "a JSON array; make it lines with `jq -c '.[]'`".to_owned()
        }
        _ if error.is_data() => "no JSON object".to_owned(),
        _ => format!("no JSON: {}", place(&error)),
    })?;
    let (names, cells): (Vec<_>, Vec<_>) =
        members.into_iter().map(|(name, raw)| (name, Cell::from_raw(raw))).unzip();
    if !columns.are(names.iter().map(|name| &**name)) {
        *columns = Columns::new(names);
        if let Some(name) = columns.repeated() {
            return Err(format!("it has the member `{name}` twice"));
        }
    }
    Ok(Row::new(number, columns, cells))
}

impl Rows for JsonRows {
    fn columns(&self) -> Option<&Columns> {
        None
    }

    fn next(&mut self) -> Option<std::result::Result<Row, Fault>> {
        loop {
            let line = self.lines.next()?;
            if matches!(&line, Ok(text) if text.trim().is_empty()) {
                continue;
            }
            self.number += 1;
            let place = self.lines.number();
            let row = line.map_err(|fault| fault.at(self.number)).and_then(|text| {
                object(&text, self.number, &mut self.columns)
                    .map_err(|reason| Fault::row(self.number, format!("line {place}: {reason}")))
            });
            return Some(row);
        }
    }
}

fn place(error: &serde_json::Error) -> String {
    if error.is_eof() {
        "it ends too early".to_owned()
    } else {
        format!("see column {}", error.column())
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}
