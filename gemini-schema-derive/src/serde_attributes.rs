//! What serde makes of a type when it reads it. The only file that knows serde's own reader.

use proc_macro2::{Ident, Span, TokenStream};
use serde_derive_internals::ast::{self, Style};
use serde_derive_internals::attr::{self, RenameAllRules, TagType};
use serde_derive_internals::name::{MultiName, Name};
use serde_derive_internals::{Ctxt, Derive};

use crate::errors::Errors;
use crate::gemini_attributes::Place;
use crate::model::Tagging;
use crate::serde_words::Words;

pub(crate) struct Container<'a> {
    pub(crate) name: String,
    pub(crate) transparent: bool,
    /// Every named field may be left out.
    pub(crate) default: bool,
    pub(crate) deny_unknown_fields: Option<TokenStream>,
    pub(crate) data: Data<'a>,
}

pub(crate) enum Data<'a> {
    Struct { tag: Option<String>, fields: Fields<'a> },
    Enum { tagging: Tagging, variants: Vec<Variant<'a>> },
}

pub(crate) struct Variant<'a> {
    pub(crate) original: &'a syn::Variant,
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) skipped: bool,
    pub(crate) untagged: bool,
    pub(crate) fields: Fields<'a>,
}

impl Variant<'_> {
    /// Whether serde writes nothing but its name.
    pub(crate) fn is_string(&self) -> bool {
        match &self.fields {
            Fields::Unit => !self.untagged,
            Fields::Newtype(field) => field.skipped && !self.untagged,
            Fields::Tuple(_) | Fields::Named(_) => false,
        }
    }
}

pub(crate) enum Fields<'a> {
    Unit,
    Newtype(Field<'a>),
    Tuple(Vec<Field<'a>>),
    Named(Vec<Field<'a>>),
}

impl<'a> Fields<'a> {
    pub(crate) fn into_vec(self) -> Vec<Field<'a>> {
        match self {
            Fields::Unit => Vec::new(),
            Fields::Newtype(field) => vec![field],
            Fields::Tuple(fields) | Fields::Named(fields) => fields,
        }
    }

    /// Whether the fields of a field stand among these.
    pub(crate) fn flatten(&self) -> bool {
        match self {
            Fields::Unit | Fields::Newtype(_) | Fields::Tuple(_) => false,
            Fields::Named(fields) => fields.iter().any(|field| field.flatten && !field.skipped),
        }
    }
}

pub(crate) struct Field<'a> {
    pub(crate) original: &'a syn::Field,
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) skipped: bool,
    pub(crate) flatten: bool,
    pub(crate) default: bool,
    pub(crate) skip_serializing_if: Option<TokenStream>,
    /// This is the one field that a transparent type stands for.
    pub(crate) transparent: bool,
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
        self.same_rules(&words, "rename_all", attributes.rename_all_rules());
        let for_fields = attributes.rename_all_fields_rules();
        self.same_rules(&words, "rename_all_fields", for_fields);
        let data = match container.data {
            ast::Data::Struct(style, fields) => {
                let tag = match attributes.tag() {
                    TagType::Internal { tag } => Some(tag.clone()),
                    TagType::External | TagType::Adjacent { .. } | TagType::None => None,
                };
                if tag.is_some() {
                    self.same_name(&words, attributes.name());
                }
                Data::Struct { tag, fields: self.fields(style, fields) }
            }
            ast::Data::Enum(variants) => Data::Enum {
                tagging: tagging(attributes.tag()),
                variants: variants.into_iter().map(|variant| self.variant(variant)).collect(),
            },
        };
        Container {
            name: attributes.name().deserialize_name().value.clone(),
            transparent: attributes.transparent(),
            default: !attributes.default().is_none(),
            deny_unknown_fields: words.find("deny_unknown_fields").cloned(),
            data,
        }
    }

    fn variant<'a>(&mut self, variant: ast::Variant<'a>) -> Variant<'a> {
        let words = Words::read(&variant.original.attrs);
        words.refuse(Place::Variant, self.errors);
        let attributes = &variant.attrs;
        self.same_rules(&words, "rename_all", attributes.rename_all_rules());
        self.same_name(&words, attributes.name());
        Variant {
            original: variant.original,
            name: attributes.name().deserialize_name().value.clone(),
            aliases: aliases(attributes.name(), attributes.aliases()),
            skipped: attributes.skip_deserializing() && attributes.skip_serializing(),
            untagged: attributes.untagged(),
            fields: self.fields(variant.style, variant.fields),
        }
    }

    fn fields<'a>(&mut self, style: Style, fields: Vec<ast::Field<'a>>) -> Fields<'a> {
        let mut fields = fields.into_iter().map(|field| self.field(&field));
        match style {
            Style::Unit => Fields::Unit,
            Style::Newtype => fields.next().map_or(Fields::Unit, Fields::Newtype),
            Style::Tuple => Fields::Tuple(fields.collect()),
            Style::Struct => Fields::Named(fields.collect()),
        }
    }

    fn field<'a>(&mut self, field: &ast::Field<'a>) -> Field<'a> {
        let words = Words::read(&field.original.attrs);
        words.refuse(Place::Field, self.errors);
        let attributes = &field.attrs;
        self.same_name(&words, attributes.name());
        Field {
            original: field.original,
            name: attributes.name().deserialize_name().value.clone(),
            aliases: aliases(attributes.name(), attributes.aliases()),
            skipped: attributes.skip_deserializing() && attributes.skip_serializing(),
            flatten: attributes.flatten(),
            default: !attributes.default().is_none(),
            skip_serializing_if: words.find("skip_serializing_if").cloned(),
            transparent: attributes.transparent(),
        }
    }

    fn same_rules(&mut self, words: &Words, key: &str, rules: RenameAllRules) {
        if rules.serialize == rules.deserialize {
            return;
        }
        if let Some(tokens) = words.find(key) {
            let message = format!(
                "serde writes other names than it reads, and a schema has one name for both: \
                 write `{key} = \"..\"`"
            );
            self.errors.at(tokens, message);
        }
    }

    fn same_name(&mut self, words: &Words, name: &MultiName) {
        let (written, read) = (name.serialize_name(), name.deserialize_name());
        if written == read {
            return;
        }
        if let Some(tokens) = words.find("rename") {
            let message = format!(
                "serde writes `{written}` but reads `{read}`, and a schema has one name for both: \
                 write `rename = \"{read}\"`"
            );
            self.errors.at(tokens, message);
        }
    }
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
