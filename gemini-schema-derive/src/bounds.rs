use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

/// What has to have a schema for these types to have one: the type parameters that they mention,
/// alone (`T`) or by an
/// associated type (`T::Item`, `<T as Iterator>::Item`). A `PhantomData` needs nothing of them.
pub(crate) fn needed(generics: &syn::Generics, types: Vec<TokenStream>) -> Vec<TokenStream> {
    let parameters: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
    let mut mentions = Mentions { parameters: &parameters, found: Vec::new() };
    if !parameters.is_empty() {
        for ty in types {
            mentions.scan(ty);
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
        let mut rest = tokens.as_slice();
        let mut is_segment = false;
        while let Some((token, after)) = rest.split_first() {
            rest = after;
            match token {
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Ident(ident) if ident == "PhantomData" => rest = arguments(after).1,
                TokenTree::Ident(ident) if is_segment || !self.parameters.contains(&ident) => {}
                TokenTree::Ident(ident) => self.add(mention(ident, after)),
                TokenTree::Punct(punct) if punct.as_char() == '<' => {
                    if let Some((projection, after)) = self.projection(&tokens, rest) {
                        self.add(projection);
                        rest = after;
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            is_segment = matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
        }
    }

    /// The associated type of a parameter, written in full, and what comes after it. `after` is
    /// what follows the opening bracket.
    fn projection<'t>(
        &self,
        all: &'t [TokenTree],
        after: &'t [TokenTree],
    ) -> Option<(TokenStream, &'t [TokenTree])> {
        let [TokenTree::Ident(parameter), TokenTree::Ident(keyword), ..] = after else {
            return None;
        };
        if keyword != "as" || !self.parameters.contains(&parameter) {
            return None;
        }
        let opening = all.get(all.len() - after.len() - 1..)?;
        let (_, following) = arguments(opening);
        let [TokenTree::Punct(_), TokenTree::Punct(_), TokenTree::Ident(_), rest @ ..] = following
        else {
            return None;
        };
        let written = opening.get(..opening.len() - rest.len())?;
        Some((written.iter().cloned().collect(), rest))
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

/// The generic arguments at the beginning, with their brackets, and what comes after them.
fn arguments(tokens: &[TokenTree]) -> (&[TokenTree], &[TokenTree]) {
    let mut depth = 0_usize;
    let mut is_arrow = false;
    for (index, token) in tokens.iter().enumerate() {
        let character = match token {
            TokenTree::Punct(punct) => Some(punct.as_char()),
            _ => None,
        };
        match character {
            Some('<') => depth += 1,
            Some('>') if !is_arrow => depth = depth.saturating_sub(1),
            _ => {}
        }
        is_arrow = matches!(character, Some('-' | '='));
        let is_colon = character == Some(':') && index < 2;
        if depth == 0 && !is_colon {
            let end = if index == 0 { 0 } else { index + 1 };
            return tokens.split_at(if character == Some('>') { end } else { 0 });
        }
    }
    tokens.split_at(0)
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    fn bounds(item: &str) -> Vec<String> {
        let item: syn::DeriveInput = syn::parse_str(item).unwrap();
        let syn::Data::Struct(data) = &item.data else {
            panic!("expected a struct");
        };
        let types = data.fields.iter().map(|field| field.ty.to_token_stream()).collect();
        let bounds = needed(&item.generics, types);
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
        assert_eq!(
            bounds("struct A<T, U>(Vec<<T as Pair<fn(U) -> u8>>::First>, U);"),
            ["<TasPair<fn(U)->u8>>::First", "U"]
        );
    }

    #[test]
    fn a_phantom_needs_nothing() {
        assert_eq!(
            bounds("struct A<T, U>(PhantomData<T>, std::marker::PhantomData<(T, U)>);"),
            [""; 0]
        );
        assert_eq!(
            bounds("struct A<T, U>(PhantomData::<Vec<T>>, U, PhantomData<fn() -> T>);"),
            ["U"]
        );
    }
}
