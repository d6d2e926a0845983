//! Schemas made by hand, for types that cannot derive.

use super::{
    Annotations, ArrayShape, EnumMember, Flattened, IntegerMember, IntegerShape, MapShape,
    NumberShape, ObjectShape, Others, Pattern, Property, Schema, Shape, StringShape, Writing,
};
use crate::format::Format;
use crate::{Integer, OrderedJson, Problem};

impl From<Shape> for Schema {
    fn from(shape: Shape) -> Self {
        Schema { shape, annotations: Annotations::default(), definitions: Default::default() }
    }
}

impl Schema {
    /// Any text.
    #[must_use]
    pub fn string() -> Schema {
        Shape::String(StringShape::default()).into()
    }

    /// Text that matches a regular expression somewhere.
    ///
    /// # Errors
    ///
    /// The reason why the expression does not compile.
    pub fn pattern(source: &str) -> Result<Schema, regex_lite::Error> {
        let pattern = Some(Pattern::new(source)?);
        Ok(Shape::String(StringShape { pattern, ..StringShape::default() }).into())
    }

    /// Text of a well-known form.
    #[must_use]
    pub fn format(format: Format) -> Schema {
        Shape::String(StringShape { format: Some(format), ..StringShape::default() }).into()
    }

    /// One of these strings.
    #[must_use]
    pub fn enumeration<S: Into<String>>(members: impl IntoIterator<Item = S>) -> Schema {
        Shape::Enum(members.into_iter().map(|value| EnumMember::new(value)).collect()).into()
    }

    /// A whole number between two bounds, both included.
    #[must_use]
    pub fn integer(minimum: impl Into<Integer>, maximum: impl Into<Integer>) -> Schema {
        let (minimum, maximum) = (minimum.into(), maximum.into());
        Shape::Integer(IntegerShape { minimum, maximum }).into()
    }

    /// A number of 64 bits.
    #[must_use]
    pub fn number() -> Schema {
        Shape::Number(NumberShape::default()).into()
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean() -> Schema {
        Shape::Boolean.into()
    }

    /// One of these numbers.
    #[must_use]
    pub fn integer_enumeration(members: impl IntoIterator<Item = IntegerMember>) -> Schema {
        Shape::IntegerEnum(members.into_iter().collect()).into()
    }

    /// A list of equal elements.
    #[must_use]
    pub fn array(items: Schema) -> Schema {
        let items = Box::new(items);
        Shape::Array(ArrayShape { items, min_items: None, max_items: None }).into()
    }

    /// A list with a schema for each place.
    #[must_use]
    pub fn tuple(elements: impl IntoIterator<Item = Schema>) -> Schema {
        Shape::Tuple(elements.into_iter().collect()).into()
    }

    /// An object with these properties, in this order.
    #[must_use]
    pub fn object(properties: impl IntoIterator<Item = Property>) -> Schema {
        let properties = properties.into_iter().collect();
        Shape::Object(ObjectShape { properties, ..ObjectShape::default() }).into()
    }

    /// An object with free keys.
    ///
    /// Keys are strings or numbers, which serde writes as strings; keys that are an enumeration or
    /// `bool` make an object with one optional property for each. Lowering refuses all others.
    #[must_use]
    pub fn map(keys: Schema, values: Schema) -> Schema {
        if keys.annotations.nullable {
            return Schema::invalid(Problem::map_keys("null"));
        }
        match keys.shape {
            Shape::AnyOf(ref texts) if texts.iter().all(Schema::is_text) => {
                Shape::Map(MapShape::new(keys, values)).into()
            }
            Shape::Enum(members) => {
                let mut map = Schema::object(members.into_iter().map(|member| Property {
                    aliases: member.aliases,
                    writing: member.writing,
                    ..Property::optional(member.value, values.clone())
                }));
                map.annotations.flattened = Flattened::All;
                map
            }
            Shape::IntegerEnum(members) => {
                let names = members.iter().map(|member| member.value.to_string());
                Schema::map(Schema::enumeration(names), values)
                    .never_buffered("a map with numbers as its keys")
            }
            Shape::String(_) => Shape::Map(MapShape::new(keys, values)).into(),
            Shape::Integer(_) | Shape::Number(_) => {
                Schema::from(Shape::Map(MapShape::new(keys, values)))
                    .never_buffered("a map with numbers as its keys")
            }
            Shape::Boolean => Schema::map(Schema::enumeration(["false", "true"]), values)
                .never_buffered("a map with bool as its key"),
            other => Schema::invalid(Problem::map_keys(other.kind())),
        }
    }

    /// Whatever one of these schemas describes; `null` among them makes the others nullable.
    #[must_use]
    pub fn any_of(alternatives: impl IntoIterator<Item = Schema>) -> Schema {
        let (nulls, mut others): (Vec<_>, Vec<_>) =
            alternatives.into_iter().partition(|schema| matches!(schema.shape, Shape::Null));
        match others.len() {
            0 => nulls.into_iter().next().unwrap_or_else(Schema::null),
            1 if nulls.is_empty() => others.remove(0),
            1 => others.remove(0).nullable(),
            _ if nulls.is_empty() => Shape::AnyOf(others).into(),
            _ => Schema::from(Shape::AnyOf(others)).nullable(),
        }
    }

    /// Any value at all.
    #[must_use]
    pub fn any() -> Schema {
        Shape::Any.into()
    }

    /// `null`.
    #[must_use]
    pub fn null() -> Schema {
        Shape::Null.into()
    }

    /// A part that no schema can describe: lowering refuses it with this reason.
    #[must_use]
    pub fn invalid(problem: Problem) -> Schema {
        Shape::Invalid(problem).into()
    }

    /// The same, or `null`.
    #[must_use]
    pub fn nullable(mut self) -> Schema {
        self.annotations.nullable = true;
        self
    }

    /// The same with a description.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Schema {
        self.annotations.description = Some(description.into());
        self
    }

