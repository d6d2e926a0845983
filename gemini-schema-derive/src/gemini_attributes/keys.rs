use std::fmt::{self, Display};

use proc_macro2::Ident;

/// Where an attribute stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Container,
    Variant,
    Field,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Key {
    Bound,
    Crate,
    Description,
    Example,
    Format,
    Integer,
    MaxDepth,
    MaxItems,
    MaxLength,
    MaxProperties,
    Maximum,
    MinItems,
    MinLength,
    MinProperties,
    Minimum,
    Nullable,
    Optional,
    Pattern,
    Required,
    Schema,
    Title,
    With,
}

impl Key {
    const ALL: [Key; 22] = [
        Key::Bound,
        Key::Crate,
        Key::Description,
        Key::Example,
        Key::Format,
        Key::Integer,
        Key::MaxDepth,
        Key::MaxItems,
        Key::MaxLength,
        Key::MaxProperties,
        Key::Maximum,
        Key::MinItems,
        Key::MinLength,
        Key::MinProperties,
        Key::Minimum,
        Key::Nullable,
        Key::Optional,
        Key::Pattern,
        Key::Required,
        Key::Schema,
        Key::Title,
        Key::With,
    ];

    pub(super) fn parse(key: &Ident, place: Place) -> syn::Result<Key> {
        let written = key.to_string();
        let Some(found) = Key::from_name(&written) else {
            return Err(syn::Error::new_spanned(key, unknown(&written, place)));
        };
        if found.stands_on(place) {
            return Ok(found);
        }
        Err(syn::Error::new_spanned(key, found.misplaced(place)))
    }

    /// Whether this key limits what a value may be.
    pub(crate) fn is_constraint(self) -> bool {
        match self {
            Key::Format
            | Key::MaxItems
            | Key::MaxLength
            | Key::MaxProperties
            | Key::Maximum
            | Key::MinItems
            | Key::MinLength
            | Key::MinProperties
            | Key::Minimum
            | Key::Pattern => true,
            Key::Bound
            | Key::Crate
            | Key::Description
            | Key::Example
            | Key::Integer
            | Key::MaxDepth
            | Key::Nullable
            | Key::Optional
            | Key::Required
            | Key::Schema
            | Key::Title
            | Key::With => false,
        }
    }

    /// Whether this key says where the schema comes from.
    pub(crate) fn is_source(self) -> bool {
        matches!(self, Key::Schema | Key::With)
    }

    fn is_of_types(self) -> bool {
        matches!(self, Key::Bound | Key::Crate | Key::Integer | Key::MaxDepth)
    }

    fn from_name(name: &str) -> Option<Key> {
        Key::ALL.into_iter().find(|key| key.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Key::Bound => "bound",
            Key::Crate => "crate",
            Key::Description => "description",
            Key::Example => "example",
            Key::Format => "format",
            Key::Integer => "integer",
            Key::MaxDepth => "max_depth",
            Key::MaxItems => "max_items",
            Key::MaxLength => "max_length",
            Key::MaxProperties => "max_properties",
            Key::Maximum => "maximum",
            Key::MinItems => "min_items",
            Key::MinLength => "min_length",
            Key::MinProperties => "min_properties",
            Key::Minimum => "minimum",
            Key::Nullable => "nullable",
            Key::Optional => "optional",
            Key::Pattern => "pattern",
            Key::Required => "required",
            Key::Schema => "schema",
            Key::Title => "title",
            Key::With => "with",
        }
    }

    fn stands_on(self, place: Place) -> bool {
        match place {
            Place::Container => {
                !matches!(self, Key::Nullable | Key::Optional | Key::Required) && !self.is_source()
            }
            Place::Variant => matches!(self, Key::Description | Key::Title) || self.is_source(),
            Place::Field => !self.is_of_types(),
        }
    }

    fn misplaced(self, place: Place) -> String {
        match (self, place) {
            (Key::With | Key::Schema, Place::Container) => format!(
                "`{self}` belongs on a field: write it there, or `#[serde(from = \"..\")]` here"
            ),
            _ if self.is_of_types() => {
                format!("`{self}` belongs on the type: write it above the type")
            }
            (_, Place::Variant) => {
                format!(
                    "`{self}` belongs on a field: write it inside the variant, before the field"
                )
            }
            (_, Place::Container | Place::Field) => {
                format!("`{self}` belongs on a field: write it before the field")
            }
        }
    }
}

impl Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

