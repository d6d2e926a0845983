//! What was proved legal; everything the printers need to know.

use proc_macro2::TokenStream;

pub(crate) struct Model<'a> {
    pub(crate) input: &'a syn::DeriveInput,
    pub(crate) bounds: Vec<TokenStream>,
    pub(crate) name: String,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) shape: Shape<'a>,
}

pub(crate) enum Shape<'a> {
    Structure { tag: Option<String>, content: Content<'a> },
    Enumeration { tagging: Tagging, variants: Vec<Variant<'a>> },
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
    pub(crate) untagged: bool,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) content: Content<'a>,
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
    pub(crate) presence: Presence,
    pub(crate) element: Element<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    Flatten,
}

/// How the schema of a value is built.
#[derive(Clone, Copy)]
pub(crate) enum Build<'a> {
    /// As the type says.
    Plain(&'a syn::Type),
    /// As the type says, which has to accept absence.
    MayBeAbsent(&'a syn::Type),
    /// As the type says, which has to accept null.
    MayBeNull(&'a syn::Type),
}

impl<'a> Build<'a> {
    pub(crate) fn ty(self) -> &'a syn::Type {
        match self {
            Build::Plain(ty) | Build::MayBeAbsent(ty) | Build::MayBeNull(ty) => ty,
        }
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
    Nullable,
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
            | Attribute::MaxItems(_) => true,
            Attribute::Title(_)
            | Attribute::Description(_)
            | Attribute::Example(_)
            | Attribute::Nullable => false,
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Number {
    Integer(i128),
    Float(f64),
}
