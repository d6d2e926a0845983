//! What was proved legal; everything the printers need to know.

use proc_macro2::{Ident, TokenStream};

pub(crate) struct Model<'a> {
    pub(crate) input: &'a syn::DeriveInput,
    pub(crate) bounds: Bounds,
    pub(crate) name: String,
    pub(crate) writing: Writing,
    /// Whether serde refuses the fields that it does not know.
    pub(crate) closed: bool,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) shape: Shape<'a>,
}

/// What the implementation is bound by.
pub(crate) enum Bounds {
    /// That these types have schemas.
    Schemas(Vec<TokenStream>),
    /// What the user wrote.
    Written(Vec<syn::WherePredicate>),
}

pub(crate) enum Shape<'a> {
    Structure { tag: Option<String>, content: Content<'a> },
    Enumeration { tagging: Tagging, variants: Vec<Variant<'a>> },
    Integers(Vec<IntegerVariant<'a>>),
}

/// How serde names what it writes.
pub(crate) enum Writing {
    AsRead,
    As(String),
    Never,
}

pub(crate) enum Tagging {
    External,
    Internal(String),
    Adjacent { tag: String, content: String },
    Untagged,
}

pub(crate) struct Variant<'a> {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) writing: Writing,
    pub(crate) untagged: bool,
    pub(crate) other: bool,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) content: Content<'a>,
}

pub(crate) struct IntegerVariant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) name: String,
    pub(crate) other: bool,
    pub(crate) attributes: Vec<Attribute>,
}

pub(crate) enum Content<'a> {
    Unit,
    Newtype(Element<'a>),
    Tuple(Vec<Element<'a>>),
    Struct(Vec<Field<'a>>),
}

pub(crate) struct Element<'a> {
    pub(crate) schema: Build<'a>,
    pub(crate) attributes: Vec<Attribute>,
}

pub(crate) struct Field<'a> {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) writing: Writing,
    pub(crate) presence: Presence,
    pub(crate) element: Element<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    Flatten,
    Unread,
}

/// How the schema of a value is built.
pub(crate) enum Build<'a> {
    /// As the type of a field says, or what is written instead.
    Field { ty: &'a syn::Type, instead: Option<Source>, refuses: Refusal },
    /// As something says that is no field.
    Other(Source),
    /// Not at all.
    Unread,
}

/// Where a schema comes from, if not from the type of a field.
pub(crate) enum Source {
    Type(Box<syn::Type>),
    Function(syn::Path),
}

/// What the type of a field must not refuse.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Nothing,
    Absence,
    Null,
}

impl Element<'_> {
    pub(crate) fn of(ty: syn::Type) -> Self {
        Element::from(Source::Type(Box::new(ty)))
    }
}

impl From<Source> for Element<'_> {
    fn from(source: Source) -> Self {
        Element { schema: Build::Other(source), attributes: Vec::new() }
    }
}

pub(crate) enum Attribute {
    Title(String),
    Description(String),
    Example(TokenStream),
    Minimum(Number),
    Maximum(Number),
    MinLength(u64),
    MaxLength(u64),
    Pattern(String),
    Format(String),
    MinItems(u64),
    MaxItems(u64),
    MinProperties(u64),
    MaxProperties(u64),
    Nullable,
    MaxDepth(u32),
}

impl Attribute {
    /// Whether this limits what a value may be.
    pub(crate) fn is_constraint(&self) -> bool {
        match self {
            Attribute::Minimum(_)
            | Attribute::Maximum(_)
            | Attribute::MinLength(_)
            | Attribute::MaxLength(_)
            | Attribute::Pattern(_)
            | Attribute::Format(_)
            | Attribute::MinItems(_)
            | Attribute::MaxItems(_)
            | Attribute::MinProperties(_)
            | Attribute::MaxProperties(_) => true,
            Attribute::Title(_)
            | Attribute::Description(_)
            | Attribute::Example(_)
            | Attribute::Nullable
            | Attribute::MaxDepth(_) => false,
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Number {
    Integer(i128),
    Float(f64),
}
