//! The shapes a schema can have.

use super::Pattern;
use crate::format::Format;
use crate::{Integer, Problem, Schema};

/// What kind of JSON value a schema describes, with the limits that this kind can have.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// Any text.
    String(StringShape),
    /// One of several strings.
    Enum(Vec<EnumMember>),
    /// One of several whole numbers.
    IntegerEnum(Vec<IntegerMember>),
    /// A whole number.
    Integer(IntegerShape),
    /// A number.
    Number(NumberShape),
    /// `true` or `false`.
    Boolean,
    /// A list of equal elements.
    Array(ArrayShape),
    /// A list of fixed length, with a schema for each place.
    Tuple(Vec<Schema>),
    /// An object with known properties.
    Object(ObjectShape),
    /// An object with free keys and equal values.
    Map(MapShape),
    /// Whatever one of several schemas describes.
    AnyOf(Vec<Schema>),
    /// A definition of the root schema, by name.
    Reference(String),
    /// Any value at all.
    Any,
    /// `null`.
    Null,
    /// A part of a type that no schema can describe; lowering refuses it with this reason.
    Invalid(Problem),
}

/// Limits of a string.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct StringShape {
    /// The least number of characters (Unicode scalar values).
    pub min_length: Option<u64>,
    /// The greatest number of characters (Unicode scalar values).
    pub max_length: Option<u64>,
    /// A regular expression that matches somewhere in the string.
    pub pattern: Option<Pattern>,
    /// A well-known form.
    pub format: Option<Format>,
}

/// One string of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnumMember {
    /// The string as it stands in JSON.
    pub value: String,
    /// Other spellings that deserializing accepts.
    pub aliases: Vec<String>,
    /// How serializing spells it.
    pub writing: Writing,
    /// What it stands for.
    pub description: Option<String>,
    /// Deserializing takes every other string for this one too, except for these.
    pub(crate) catches_all_but: Option<Vec<String>>,
}

/// One number of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IntegerMember {
    /// The number as it stands in JSON.
    pub value: Integer,
    /// The name that is sent where a dialect has no numbers to choose from.
    pub name: String,
    /// What it stands for.
    pub description: Option<String>,
    /// Deserializing takes every other number for this one too.
    pub(crate) catches_all: bool,
}

/// How serde writes what it reads under another name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Writing {
    /// Under the same name.
    #[default]
    AsRead,
    /// Under this name.
    As(String),
    /// Not at all.
    Never,
}

/// One of serde's two directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Read,
    Written,
}

/// Limits of an integer, both inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IntegerShape {
    /// The least value.
    pub minimum: Integer,
    /// The greatest value.
    pub maximum: Integer,
}

/// Limits of a number, both inclusive.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct NumberShape {
    /// The least value.
    pub minimum: Option<f64>,
    /// The greatest value.
    pub maximum: Option<f64>,
    /// Whether the value has 32 bits (`f32`) instead of 64.
    pub single_precision: bool,
}

/// A list and its limits.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ArrayShape {
    /// What each element looks like.
    pub items: Box<Schema>,
    /// The least number of elements.
    pub min_items: Option<u64>,
    /// The greatest number of elements.
    pub max_items: Option<u64>,
}

/// An object with known properties, in the order of their declaration.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ObjectShape {
    /// The properties.
    pub properties: Vec<Property>,
    /// The properties with free names, if there are any.
    pub additional: Option<Box<Additional>>,
    /// Names that serializing writes and deserializing does not read.
    pub(crate) unread: Vec<String>,
}

/// Properties with free names beside the known ones.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Additional {
    /// The name under which they are sent together, where a dialect has no free names.
    pub name: String,
    /// What each value looks like.
    pub values: Schema,
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Property {
    /// The name in JSON.
    pub name: String,
    /// Other names that deserializing accepts.
    pub aliases: Vec<String>,
    /// What its value looks like.
    pub schema: Schema,
    /// Whether it has to be present.
    pub required: bool,
    /// How serializing names it.
    pub writing: Writing,
}

/// An object with free keys.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MapShape {
    /// What each key looks like: a string or a number.
    pub keys: Box<Schema>,
    /// What each value looks like.
    pub values: Box<Schema>,
    /// How many entries there are at least.
    pub min_properties: Option<u64>,
    /// How many entries there are at most.
    pub max_properties: Option<u64>,
}