    /// The same with a title.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Schema {
        self.annotations.title = Some(title.into());
        self
    }

    /// The same with an example.
    #[must_use]
    pub fn with_example(mut self, example: OrderedJson) -> Schema {
        self.annotations.example = Some(example);
        self
    }

    /// The same, with what the type refuses although the schema allows it.
    ///
    /// For types that no schema describes exactly: [`Lowered::notes`](crate::Lowered::notes) says
    /// it, and decoding reports such a value as a violation of `serde`.
    #[must_use]
    pub fn with_caveat(mut self, refused: &'static str) -> Schema {
        self.annotations.caveat = Some(refused);
        self
    }

    /// The same, read by serde from a buffer.
    pub(crate) fn buffered(mut self) -> Schema {
        self.annotations.is_buffered = true;
        self
    }

    /// The same, known not to be read from a buffer.
    pub(crate) fn never_buffered(mut self, kind: &'static str) -> Schema {
        self.annotations.never_buffered = Some(kind);
        self
    }

    /// The same object, of which serde takes its own members and refuses others.
    pub(crate) fn closed(mut self) -> Schema {
        self.annotations.flattened = Flattened::Taken;
        self.annotations.others = Others::RefusedAside;
        self
    }

    /// The same with the form of its text in words.
    pub(crate) fn with_form(mut self, words: &'static str) -> Schema {
        self.annotations.form = Some(words);
        self
    }

    /// The same, its limits known to be enforced by the type itself.
    pub(crate) fn enforced_by_type(mut self) -> Schema {
        self.annotations.enforced_by_type = true;
        self
    }
}

impl EnumMember {
    /// A member without a description.
    #[must_use]
    pub fn new(value: impl Into<String>) -> EnumMember {
        EnumMember {
            value: value.into(),
            aliases: Vec::new(),
            writing: Writing::AsRead,
            description: None,
            catches_all_but: None,
        }
    }
}

impl Property {
    /// A property that has to be present.
    #[must_use]
    pub fn required(name: impl Into<String>, schema: Schema) -> Property {
        Property {
            name: name.into(),
            aliases: Vec::new(),
            schema,
            required: true,
            writing: Writing::AsRead,
        }
    }

    /// A property that may be left out.
    #[must_use]
    pub fn optional(name: impl Into<String>, schema: Schema) -> Property {
        Property { required: false, ..Property::required(name, schema) }
    }
}
