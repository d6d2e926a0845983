//! A walk over JSON text that is known to be valid, copying it.

/// The place in the text, and the copy so far.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    copied: usize,
    copy: String,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scanner { text, at: 0, copied: 0, copy: String::with_capacity(text.len()) }
    }

    /// The copy, with what is left of the text.
    pub(super) fn finish(mut self) -> String {
        self.copy.push_str(self.text.get(self.copied..).unwrap_or_default());
        self.copy
    }

    /// The first byte of the next token.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.skip(|byte| byte.is_ascii_whitespace());
        self.byte()
    }

    /// Goes past an opening bracket.
    pub(super) fn open(&mut self) {
        self.at += 1;
    }

    /// Goes past the name of the next member; at the end of the object, past the end.
    pub(super) fn name(&mut self) -> Option<String> {
        if !self.element() {
            return None;
        }
        let begin = self.at;
        self.string();
        let name = self.text.get(begin..self.at)?;
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b':');
        serde_json::from_str(name).ok()
    }

    /// Goes to the next element; at the end of the array, past the end.
    pub(super) fn element(&mut self) -> bool {
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b',');
        let is_end = matches!(self.byte(), None | Some(b']' | b'}'));
        self.at += usize::from(is_end);
        !is_end
    }

    /// Goes past a string.
    pub(super) fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.byte() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
    }

    /// Goes past a number or a word.
    pub(super) fn scalar(&mut self) -> &'a str {
        let begin = self.at;
        self.skip(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
        self.text.get(begin..self.at).unwrap_or_default()
    }

    /// Writes something else for the token that was gone past last.
    pub(super) fn replace(&mut self, token: &str, instead: &str) {
        let begin = self.at - token.len();
        self.copy.push_str(self.text.get(self.copied..begin).unwrap_or_default());
        self.copy.push_str(instead);
        self.copied = self.at;
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) {
        while self.byte().is_some_and(&is_skipped) {
            self.at += 1;
        }
    }
}
