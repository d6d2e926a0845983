//! What may stand before the JSON of an answer: white space, and the begin of a Markdown fence.

const FENCE_LENGTH: u8 = 3;
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Leaves out what stands before the content, while the text comes in pieces.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Opening {
    #[default]
    Start,
    /// So many characters of the fence have come.
    Fence(u8),
    /// In the name of the language behind the fence.
    Language,
    /// Behind it.
    Body,
    Content,
}

impl Opening {
    /// What of a piece belongs to the content.
    pub(super) fn skip<'a>(&mut self, piece: &'a str) -> &'a str {
        for (at, character) in piece.char_indices() {
            if matches!(self, Self::Content) {
                return piece.get(at..).unwrap_or_default();
            }
            let next = self.next(character);
            if matches!(next, Self::Content) {
                *self = next;
                return piece.get(at..).unwrap_or_default();
            }
            *self = next;
        }
        ""
    }

    fn next(self, character: char) -> Self {
        match self {
            Self::Start if is_blank(character) => Self::Start,
            Self::Start if character == '`' => Self::Fence(1),
            Self::Fence(length) if character == '`' && length + 1 < FENCE_LENGTH => {
                Self::Fence(length + 1)
            }
            Self::Fence(_) if character == '`' => Self::Language,
            Self::Language if character.is_alphanumeric() => Self::Language,
            Self::Language | Self::Body if is_blank(character) => Self::Body,
            _ => Self::Content,
        }
    }
}

/// Whether a text behind the content means nothing: white space, and the end of a fence.
pub(super) fn is_closing(text: &[u8]) -> bool {
    let text = str::from_utf8(text).unwrap_or("?");
    text.chars().all(|character| is_blank(character) || character == '`')
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == BYTE_ORDER_MARK
}

#[cfg(test)]
mod tests {
    use super::{Opening, is_closing};

    fn content(text: &str) -> String {
        let mut opening = Opening::default();
        let whole = opening.skip(text).to_owned();
        let mut opening = Opening::default();
        let pieces: Vec<String> = text.chars().map(String::from).collect();
        let piecewise: String = pieces.iter().map(|piece| opening.skip(piece)).collect();
        assert_eq!(piecewise, whole, "{text:?}");
        whole
    }

    #[test]
    fn white_space_and_a_fence_are_left_out() {
        assert_eq!(content("[1] "), "[1] ");
        assert_eq!(content(" \n\u{feff}\u{a0}[1]"), "[1]");
        assert_eq!(content("```json\n[1]\n```"), "[1]\n```");
        assert_eq!(content("```\r\n{}"), "{}");
        assert_eq!(content("```json5[1]"), "[1]");
        assert_eq!(content("é"), "é");
    }

    #[test]
    fn a_closing_fence_means_nothing() {
        assert!(is_closing("\n```\n\u{feff}".as_bytes()));
        assert!(!is_closing(b" 1"));
        assert!(!is_closing(b"\xff"));
    }
}
