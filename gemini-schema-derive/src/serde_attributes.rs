//! What serde makes of a type when it reads it. The only file that knows serde's own reader.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use serde_derive_internals::ast::{self, Style};
use serde_derive_internals::attr::{self, TagType};
use serde_derive_internals::name::{MultiName, Name};
use serde_derive_internals::{Ctxt, Derive};

use crate::errors::Errors;
use crate::gemini_attributes::Place;
use crate::model::{Tagging, Writing};
use crate::serde_words::Words;

pub(crate) struct Container<'a> {
    pub(crate) name: String,
    pub(crate) writing: Writing,
    pub(crate) transparent: bool,
    /// Every named field may be left out.
    pub(crate) default: bool,
    pub(crate) deny_unknown_fields: Option<TokenStream>,
    pub(crate) data: Data<'a>,
}

pub(crate) enum Data<'a> {
    /// Another type is read instead.
    Proxy(syn::Type),
    Struct {
        tag: Option<String>,
        fields: Fields<'a>,
    },
    Enum {
        tagging: Tagging,
        variants: Vec<Variant<'a>>,
    },
}

pub(crate) struct Variant<'a> {
    pub(crate) original: &'a syn::Variant,
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) writing: Writing,
    /// Serde never reads it.
    pub(crate) skipped: bool,
    pub(crate) untagged: bool,
    pub(crate) other: bool,
    pub(crate) custom: Option<Custom>,
    pub(crate) fields: Fields<'a>,
}

impl Variant<'_> {
    /// Whether serde writes nothing but its name.
    pub(crate) fn is_string(&self) -> bool {
        let is_unit = match &self.fields {
            Fields::Unit => true,
            Fields::Newtype(field) => matches!(field.skipped, Skipped::Always),
            Fields::Tuple(_) | Fields::Named(_) => false,
        };
        is_unit && !self.untagged && self.custom.is_none()
    }
}

pub(crate) enum Fields<'a> {
    Unit,
    Newtype(Box<Field<'a>>),
    Tuple(Vec<Field<'a>>),
    Named(Vec<Field<'a>>),
}

impl<'a> Fields<'a> {
    pub(crate) fn into_vec(self) -> Vec<Field<'a>> {
        match self {
            Fields::Unit => Vec::new(),
            Fields::Newtype(field) => vec![*field],
            Fields::Tuple(fields) | Fields::Named(fields) => fields,
        }
    }

    /// Whether the fields of a field stand among these.
    pub(crate) fn flatten(&self) -> bool {
        match self {
            Fields::Unit | Fields::Newtype(_) | Fields::Tuple(_) => false,
            Fields::Named(fields) => fields
                .iter()
                .any(|field| field.flatten && !matches!(field.skipped, Skipped::Always)),
        }
    }
}

pub(crate) struct Field<'a> {
    pub(crate) original: &'a syn::Field,
    pub(crate) name: String,
    pub(crate) written_name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) writing: Writing,
    pub(crate) skipped: Skipped,
    pub(crate) flatten: bool,
    pub(crate) default: bool,
    pub(crate) custom: Option<Custom>,
    pub(crate) skip_serializing_if: Option<TokenStream>,
    /// This is the one field that a transparent type stands for.
    pub(crate) transparent: bool,
}

/// In which directions serde leaves a field out, with the word that says so.
pub(crate) enum Skipped {
    Never,
    Always,
    Reading(TokenStream),
    Writing(TokenStream),
}

impl Skipped {
    pub(crate) fn writing(&self) -> Option<TokenStream> {
        match self {
            Skipped::Writing(tokens) => Some(tokens.clone()),
            Skipped::Never | Skipped::Always | Skipped::Reading(_) => None,
        }
    }
}

/// Functions that serde calls instead of the type's own.
pub(crate) struct Custom {
    pub(crate) key: &'static str,
    pub(crate) tokens: TokenStream,
    /// Whether one of them reads.
    pub(crate) reads: bool,
}

pub(crate) fn read<'a>(input: &'a syn::DeriveInput, errors: &mut Errors) -> Option<Container<'a>> {
    if let syn::Data::Union(union) = &input.data {
        errors.at(union.union_token, "a union has no schema: write a struct or an enum");
        return None;
    }
    let context = Ctxt::new();
    // Names the module in which serde keeps its helpers; nothing here is printed from it.
    let private = Ident::new("__private", Span::call_site());
    let container = ast::Container::from_ast(&context, input, Derive::Deserialize, &private);
    if let Err(refused) = context.check() {
        refused.into_iter().for_each(|error| errors.push(error));
    }
    Some(Reader { errors }.container(container?))
}

struct Reader<'e> {
    errors: &'e mut Errors,
}

