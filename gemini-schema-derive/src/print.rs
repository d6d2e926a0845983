use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::model::{
    Attribute, Build, Content, Element, Field, Model, Number, Presence, Shape, Tagging, Variant,
};

pub(crate) fn implementation(model: &Model<'_>, library: &syn::Path) -> TokenStream {
    let private = quote!(#library::__private);
    let generator = Ident::new("__generator", Span::mixed_site());
    let call = Printer { private: &private }.call(model, &generator);
    let bounds = model.bounds.iter().map(|bounded| quote!(#bounded: #private::GeminiSchema));
    let head = Head { input: model.input, private: &private, bounds: quote!(#(#bounds),*) };
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
        let container = quote! {
            #private::Container {
                identity: #private::identity::<Self>(),
                name: #name,
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
        let Variant { name, aliases, untagged, attributes, content } = variant;
        let attributes = self.attributes(attributes);
        let content = self.content(content);
        quote! {
            #private::Variant {
                name: #name,
                aliases: &[#(#aliases),*],
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
        let schema = self.build(element.schema);
        let attributes = self.attributes(&element.attributes);
        quote!(#private::Element { schema: #schema, attributes: #attributes })
    }

    fn field(&self, field: &Field<'_>) -> TokenStream {
        let private = self.private;
        let Field { name, aliases, presence, element } = field;
        let presence = match presence {
            Presence::Required => quote!(Required),
            Presence::Optional => quote!(Optional),
            Presence::Flatten => quote!(Flatten),
        };
        let schema = self.build(element.schema);
        let attributes = self.attributes(&element.attributes);
        quote! {
            #private::Field {
                name: #name,
                aliases: &[#(#aliases),*],
                presence: #private::Presence::#presence,
                schema: #schema,
                attributes: #attributes,
            }
        }
    }

    fn build(&self, build: Build<'_>) -> TokenStream {
        let private = self.private;
        let ty = build.ty();
        let span = in_place_of(ty);
        match build {
            Build::Plain(_) => quote_spanned!(span=> <#ty as #private::GeminiSchema>::schema),
            Build::MayBeAbsent(_) => quote_spanned!(span=> #private::optional::<#ty>),
            Build::MayBeNull(_) => quote_spanned!(span=> #private::nullable::<#ty>),
        }
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
            Attribute::Nullable => quote!(Nullable),
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
