use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// What has to have a schema for these types to have one: the type parameters that they mention,
/// alone (`T`) or by an associated type (`T::Item`).
pub(crate) fn needed(generics: &syn::Generics, types: &[&syn::Type]) -> Vec<TokenStream> {
    let parameters: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
    let mut mentions = Mentions { parameters: &parameters, found: Vec::new() };
    if !parameters.is_empty() {
        for ty in types {
            mentions.scan(ty.to_token_stream());
        }
    }
    mentions.found
}

struct Mentions<'a> {
    parameters: &'a [&'a Ident],
    found: Vec<TokenStream>,
}

impl Mentions<'_> {
    fn scan(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let (before, after) = (&tokens[..index], &tokens[index + 1..]);
            match token {
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Ident(ident) if self.parameters.contains(&ident) => {
                    if !ends_in_colons(before) {
                        self.add(mention(ident, after));
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn add(&mut self, bounded: TokenStream) {
        let text = bounded.to_string();
        if self.found.iter().all(|known| known.to_string() != text) {
            self.found.push(bounded);
        }
    }
}

fn mention(parameter: &Ident, after: &[TokenTree]) -> TokenStream {
    match after {
        [TokenTree::Punct(first), TokenTree::Punct(second), TokenTree::Ident(associated), ..]
            if first.as_char() == ':' && second.as_char() == ':' =>
        {
            quote!(#parameter::#associated)
        }
        _ => quote!(#parameter),
    }
}

fn ends_in_colons(before: &[TokenTree]) -> bool {
    matches!(before.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(item: &str) -> Vec<String> {
        let item: syn::DeriveInput = syn::parse_str(item).unwrap();
        let syn::Data::Struct(data) = &item.data else {
            panic!("expected a struct");
        };
        let types: Vec<&syn::Type> = data.fields.iter().map(|field| &field.ty).collect();
        let bounds = needed(&item.generics, &types);
        bounds.into_iter().map(|bound| bound.to_string().replace(' ', "")).collect()
    }

    #[test]
    fn only_mentioned_parameters_are_bounded() {
        assert_eq!(bounds("struct A<T, U>(Vec<T>, Option<T>);"), ["T"]);
        assert_eq!(bounds("struct A<T>(u8, other::T);"), [""; 0]);
        assert_eq!(bounds("struct A<T, U>((T, [U; 2]));"), ["T", "U"]);
    }

    #[test]
    fn associated_types_are_bounded_themselves() {
        assert_eq!(bounds("struct A<T: Iterator>(T::Item, Box<T::Item>);"), ["T::Item"]);
    }
}
