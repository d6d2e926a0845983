use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::{Lit, LitStr, Token};

use super::{Key, Written};
use crate::entries::{Entry, Value, ungroup};
use crate::model::Number;

pub(super) fn flag(key: Key, entry: Entry) -> syn::Result<Written<()>> {
    match entry.value {
        Value::Absent => Ok(Written { value: (), tokens: entry.tokens }),
        Value::Assigned(_) | Value::List => {
            Err(error(&entry.tokens, format!("`{key}` takes no value: write `{key}` alone")))
        }
    }
}

pub(super) fn expression(key: Key, entry: Entry) -> syn::Result<Written<TokenStream>> {
    match entry.value {
        Value::Assigned(value) => Ok(Written { value, tokens: entry.tokens }),
        Value::Absent | Value::List => Err(expected(key, &entry.tokens)),
    }
}

pub(super) fn text(key: Key, entry: Entry) -> syn::Result<Written<String>> {
    let written = literal_text(key, entry)?;
    let value = written.value.value();
    if value.trim().is_empty() {
        return Err(error(
            &written.tokens,
            format!("`{key}` is empty: write some text or remove it"),
        ));
    }
    Ok(Written { value, tokens: written.tokens })
}

pub(super) fn path(key: Key, entry: Entry) -> syn::Result<Written<syn::Path>> {
    let written = literal_text(key, entry)?;
    let value = written
        .value
        .parse_with(syn::Path::parse_mod_style)
        .map_err(|_| expected(key, &written.tokens))?;
    Ok(Written { value, tokens: written.tokens })
}

pub(super) fn ty(key: Key, entry: Entry) -> syn::Result<Written<syn::Type>> {
    let written = literal_text(key, entry)?;
    let value = written.value.parse().map_err(|_| expected(key, &written.tokens))?;
    Ok(Written { value, tokens: written.tokens })
}

pub(super) fn bound(key: Key, entry: Entry) -> syn::Result<Written<Vec<syn::WherePredicate>>> {
    let written = literal_text(key, entry)?;
    let parse = Punctuated::<syn::WherePredicate, Token![,]>::parse_terminated;
    let value = written.value.parse_with(parse).map_err(|_| expected(key, &written.tokens))?;
    Ok(Written { value: value.into_iter().collect(), tokens: written.tokens })
}

pub(super) fn depth(key: Key, entry: Entry) -> syn::Result<Written<u32>> {
    let written = count(key, entry)?;
    match u32::try_from(written.value) {
        Ok(0) => Err(error(
            &written.tokens,
            format!("`{key}` says how often the type may contain itself: write 1 or more"),
        )),
        Ok(value) => Ok(Written { value, tokens: written.tokens }),
        Err(_) => {
            Err(error(&written.tokens, format!("`{key}` is too large: write at most {}", u32::MAX)))
        }
    }
}

pub(super) fn number(key: Key, entry: Entry) -> syn::Result<Written<Number>> {
    let tokens = entry.tokens.clone();
    let Value::Assigned(value) = entry.value else {
        return Err(expected(key, &tokens));
    };
    let value = literal_number(value).ok_or_else(|| expected(key, &tokens))??;
    Ok(Written { value, tokens })
}

pub(super) fn count(key: Key, entry: Entry) -> syn::Result<Written<u64>> {
    let written = number(key, entry)?;
    match written.value {
        Number::Integer(value) if value < 0 => {
            Err(error(&written.tokens, format!("`{key}` can't be negative: write 0 or more")))
        }
        Number::Integer(value) => match u64::try_from(value) {
            Ok(value) => Ok(Written { value, tokens: written.tokens }),
            Err(_) => Err(error(
                &written.tokens,
                format!("`{key}` is too large: write at most {}", u64::MAX),
            )),
        },
        Number::Float(_) => Err(expected(key, &written.tokens)),
    }
}

/// The number that a literal stands for, `None` if this is no literal number.
pub(crate) fn literal_number(value: TokenStream) -> Option<syn::Result<Number>> {
    match syn::parse2(ungroup(value)).ok()? {
        Lit::Int(literal) => Some(literal.base10_parse().map(Number::Integer)),
        Lit::Float(literal) => Some(match literal.base10_parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Number::Float(value)),
            _ => Err(error(&literal, "this number doesn't fit into an f64")),
        }),
        _ => None,
    }
}

pub(crate) fn literal_string(value: TokenStream) -> Option<String> {
    let literal: LitStr = syn::parse2(ungroup(value)).ok()?;
    Some(literal.value())
}

fn literal_text(key: Key, entry: Entry) -> syn::Result<Written<LitStr>> {
    let tokens = entry.tokens;
    let Value::Assigned(value) = entry.value else {
        return Err(expected(key, &tokens));
    };
    let value = syn::parse2(ungroup(value)).map_err(|_| expected(key, &tokens))?;
    Ok(Written { value, tokens })
}

fn expected(key: Key, tokens: &TokenStream) -> syn::Error {
    let expected = match key {
        Key::Crate => "a path in quotes: write `crate = \"some::path\"`",
        Key::Pattern => "a regular expression in quotes: write `pattern = \"^[a-z]+$\"`",
        Key::Format => "a string: write `format = \"date-time\"`",
        Key::Description => "a string: write `description = \"..\"`",
        Key::Title => "a string: write `title = \"..\"`",
        Key::Example => "a value: write `example = <expression>`",
        Key::Minimum => "a number: write `minimum = 1` or `minimum = -0.5`",
        Key::Maximum => "a number: write `maximum = 10` or `maximum = 0.5`",
        Key::MinLength => "a number of characters: write `min_length = 1`",
        Key::MaxLength => "a number of characters: write `max_length = 10`",
        Key::MinItems => "a number of items: write `min_items = 1`",
        Key::MaxItems => "a number of items: write `max_items = 10`",
        Key::MinProperties => "a number of entries: write `min_properties = 1`",
        Key::MaxProperties => "a number of entries: write `max_properties = 10`",
        Key::With => "a type in quotes: write `with = \"Type\"`",
        Key::Schema => "a path in quotes: write `schema = \"path::to::function\"`",
        Key::Bound => "predicates in quotes: write `bound = \"T: Trait, U: Trait\"`",
        Key::MaxDepth => "a number of levels: write `max_depth = 3`",
        Key::Nullable | Key::Optional | Key::Required | Key::Integer => "no value",
    };
    error(tokens, format!("`{key}` takes {expected}"))
}

fn error(tokens: impl quote::ToTokens, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new_spanned(tokens, message)
}
