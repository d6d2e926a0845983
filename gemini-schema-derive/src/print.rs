use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::model::{
    Attribute, Bounds, Build, Content, Element, Field, IntegerVariant, Model, Number, Presence,
    Refusal, Shape, Source, Tagging, Variant, Writing,
};

pub(crate) fn implementation(model: &Model<'_>, library: &syn::Path) -> TokenStream {
    let private = quote!(#library::__private);
    let generator = Ident::new("__generator", Span::mixed_site());
    let call = Printer { private: &private }.call(model, &generator);
    let bounds = match &model.bounds {
        Bounds::Schemas(types) => quote!(#(#types: #private::GeminiSchema),*),
        Bounds::Written(predicates) => quote!(#(#predicates),*),
    };
    let head = Head { input: model.input, private: &private, bounds };
    head.implementation(&generator, &call)
}

/// An implementation that stands in for one that could not be written, so that the type's own
/// errors are the only ones the compiler reports.
pub(crate) fn stand_in(input: &syn::DeriveInput, library: &syn::Path) -> TokenStream {
    let head = Head { input, private: &quote!(#library::__private), bounds: TokenStream::new() };
    head.implementation(&Ident::new("_generator", Span::mixed_site()), &quote!(loop {}))
}

struct Head<'a> {
    input: &'a syn::DeriveInput,
    private: &'a TokenStream,
    bounds: TokenStream,
}

impl Head<'_> {
    fn implementation(&self, generator: &Ident, body: &TokenStream) -> TokenStream {
        let Head { input, private, bounds } = self;
        let ident = &input.ident;
        let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
        let own = where_clause.map(|clause| &clause.predicates);
        let separator = own.filter(|predicates| !predicates.empty_or_trailing()).map(|_| quote!(,));
        quote! {
            const _: () = {
                #[automatically_derived]
                #[allow(deprecated)]
                impl #impl_generics #private::GeminiSchema for #ident #type_generics
                where
                    #own #separator
                    #bounds
                {
                    fn schema(#generator: &mut #private::Generator) -> #private::Schema {
                        #body
                    }
                }
            };
        }
    }
}

struct Printer<'a> {
    private: &'a TokenStream,
}

impl Printer<'_> {
    fn call(&self, model: &Model<'_>, generator: &Ident) -> TokenStream {
        let private = self.private;
        let name = &model.name;
        let attributes = self.attributes(&model.attributes);
        let writing = self.writing(&model.writing);
        let closed = model.closed;
        let container = quote! {
            #private::Container {
                identity: #private::identity::<Self>(),
                name: #name,
                writing: #writing,
                closed: #closed,
                attributes: #attributes,
            }
        };
        match &model.shape {
            Shape::Structure { tag, content } => {
                let tag = match tag {
                    Some(tag) => quote!(::core::option::Option::Some(#tag)),
                    None => quote!(::core::option::Option::None),
                };
                let content = self.content(content);
                quote!(#private::structure(#generator, #container, #tag, #content))
            }
            Shape::Enumeration { tagging, variants } => {
                let tagging = self.tagging(tagging);
                let variants = variants.iter().map(|variant| self.variant(variant));
                quote!(#private::enumeration(#generator, #container, #tagging, &[#(#variants),*]))
            }
            Shape::Integers(variants) => {
                let variants = variants.iter().map(|variant| self.integer(variant));
                quote!(#private::integers(#generator, #container, &[#(#variants),*]))
            }
        }
    }

    fn writing(&self, writing: &Writing) -> TokenStream {
        let private = self.private;
        match writing {
            Writing::AsRead => quote!(#private::Writing::AsRead),
            Writing::As(name) => quote!(#private::Writing::As(#name)),
            Writing::Never => quote!(#private::Writing::Never),
        }
    }

    fn integer(&self, variant: &IntegerVariant<'_>) -> TokenStream {
        let private = self.private;
        let IntegerVariant { ident, name, other, attributes } = variant;
        let attributes = self.attributes(attributes);
        quote! {
            #private::IntegerVariant {
                name: #name,
                value: Self::#ident as i128,
                other: #other,
                attributes: #attributes,
            }
        }
    }

    fn tagging(&self, tagging: &Tagging) -> TokenStream {
        let private = self.private;
        match tagging {
            Tagging::External => quote!(#private::Tagging::External),
            Tagging::Internal(tag) => quote!(#private::Tagging::Internal(#tag)),
            Tagging::Adjacent { tag, content } => {
                quote!(#private::Tagging::Adjacent { tag: #tag, content: #content })
            }
            Tagging::Untagged => quote!(#private::Tagging::Untagged),
        }
    }

    fn variant(&self, variant: &Variant<'_>) -> TokenStream {
        let private = self.private;
        let Variant { name, aliases, writing, untagged, other, attributes, content } = variant;
        let writing = self.writing(writing);
        let attributes = self.attributes(attributes);
        let content = self.content(content);
        quote! {
            #private::Variant {
                name: #name,
                aliases: &[#(#aliases),*],
                writing: #writing,
                other: #other,
                untagged: #untagged,
                attributes: #attributes,
                content: #content,
            }
        }
    }

    fn content(&self, content: &Content<'_>) -> TokenStream {
        let private = self.private;
        match content {
            Content::Unit => quote!(#private::Content::Unit),
            Content::Newtype(element) => {
                let element = self.element(element);
                quote!(#private::Content::Newtype(#element))
            }
            Content::Tuple(elements) => {
                let elements = elements.iter().map(|element| self.element(element));
                quote!(#private::Content::Tuple(&[#(#elements),*]))
            }
            Content::Struct(fields) => {
                let fields = fields.iter().map(|field| self.field(field));
                quote!(#private::Content::Struct(&[#(#fields),*]))
            }
        }
    }

    fn element(&self, element: &Element<'_>) -> TokenStream {
        let private = self.private;
        let schema = self.build(&element.schema);
        let attributes = self.attributes(&element.attributes);
        quote!(#private::Element { schema: #schema, attributes: #attributes })
    }

    fn field(&self, field: &Field<'_>) -> TokenStream {
        let private = self.private;
        let Field { name, aliases, writing, presence, element } = field;
        let writing = self.writing(writing);
        let presence = match presence {
            Presence::Required => quote!(Required),
            Presence::Optional => quote!(Optional),
            Presence::Flatten => quote!(Flatten),
            Presence::Unread => quote!(Unread),
        };
        let schema = self.build(&element.schema);
        let attributes = self.attributes(&element.attributes);
        quote! {
            #private::Field {
                name: #name,
                aliases: &[#(#aliases),*],
                writing: #writing,
                presence: #private::Presence::#presence,
                schema: #schema,
                attributes: #attributes,
            }
        }
    }

    fn build(&self, build: &Build<'_>) -> TokenStream {
        let private = self.private;
        match build {
            Build::Unread => quote!(#private::unread),
            Build::Other(source) => self.source(source),
            Build::Field { ty, instead: None, refuses } => {
                let span = in_place_of(ty);
                match refuses {
                    Refusal::Nothing => self.schema(ty),
                    Refusal::Absence => quote_spanned!(span=> #private::optional::<#ty>),
                    Refusal::Null => quote_spanned!(span=> #private::nullable::<#ty>),
                }
            }
            Build::Field { ty, instead: Some(source), refuses } => {
                let generator = Ident::new("__generator", Span::mixed_site());
                let (source, span) = (self.source(source), in_place_of(ty));
                let check = match refuses {
                    Refusal::Nothing => return source,
                    Refusal::Absence => quote_spanned!(span=> #private::absent::<#ty>),
                    Refusal::Null => quote_spanned!(span=> #private::null::<#ty>),
                };
                quote!(|#generator| #check(#generator, #source))
            }
        }
    }

    fn source(&self, source: &Source) -> TokenStream {
        match source {
            Source::Type(ty) => self.schema(ty),
            Source::Function(path) => quote!(#path),
        }
    }

    fn schema(&self, ty: &syn::Type) -> TokenStream {
        let private = self.private;
        quote_spanned!(in_place_of(ty)=> <#ty as #private::GeminiSchema>::schema)
    }

    fn attributes(&self, attributes: &[Attribute]) -> TokenStream {
        let attributes = attributes.iter().map(|attribute| self.attribute(attribute));
        quote!(&[#(#attributes),*])
    }

    fn attribute(&self, attribute: &Attribute) -> TokenStream {
        let private = self.private;
        let attribute = match attribute {
            Attribute::Title(text) => quote!(Title(#text)),
            Attribute::Description(text) => quote!(Description(#text)),
            Attribute::Example(value) => {
                let value = quote_spanned!(in_place_of(value)=> &(#value));
                quote!(Example(|| #private::example(#value)))
            }
            Attribute::Minimum(number) => {
                let number = self.number(*number);
                quote!(Minimum(#number))
            }
            Attribute::Maximum(number) => {
                let number = self.number(*number);
                quote!(Maximum(#number))
            }
            Attribute::MinLength(count) => quote!(MinLength(#count)),
            Attribute::MaxLength(count) => quote!(MaxLength(#count)),
            Attribute::Pattern(text) => quote!(Pattern(#text)),
            Attribute::Format(text) => quote!(Format(#text)),
            Attribute::MinItems(count) => quote!(MinItems(#count)),
            Attribute::MaxItems(count) => quote!(MaxItems(#count)),
            Attribute::MinProperties(count) => quote!(MinProperties(#count)),
            Attribute::MaxProperties(count) => quote!(MaxProperties(#count)),
            Attribute::Nullable => quote!(Nullable),
            Attribute::MaxDepth(depth) => quote!(MaxDepth(#depth)),
        };
        quote!(#private::Attribute::#attribute)
    }

    fn number(&self, number: Number) -> TokenStream {
        let private = self.private;
        match number {
            Number::Integer(value) => quote!(#private::Number::Integer(#value)),
            Number::Float(value) => quote!(#private::Number::Float(#value)),
        }
    }
}

/// The span of generated code about which the compiler complains where the user wrote `tokens`.
fn in_place_of(tokens: &impl ToTokens) -> Span {
    Span::mixed_site().located_at(tokens.span())
}
