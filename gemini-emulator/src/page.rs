//! Lists that are answered page by page, and parameters of queries.

use serde_json::{Value, json};

use crate::error::Refusal;

/// How many entries a page of a list has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSizes {
    pub(crate) usual: usize,
    pub(crate) largest: usize,
}

/// A page that is asked for: so many entries after the one of this number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    size: usize,
    after: u64,
}

impl Page {
    /// Reads `pageSize` and `pageToken`.
    pub(crate) fn read(query: Option<&str>, sizes: PageSizes) -> Result<Self, Refusal> {
        let number = |name| parameter(query, name).filter(|value| !value.is_empty());
        let number = |name| number(name).map(str::parse::<u64>).transpose();
        let invalid = |_| Refusal::invalid_argument("Invalid page size or page token.");
        let size = number("pageSize").map_err(invalid)?.filter(|&size| size > 0);
        let size = size.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
        Ok(Page {
            size: size.unwrap_or(sizes.usual).min(sizes.largest),
            after: number("pageToken").map_err(invalid)?.unwrap_or_default(),
        })
    }

    /// The page of entries that are numbered in ascending order, under the name of their collection.
    pub(crate) fn of<T>(
        self,
        collection: &str,
        entries: impl IntoIterator<Item = (u64, T)>,
        describe: impl Fn(T) -> Value,
    ) -> Value {
        let mut rest = entries.into_iter().filter(|(number, _)| *number > self.after).peekable();
        let mut last = self.after;
        let mut page = Vec::new();
        while page.len() < self.size
            && let Some((number, entry)) = rest.next()
        {
            last = number;
            page.push(describe(entry));
        }
        let mut body = json!({});
        if let Some(members) = body.as_object_mut() {
            if !page.is_empty() {
                members.insert(collection.to_owned(), Value::Array(page));
            }
            if rest.peek().is_some() {
                members.insert("nextPageToken".to_owned(), last.to_string().into());
            }
        }
        body
    }
}

/// The value of a parameter, as it stands in the query.
pub(crate) fn parameter<'a>(query: Option<&'a str>, name: &str) -> Option<&'a str> {
    let parameters = query?.split('&').filter_map(|parameter| parameter.split_once('='));
    parameters.into_iter().find(|(found, _)| *found == name).map(|(_, value)| value)
}
