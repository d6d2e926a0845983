//! What may stand around the JSON of an answer: white space, a Markdown fence, and around a list
//! words, too, where they stand apart.

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

/// Leaves out what stands before a list, while the text comes in pieces. What may stand there is
/// the same as in a whole answer.
#[derive(Debug, Default)]
pub(super) struct Before {
    opening: Opening,
    /// What came last that isn't a space.
    last: Option<char>,
    is_over: bool,
}

impl Before {
    /// What of a piece belongs to the list; `None` where no list can follow.
    pub(super) fn skip<'a>(&mut self, piece: &'a str) -> Option<&'a str> {
        if self.is_over {
            return Some(piece);
        }
        for (at, character) in piece.char_indices() {
            match character {
                '[' | '{' if self.is_apart() => {
                    self.is_over = true;
                    return piece.get(at..);
                }
                '[' | '{' | ']' | '}' => return None,
                ' ' | '\t' => {}
                _ => self.last = Some(character),
            }
            self.opening = self.opening.next(character);
        }
        Some("")
    }

    /// Whether the list has begun.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    fn is_apart(&self) -> bool {
        let is_bare = matches!(self.opening, Opening::Start | Opening::Language | Opening::Body);
        is_bare || matches!(self.last, Some('\n' | ':' | '`' | BYTE_ORDER_MARK))
    }
}

/// What comes behind a list.
#[derive(Debug, Default)]
pub(super) struct After {
    /// Whether it is on another line than the list, or behind a fence.
    is_apart: bool,
}

impl After {
    /// Whether the next piece means nothing: no words on the line of the list, and no brackets.
    pub(super) fn allows(&mut self, piece: &[u8]) -> bool {
        let Ok(piece) = str::from_utf8(piece) else { return false };
        piece.chars().all(|character| {
            self.is_apart |= matches!(character, '\n' | '`');
            let is_bracket = matches!(character, '[' | ']' | '{' | '}');
            let is_end = is_blank(character) || matches!(character, ';' | '.');
            !is_bracket && (self.is_apart || is_end)
        })
    }
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == BYTE_ORDER_MARK
}

#[cfg(test)]
mod tests {
    use super::{After, Before, Opening};

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

    fn list(text: &str) -> Option<String> {
        let whole = Before::default().skip(text).map(str::to_owned);
        let mut before = Before::default();
        let pieces: Vec<String> = text.chars().map(String::from).collect();
        let piecewise: Option<String> = pieces.iter().map(|piece| before.skip(piece)).collect();
        assert_eq!(piecewise, whole, "{text:?}");
        whole
    }

    #[test]
    fn words_that_stand_apart_are_left_out() {
        for words in [
            "",
            "Here it is:\n",
            "Here: ",
            "Sure!\n\n```json\n",
            "```json",
            "`",
            "\u{feff}",
            "``` ",
        ] {
            assert_eq!(list(&format!("{words}[1]")).as_deref(), Some("[1]"), "{words:?}");
        }
        assert_eq!(list("nothing").as_deref(), Some(""));
        for text in ["See [1] for", "a] [1]", "\"[1]", "The list [1]", "7}"] {
            assert_eq!(list(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_stands_behind_a_list_is_apart_or_nothing() {
        let allows = |text: &str| {
            let mut after = After::default();
            let piecewise = text.chars().all(|c| after.allows(c.to_string().as_bytes()));
            assert_eq!(piecewise, After::default().allows(text.as_bytes()), "{text:?}");
            piecewise
        };
        for text in ["", "\n```\n\u{feff}", ";", "\nThat's all.", "``` That's all.", " .\n"] {
            assert!(allows(text), "{text:?}");
        }
        for text in [" 1", " and so on", "\n[2]", "\n}", ",", "\nsee {x}"] {
            assert!(!allows(text), "{text:?}");
        }
        assert!(!After::default().allows(b"\xff"));
    }
}
