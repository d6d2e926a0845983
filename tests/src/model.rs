//! What a schema on the wire means, read from the reference of the service alone.

mod read;

use std::collections::BTreeMap;

use gemini_schema::Dialect;
use regex_syntax::hir::Hir;

use crate::whole::Whole;

pub use read::Reading;

/// How a schema travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// `responseSchema`: the subset of OpenAPI.
    Schema,
    /// The same on Vertex AI, with maps and references.
    Vertex,
    /// `responseJsonSchema`: the subset of JSON Schema.
    JsonSchema,
    /// `response_format.json_schema` in its strict form.
    OpenAi,
    /// None: JSON Schema Draft 2020-12 for validators.
    Draft,
}

impl Carrier {
    /// The carrier of a dialect.
    #[must_use]
    pub fn of(dialect: Dialect) -> Carrier {
        match dialect {
            Dialect::Gemini => Carrier::Schema,
            Dialect::Vertex => Carrier::Vertex,
            Dialect::GeminiJson => Carrier::JsonSchema,
            Dialect::OpenAi => Carrier::OpenAi,
            _ => Carrier::Draft,
        }
    }

    /// Whether it speaks OpenAPI, where objects are closed and formats limit numbers.
    #[must_use]
    pub fn is_openapi(self) -> bool {
        matches!(self, Carrier::Schema | Carrier::Vertex)
    }

    /// Whether members are generated in the order of `propertyOrdering`.
    #[must_use]
    pub fn has_order(self) -> bool {
        self.is_openapi() || self == Carrier::JsonSchema
    }

    /// Whether nothing in a schema is mere advice.
    #[must_use]
    pub fn is_strict(self) -> bool {
        matches!(self, Carrier::OpenAi | Carrier::Draft)
    }
}

/// Which keywords a decoder is taken to obey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obey {
    /// All that are there.
    Everything,
    /// Those which the service enforces: not those that it calls advisory or ignores.
    Enforced,
}

/// A schema with its definitions.
#[derive(Debug)]
pub struct Model {
    /// The root.
    pub root: Node,
    /// What references name.
    pub definitions: BTreeMap<String, Node>,
}

/// One node of a schema.
#[derive(Debug)]
pub struct Node {
    /// Whether `null` fits too.
    pub nullable: bool,
    /// What fits.
    pub kind: Kind,
}

/// What fits a node.
#[derive(Debug)]
pub enum Kind {
    /// Text.
    Text(Text),
    /// One of these values.
    Enum(Vec<String>),
    /// A whole number between bounds, as far as there are any.
    Integer {
        /// The least.
        minimum: Option<Whole>,
        /// The greatest.
        maximum: Option<Whole>,
    },
    /// A number between bounds, as far as there are any.
    Number {
        /// The least.
        minimum: Option<f64>,
        /// The greatest.
        maximum: Option<f64>,
    },
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
    /// An array.
    List(List),
    /// An object.
    Record(Record),
    /// Whatever fits one of these.
    Choice(Vec<Node>),
    /// A definition.
    Reference(String),
    /// Anything.
    Anything,
    /// Text that holds JSON, as the words of the node ask.
    JsonText,
}

/// Rules for text.
#[derive(Debug, Default)]
pub struct Text {
    /// The least number of characters.
    pub min_length: usize,
    /// The greatest number of characters.
    pub max_length: Option<usize>,
    /// A regular expression that matches somewhere.
    pub pattern: Option<Hir>,
    /// A well-known form.
    pub format: Option<String>,
}

/// Rules for an array.
#[derive(Debug)]
pub struct List {
    /// The first elements, each of its own.
    pub places: Vec<Node>,
    /// The other elements.
    pub items: Box<Node>,
    /// The least number of elements.
    pub min_items: usize,
    /// The greatest number of elements.
    pub max_items: Option<usize>,
}

/// Rules for an object.
#[derive(Debug)]
pub struct Record {
    /// The known members, in the order in which they are generated.
    pub properties: Vec<Property>,
    /// What other members look like; `None` if there are none.
    pub others: Option<Box<Node>>,
    /// What their names look like, if that is said.
    pub names: Option<Box<Node>>,
    /// The least number of members.
    pub min_properties: usize,
    /// The greatest number of members.
    pub max_properties: Option<usize>,
}

/// A known member of an object.
#[derive(Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Its value.
    pub node: Node,
    /// Whether it has to be there.
    pub required: bool,
}

impl Node {
    /// A node that says nothing.
    #[must_use]
    pub fn anything() -> Node {
        Node { nullable: false, kind: Kind::Anything }
    }
}