fn unknown(written: &str, place: Place) -> String {
    if let Some(remedy) = in_serde(written) {
        return format!("`{written}` is read from serde: write `{remedy}`");
    }
    if let Some(meant) = other_word(written).or_else(|| near_miss(written)) {
        return format!("unknown attribute `{written}`: did you mean `{meant}`?");
    }
    let known: Vec<String> = Key::ALL
        .into_iter()
        .filter(|key| key.stands_on(place))
        .map(|key| format!("`{key}`"))
        .collect();
    let place = match place {
        Place::Container => "a type",
        Place::Variant => "a variant",
        Place::Field => "a field",
    };
    format!("unknown attribute `{written}`: {place} takes {}", known.join(", "))
}

fn in_serde(written: &str) -> Option<&'static str> {
    Some(match written {
        "rename" => "#[serde(rename = \"..\")]",
        "rename_all" => "#[serde(rename_all = \"..\")]",
        "rename_all_fields" => "#[serde(rename_all_fields = \"..\")]",
        "alias" => "#[serde(alias = \"..\")]",
        "default" => "#[serde(default)]",
        "skip" | "ignore" => "#[serde(skip)]",
        "skip_serializing_if" => "#[serde(skip_serializing_if = \"..\")]",
        "flatten" => "#[serde(flatten)]",
        "tag" => "#[serde(tag = \"..\")]",
        "content" => "#[serde(tag = \"..\", content = \"..\")]",
        "untagged" => "#[serde(untagged)]",
        "transparent" => "#[serde(transparent)]",
        "from" => "#[serde(from = \"..\")]",
        "try_from" => "#[serde(try_from = \"..\")]",
        "into" => "#[serde(into = \"..\")]",
        "remote" => "#[serde(remote = \"..\")]",
        "other" => "#[serde(other)]",
        "deny_unknown_fields" => "#[serde(deny_unknown_fields)]",
        _ => return None,
    })
}

fn other_word(written: &str) -> Option<Key> {
    let lower: String = written
        .chars()
        .filter(|&character| character != '_')
        .flat_map(char::to_lowercase)
        .collect();
    Some(match lower.as_str() {
        "min" | "ge" | "gte" | "atleast" => Key::Minimum,
        "max" | "le" | "lte" | "atmost" => Key::Maximum,
        "minlen" | "minlength" | "minchars" => Key::MinLength,
        "maxlen" | "maxlength" | "maxchars" => Key::MaxLength,
        "minitems" | "mincount" | "minsize" => Key::MinItems,
        "maxitems" | "maxcount" | "maxsize" => Key::MaxItems,
        "minentries" | "minproperties" => Key::MinProperties,
        "maxentries" | "maxproperties" => Key::MaxProperties,
        "regex" | "regexp" => Key::Pattern,
        "desc" | "doc" | "docs" => Key::Description,
        "examples" => Key::Example,
        "null" => Key::Nullable,
        "repr" | "integers" | "number" => Key::Integer,
        "depth" | "maxrecursion" => Key::MaxDepth,
        "bounds" | "where" => Key::Bound,
        "schemawith" | "as" => Key::Schema,
        "option" => Key::Optional,
        _ => return None,
    })
}

fn near_miss(written: &str) -> Option<Key> {
    Key::ALL
        .into_iter()
        .map(|key| (distance(written, key.name()), key))
        .filter(|&(distance, key)| distance <= 2 && distance * 2 < key.name().len())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, key)| key)
}

/// The number of characters to insert, delete or replace to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (index, left) in from.chars().enumerate() {
        let mut next = vec![index + 1];
        let mut before = index + 1;
        for ((right, &above), &diagonal) in to.chars().zip(row.iter().skip(1)).zip(row.iter()) {
            before = (before + 1).min(above + 1).min(diagonal + usize::from(left != right));
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("title", "title"), 0);
        assert_eq!(distance("titel", "title"), 2);
        assert_eq!(distance("maximun", "maximum"), 1);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn suggests_what_was_probably_meant() {
        let meant = |written| other_word(written).or_else(|| near_miss(written));
        assert_eq!(meant("min"), Some(Key::Minimum));
        assert_eq!(meant("maxLength"), Some(Key::MaxLength));
        assert_eq!(meant("patern"), Some(Key::Pattern));
        assert_eq!(meant("titel"), Some(Key::Title));
        assert_eq!(meant("min_item"), Some(Key::MinItems));
        assert_eq!(meant("colour"), None);
    }

    #[test]
    fn every_key_is_found_by_its_name() {
        for key in Key::ALL {
            assert_eq!(Key::from_name(key.name()), Some(key));
        }
    }
}
