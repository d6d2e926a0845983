//! The entries of an attribute list, `key`, `key = value` or `key(..)`, each kept with its tokens.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
    pub(crate) tokens: TokenStream,
}

pub(crate) enum Value {
    Absent,
    Assigned(TokenStream),
    List,
}

/// The well-formed entries, and the tokens of those that are not.
pub(crate) fn entries(list: TokenStream) -> impl Iterator<Item = Result<Entry, TokenStream>> {
    split_at_commas(list)
        .into_iter()
        .map(|tokens| entry(&tokens).ok_or_else(|| tokens.into_iter().collect()))
}

/// The stream inside invisible groups, which is how `macro_rules` hands over its `$fragments`.
pub(crate) fn ungroup(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            ungroup(group.stream())
        }
        _ => tokens,
    }
}

fn entry(tokens: &[TokenTree]) -> Option<Entry> {
    let (first, rest) = tokens.split_first()?;
    let TokenTree::Ident(key) = first else {
        return None;
    };
    let value = match rest.split_first() {
        None => Value::Absent,
        Some((TokenTree::Punct(punct), value)) if punct.as_char() == '=' && !value.is_empty() => {
            Value::Assigned(value.iter().cloned().collect())
        }
        Some((TokenTree::Group(group), [])) if group.delimiter() == Delimiter::Parenthesis => {
            Value::List
        }
        Some(_) => return None,
    };
    Some(Entry { key: key.clone(), value, tokens: tokens.iter().cloned().collect() })
}

/// Splits at commas, but not at those between the generic arguments of a value.
fn split_at_commas(list: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut entries = Vec::new();
    let mut current: Vec<TokenTree> = Vec::new();
    let mut angles = 0_usize;
    for token in list {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                ',' if angles == 0 => {
                    entries.push(std::mem::take(&mut current));
                    continue;
                }
                '<' if angles > 0 || opens_generics(&current) => angles += 1,
                '>' if angles > 0 && !ends_in(&current, &['-', '=']) => angles -= 1,
                _ => {}
            }
        }
        current.push(token);
    }
    if !current.is_empty() {
        entries.push(current);
    }
    entries
}

fn opens_generics(before: &[TokenTree]) -> bool {
    ends_in(before, &[':']) || (before.len() == 2 && ends_in(before, &['=']))
}

fn ends_in(tokens: &[TokenTree], characters: &[char]) -> bool {
    matches!(tokens.last(), Some(TokenTree::Punct(punct)) if characters.contains(&punct.as_char()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(list: &str) -> Vec<String> {
        let list: TokenStream = list.parse().unwrap();
        entries(list)
            .map(|entry| match entry {
                Ok(entry) => entry.key.to_string(),
                Err(tokens) => format!("? {tokens}"),
            })
            .collect()
    }

    #[test]
    fn splits_flags_values_and_lists() {
        assert_eq!(keys("a, b = 1, c(d, e), "), ["a", "b", "c"]);
        assert_eq!(keys(""), [""; 0]);
    }

    #[test]
    fn keeps_generic_arguments_together() {
        assert_eq!(keys("example = Map::<u8, u8>::new(), title = \"t\""), ["example", "title"]);
        assert_eq!(
            keys("example = <(u8, u8) as Pair<u8, u8>>::new(), nullable"),
            ["example", "nullable"]
        );
        assert_eq!(keys("example = 1 < 2, nullable"), ["example", "nullable"]);
        assert_eq!(keys("example = f::<fn(u8) -> u8, u8>(), nullable"), ["example", "nullable"]);
    }

    #[test]
    fn gives_back_what_is_no_entry() {
        assert_eq!(keys("a b, \"c\", d =, e"), ["? a b", "? \"c\"", "? d =", "e"]);
        assert_eq!(keys("a, , b"), ["a", "? ", "b"]);
    }
}
