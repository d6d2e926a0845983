//! Schemas as shapes with annotations.

mod builders;
mod pattern;
mod shape;

use std::collections::BTreeMap;

pub use pattern::Pattern;
pub(crate) use shape::Side;
pub use shape::{
    Additional, ArrayShape, EnumMember, IntegerMember, IntegerShape, MapShape, NumberShape,
    ObjectShape, Property, Shape, StringShape, Writing,
};

use crate::watch::Glance;
use crate::{
    Dialect, GeminiSchema, Generator, Lowered, Metrics, OrderedJson, SchemaError, Violation,
};

/// What a type looks like as JSON: a [`Shape`] with [`Annotations`].
///
/// A schema belongs to no carrier yet. [`lower`](Schema::lower) turns it into what one
/// [`Dialect`] can say; [`check`](Schema::check) judges a value by it.
///
/// # Examples
///
/// ```
/// use gemini_schema::{Dialect, GeminiSchema, Schema};
///
/// #[derive(GeminiSchema)]
/// struct Recipe {
///     recipe_name: String,
///     ingredients: Vec<String>,
/// }
///
/// let schema = Schema::of::<Vec<Recipe>>();
/// let lowered = schema.lower(Dialect::Gemini)?;
/// assert!(lowered.as_str().contains(r#""propertyOrdering":["recipe_name","ingredients"]"#));
/// # Ok::<(), gemini_schema::SchemaError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    pub(crate) shape: Shape,
    pub(crate) annotations: Annotations,
    pub(crate) definitions: BTreeMap<String, Schema>,
}

/// Words and values that go with a shape.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Annotations {
    /// A short name; costs tokens and is rarely needed.
    pub title: Option<String>,
    /// What the value means: prompt text that steers the model.
    pub description: Option<String>,
    /// Whether `null` is a value too.
    pub nullable: bool,
    /// A value as the model should write it.
    pub example: Option<OrderedJson>,
    /// Whether deserializing enforces the limits of this node, so that they need no second check.
    pub(crate) enforced_by_type: bool,
    /// Whether a limit in or below this node needs that check; known once the schema is lowered.
    pub(crate) is_constrained: bool,
    /// The properties of an object as they are recognized in passing, where that can be.
    pub(crate) glances: Vec<Glance>,
    /// Whether the JSON Schema names no type here, so that values of others conform to it; known
    /// only while it is read.
    pub(crate) is_inferred: bool,
    /// Whether no type stands behind this schema, so that decoding judges all of it.
    pub(crate) has_no_type: bool,
    /// Whether serde reads this node from a buffer, because it had to look further first.
    pub(crate) is_buffered: bool,
    /// How often a recursive type is written out where a dialect has no references.
    pub(crate) max_depth: Option<u32>,
    /// What this node is, if serde cannot read it from a buffer.
    pub(crate) never_buffered: Option<&'static str>,
    /// The form of a text in words; it stands beside whatever description the place has.
    pub(crate) form: Option<&'static str>,
    /// What the type refuses although the schema allows it.
    pub(crate) caveat: Option<&'static str>,
    /// What serde does with the members of this object, where it is flattened.
    pub(crate) flattened: Flattened,
    /// What serde does with members of this object that it does not know.
    pub(crate) others: Others,
}

/// What a flattened type does with the members of the object around it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flattened {
    /// It takes its own out.
    Taken,
    /// It looks for its own and leaves them there, for others to see.
    #[default]
    Seen,
    /// It reads every one that is left.
    All,
    /// It cannot be flattened, because one of its values is `null` where serde finds an object.
    Never,
}

/// What serde does with members that it does not know, the types beside it included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Others {
    /// It ignores them.
    #[default]
    Ignored,
    /// It refuses them where it reads what was kept aside, and else never sees them.
    RefusedAside,
    /// It refuses them.
    Refused,
}

impl Schema {
    /// The schema of a type, with the definitions that its recursive parts refer to.
    ///
    /// Building walks the whole type; keep the result, or use [`Lowered::of`], which does.
    #[must_use]
    pub fn of<T: GeminiSchema + ?Sized>() -> Schema {
        let mut generator = Generator::default();
        let schema = T::schema(&mut generator);
        generator.finish(schema)
    }

    /// Lowers the schema to what a dialect can say.
    ///
    /// # Errors
    ///
    /// [`SchemaError`] lists every part that the dialect cannot express soundly, each with its
    /// path and what to write instead.
    pub fn lower(&self, dialect: Dialect) -> Result<Lowered, SchemaError> {
        Lowered::new(self, dialect)
    }

    /// Judges a value: every violation, with its path, up to a thousand; none if the value conforms.
    ///
    /// The judgement is that of [`Dialect::Draft202012`] with formats asserted, except that names
    /// are those that serde reads, aliases and what `other` stands for among them, and that a value
    /// of more levels than any text that `serde_json` reads is a violation.
    ///
    /// # Examples
    ///
    /// ```
    /// use gemini_schema::Schema;
    /// use serde_json::json;
    ///
    /// let violations = Schema::of::<Vec<u8>>().check(&json!([1, 256]));
    /// assert_eq!(violations[0].path(), "/1");
    /// assert_eq!(violations[0].keyword(), "maximum");
    /// ```
    #[must_use]
    pub fn check(&self, value: &serde_json::Value) -> Vec<Violation> {
        crate::check::strict(self, value)
    }

    /// How large the schema is by itself, as [`Dialect::Draft202012`] writes it.
    ///
    /// What is sent can be larger, where a dialect needs other shapes:
    /// [`Lowered::metrics`](Lowered::metrics) measures that.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let json = crate::lower::exact(self);
        Metrics::of(&json, json.to_string().len())
    }

    /// The shape.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The annotations.
    #[must_use]
    pub fn annotations(&self) -> &Annotations {
        &self.annotations
    }

    /// The definitions that [`Shape::Reference`] names; only the root of a schema has them.
    #[must_use]
    pub fn definitions(&self) -> &BTreeMap<String, Schema> {
        &self.definitions
    }

    /// Whether it is text, and never `null`.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.shape, Shape::String(_)) && !self.annotations.nullable
    }

    /// Finds out for every node whether some limit has to be checked after deserializing.
    pub(crate) fn mark_constrained(&mut self) -> bool {
        let mut is_constrained = !self.annotations.enforced_by_type && self.shape.has_limits();
        for child in self.shape.children_mut().chain(self.definitions.values_mut()) {
            is_constrained |= child.mark_constrained();
        }
        self.annotations.is_constrained = is_constrained;
        if let Shape::Object(shape) = &self.shape {
            self.annotations.glances = Glance::of_properties(shape);
        }
        is_constrained
    }
}