impl Shape {
    /// The name of the kind, as an error message says it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Shape::String(_) => "a string",
            Shape::Enum(_) => "an enumeration",
            Shape::IntegerEnum(_) => "an enumeration of numbers",
            Shape::Integer(_) => "an integer",
            Shape::Number(_) => "a number",
            Shape::Boolean => "a boolean",
            Shape::Array(_) => "an array",
            Shape::Tuple(_) => "a tuple",
            Shape::Object(_) => "an object",
            Shape::Map(_) => "a map",
            Shape::AnyOf(_) => "one of several alternatives",
            Shape::Reference(_) => "a recursive type",
            Shape::Any => "any value",
            Shape::Null => "null",
            Shape::Invalid(_) => "a part without a schema",
        }
    }

    /// Whether values of the right kind can still break a limit of this shape itself.
    pub(crate) fn has_limits(&self) -> bool {
        match self {
            Shape::String(shape) => *shape != StringShape::default(),
            Shape::Integer(_) | Shape::Enum(_) | Shape::IntegerEnum(_) => true,
            Shape::Number(shape) => shape.minimum.is_some() || shape.maximum.is_some(),
            Shape::Array(shape) => shape.min_items.is_some() || shape.max_items.is_some(),
            Shape::Map(shape) => shape.has_limits(),
            _ => false,
        }
    }

    /// The schemas directly below this shape.
    pub(crate) fn children(&self) -> Box<dyn Iterator<Item = &Schema> + '_> {
        match self {
            Shape::Array(shape) => Box::new(std::iter::once(&*shape.items)),
            Shape::Tuple(elements) | Shape::AnyOf(elements) => Box::new(elements.iter()),
            Shape::Object(shape) => {
                let additional = shape.additional.iter().map(|additional| &additional.values);
                Box::new(shape.properties.iter().map(|property| &property.schema).chain(additional))
            }
            Shape::Map(shape) => Box::new([&*shape.keys, &*shape.values].into_iter()),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// The same, to be changed.
    pub(crate) fn children_mut(&mut self) -> Box<dyn Iterator<Item = &mut Schema> + '_> {
        match self {
            Shape::Array(shape) => Box::new(std::iter::once(&mut *shape.items)),
            Shape::Tuple(elements) | Shape::AnyOf(elements) => Box::new(elements.iter_mut()),
            Shape::Object(shape) => {
                let properties = shape.properties.iter_mut().map(|property| &mut property.schema);
                let additional = shape.additional.iter_mut();
                Box::new(properties.chain(additional.map(|additional| &mut additional.values)))
            }
            Shape::Map(shape) => Box::new([&mut *shape.keys, &mut *shape.values].into_iter()),
            _ => Box::new(std::iter::empty()),
        }
    }
}

impl MapShape {
    /// A map of any size.
    pub(crate) fn new(keys: Schema, values: Schema) -> MapShape {
        let (keys, values) = (Box::new(keys), Box::new(values));
        MapShape { keys, values, min_properties: None, max_properties: None }
    }

    pub(crate) fn has_limits(&self) -> bool {
        self.min_properties.is_some() || self.max_properties.is_some()
    }
}

impl IntegerShape {
    /// Whether every value fits between two bounds.
    pub(crate) fn fits(&self, minimum: i128, maximum: i128) -> bool {
        self.minimum >= Integer::from(minimum) && self.maximum <= Integer::from(maximum)
    }
}

impl NumberShape {
    /// The greatest number of 32 bits, by its shortest decimal, as serde_json writes it: the exact
    /// value is a little less, and would refuse what serde writes.
    pub(crate) const MOST_SINGLE: f64 = 3.402_823_5e38;
}

impl ObjectShape {
    /// The property with this name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

impl ObjectShape {
    /// What the values of members with this name look like, as they are read.
    pub(crate) fn read(&self, name: &str) -> Option<&Schema> {
        let mut properties = self.properties.iter();
        let known = properties.find(|property| property.answers_to(name, Side::Read));
        let additional = || self.additional.as_ref().map(|additional| &additional.values);
        known.map(|property| &property.schema).or_else(additional)
    }
}

impl Property {
    /// The names that an object member can have to be this property.
    pub(crate) fn names(&self, side: Side) -> impl Iterator<Item = &str> {
        self.writing.names(side, &self.name, &self.aliases)
    }

    /// Whether an object member of this name is this property.
    pub(crate) fn answers_to(&self, name: &str, side: Side) -> bool {
        self.names(side).any(|own| own == name)
    }

    /// The one string that this property can hold, if it is a tag.
    pub(crate) fn tag(&self) -> Option<&EnumMember> {
        match &self.schema.shape {
            Shape::Enum(members) => match &members[..] {
                [member] if !self.schema.annotations.nullable => Some(member),
                _ => None,
            },
            _ => None,
        }
    }
}

impl EnumMember {
    /// Whether this text is its name or an alias, as deserializing reads them.
    #[must_use]
    pub fn is_named(&self, text: &str) -> bool {
        self.value == text || self.aliases.iter().any(|alias| alias == text)
    }

    /// Whether it stands for every text that no other member has, as a variant with
    /// `#[serde(other)]` does: a model that it is sent to can abstain by it.
    #[must_use]
    pub fn is_other(&self) -> bool {
        self.catches_all_but.is_some()
    }

    /// Whether this text stands for this member.
    pub(crate) fn answers_to(&self, text: &str, side: Side) -> bool {
        let is_own = self.writing.names(side, &self.value, &self.aliases).any(|own| own == text);
        is_own || side == Side::Read && self.catches(text)
    }

    fn catches(&self, text: &str) -> bool {
        self.catches_all_but.as_ref().is_some_and(|others| others.iter().all(|name| name != text))
    }
}

impl IntegerMember {
    /// A number with the name that stands for it.
    #[must_use]
    pub fn new(value: impl Into<Integer>, name: impl Into<String>) -> IntegerMember {
        let (value, name) = (value.into(), name.into());
        IntegerMember { value, name, description: None, catches_all: false }
    }
}

impl Additional {
    /// Properties with free names; `name` is used where a dialect has none.
    #[must_use]
    pub fn new(name: impl Into<String>, values: Schema) -> Additional {
        Additional { name: name.into(), values }
    }
}

impl Writing {
    fn names<'a>(
        &'a self,
        side: Side,
        name: &'a str,
        aliases: &'a [String],
    ) -> impl Iterator<Item = &'a str> {
        let (own, others) = match (side, self) {
            (Side::Read, _) => (Some(name), aliases),
            (Side::Written, Writing::AsRead) => (Some(name), Default::default()),
            (Side::Written, Writing::As(name)) => (Some(&name[..]), Default::default()),
            (Side::Written, Writing::Never) => (None, Default::default()),
        };
        own.into_iter().chain(others.iter().map(String::as_str))
    }
}
