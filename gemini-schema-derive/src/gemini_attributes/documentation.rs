use syn::{Expr, ExprLit, Lit, Meta};

/// The text of the doc comments: the lines of a paragraph joined, paragraphs kept apart.
pub(super) fn read(attributes: &[syn::Attribute]) -> Option<String> {
    let comments: Vec<String> = attributes.iter().filter_map(comment).collect();
    let text = join(comments.iter().flat_map(|comment| lines(comment)));
    (!text.is_empty()).then_some(text)
}

fn comment(attribute: &syn::Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    if !meta.path.is_ident("doc") {
        return None;
    }
    let mut value = &meta.value;
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// The lines of one comment, without the space after `///` and without the stars of a block.
fn lines(comment: &str) -> Vec<&str> {
    let starred = comment
        .split('\n')
        .skip(1)
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('*'));
    comment
        .split('\n')
        .enumerate()
        .map(|(index, line)| match line.trim_start().strip_prefix('*') {
            Some(line) if starred && index > 0 => line,
            _ => line,
        })
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect()
}

fn join<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    let mut paragraph_ends = false;
    let mut code = false;
    for line in lines {
        let fence = line.trim_start().starts_with("```");
        if line.is_empty() {
            paragraph_ends = true;
            continue;
        }
        if !text.is_empty() {
            text.push_str(match () {
                () if paragraph_ends => "\n\n",
                () if code || fence || text.ends_with("```") || starts_a_line(line) => "\n",
                () => " ",
            });
        }
        text.push_str(line);
        paragraph_ends = false;
        code ^= fence;
    }
    text
}

/// Whether Markdown gives this line a meaning of its own: an item, a heading, a row, a quotation.
fn starts_a_line(line: &str) -> bool {
    let digits = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let numbered = digits.len() < line.len() && digits.starts_with(". ");
    numbered
        || line.starts_with(char::is_whitespace)
        || ["- ", "* ", "+ ", "#", "|", ">"].iter().any(|mark| line.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documentation(item: &str) -> Option<String> {
        let item: syn::DeriveInput = syn::parse_str(item).unwrap();
        read(&item.attrs)
    }

    #[test]
    fn lines_are_joined_and_paragraphs_kept() {
        let text =
            documentation("///\n/// One line\n/// and its end.\n///\n/// More.\n///\nstruct A;");
        assert_eq!(text.as_deref(), Some("One line and its end.\n\nMore."));
    }

    #[test]
    fn lists_and_code_keep_their_lines() {
        let text = documentation("/// Any of:\n/// - a\n/// - b\n/// 1. c\nstruct A;");
        assert_eq!(text.as_deref(), Some("Any of:\n- a\n- b\n1. c"));
        let text = documentation("/// See\n/// ```\n/// a\n/// b\n/// ```\n/// there\nstruct A;");
        assert_eq!(text.as_deref(), Some("See\n```\na\nb\n```\nthere"));
    }

    #[test]
    fn blocks_lose_their_stars() {
        let text = documentation("/** One\n * two\n *\n * three\n */ struct A;");
        assert_eq!(text.as_deref(), Some("One two\n\nthree"));
    }

    #[test]
    fn nothing_and_what_is_no_literal_count_for_nothing() {
        assert_eq!(documentation("struct A;"), None);
        assert_eq!(documentation("///\n///  \nstruct A;"), None);
        assert_eq!(documentation("#[doc(hidden)] struct A;"), None);
        assert_eq!(documentation("#[doc = include_str!(\"a.md\")] struct A;"), None);
    }
}