impl Reader<'_> {
    fn container<'a>(&mut self, container: ast::Container<'a>) -> Container<'a> {
        let words = Words::read(&container.original.attrs);
        words.refuse(Place::Container, self.errors);
        let attributes = &container.attrs;
        let data = match (self.proxy(&words, attributes), container.data) {
            (Some(proxy), _) => Data::Proxy(proxy),
            (None, ast::Data::Struct(style, fields)) => {
                let tag = match attributes.tag() {
                    TagType::Internal { tag } => Some(tag.clone()),
                    TagType::External | TagType::Adjacent { .. } | TagType::None => None,
                };
                Data::Struct { tag, fields: self.fields(style, fields) }
            }
            (None, ast::Data::Enum(variants)) => Data::Enum {
                tagging: tagging(attributes.tag()),
                variants: variants.into_iter().map(|variant| self.variant(variant)).collect(),
            },
        };
        Container {
            name: attributes.name().deserialize_name().value.clone(),
            writing: writing(attributes.name()),
            transparent: attributes.transparent(),
            default: !attributes.default().is_none(),
            deny_unknown_fields: words.find("deny_unknown_fields").cloned(),
            data,
        }
    }

    /// The type that is read instead of this one, and has to be written too.
    fn proxy(&mut self, words: &Words, attributes: &attr::Container) -> Option<syn::Type> {
        let read = attributes.type_from().or(attributes.type_try_from());
        let written = attributes.type_into();
        let text = |ty: &syn::Type| ty.to_token_stream().to_string();
        if let (Some(written), Some(tokens)) = (written, words.find("into"))
            && read.map(text) != Some(text(written))
        {
            let written = text(written);
            let message = format!(
                "serde writes a `{written}` here and reads something else, and a schema has one \
                 shape for both: write `from = \"{written}\", into = \"{written}\"`"
            );
            self.errors.at(tokens, message);
        }
        read.cloned()
    }

    fn variant<'a>(&mut self, variant: ast::Variant<'a>) -> Variant<'a> {
        let words = Words::read(&variant.original.attrs);
        words.refuse(Place::Variant, self.errors);
        let attributes = &variant.attrs;
        let skipped = attributes.skip_deserializing();
        Variant {
            original: variant.original,
            name: attributes.name().deserialize_name().value.clone(),
            aliases: aliases(attributes.name(), attributes.aliases()),
            writing: match attributes.skip_serializing() {
                true => Writing::Never,
                false => writing(attributes.name()),
            },
            skipped,
            untagged: attributes.untagged(),
            other: attributes.other(),
            custom: custom(&words, attributes.deserialize_with().is_some()),
            // What is inside of a variant that is never read does not matter.
            fields: if skipped { Fields::Unit } else { self.fields(variant.style, variant.fields) },
        }
    }

    fn fields<'a>(&mut self, style: Style, fields: Vec<ast::Field<'a>>) -> Fields<'a> {
        let mut fields = fields.into_iter().map(|field| self.field(&field));
        match style {
            Style::Unit => Fields::Unit,
            Style::Newtype => {
                fields.next().map_or(Fields::Unit, |field| Fields::Newtype(Box::new(field)))
            }
            Style::Tuple => Fields::Tuple(fields.collect()),
            Style::Struct => Fields::Named(fields.collect()),
        }
    }

    fn field<'a>(&mut self, field: &ast::Field<'a>) -> Field<'a> {
        let words = Words::read(&field.original.attrs);
        words.refuse(Place::Field, self.errors);
        let attributes = &field.attrs;
        let name = attributes.name();
        Field {
            original: field.original,
            name: name.deserialize_name().value.clone(),
            written_name: name.serialize_name().value.clone(),
            aliases: aliases(name, attributes.aliases()),
            writing: writing(name),
            skipped: skipped(&words, attributes),
            flatten: attributes.flatten(),
            default: !attributes.default().is_none(),
            custom: custom(&words, attributes.deserialize_with().is_some()),
            skip_serializing_if: words.find("skip_serializing_if").cloned(),
            transparent: attributes.transparent(),
        }
    }
}

fn skipped(words: &Words, attributes: &attr::Field) -> Skipped {
    let tokens = |key| words.find(key).cloned().unwrap_or_default();
    match (attributes.skip_deserializing(), attributes.skip_serializing()) {
        (false, false) => Skipped::Never,
        (true, true) => Skipped::Always,
        (true, false) => Skipped::Reading(tokens("skip_deserializing")),
        (false, true) => Skipped::Writing(tokens("skip_serializing")),
    }
}

fn custom(words: &Words, reads: bool) -> Option<Custom> {
    ["with", "deserialize_with", "serialize_with"].into_iter().find_map(|key| {
        let tokens = words.find(key)?.clone();
        Some(Custom { key, tokens, reads })
    })
}

fn writing(name: &MultiName) -> Writing {
    let (read, written) = (name.deserialize_name(), name.serialize_name());
    if read == written { Writing::AsRead } else { Writing::As(written.value.clone()) }
}

fn tagging(tag: &attr::TagType) -> Tagging {
    match tag {
        TagType::External => Tagging::External,
        TagType::Internal { tag } => Tagging::Internal(tag.clone()),
        TagType::Adjacent { tag, content } => {
            Tagging::Adjacent { tag: tag.clone(), content: content.clone() }
        }
        TagType::None => Tagging::Untagged,
    }
}

/// The other names under which serde reads a field or a variant.
fn aliases<'n>(name: &MultiName, names: impl IntoIterator<Item = &'n Name>) -> Vec<String> {
    names
        .into_iter()
        .filter(|alias| *alias != name.deserialize_name())
        .map(|alias| alias.value.clone())
        .collect()
}
