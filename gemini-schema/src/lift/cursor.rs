//! A walk over JSON text that is known to be valid, copying it with changes.

/// The place in the text, and the copy so far.
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    copied: usize,
    copy: String,
}

/// A place to come back to.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    at: usize,
    copied: usize,
    length: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Cursor { text, at: 0, copied: 0, copy: String::with_capacity(text.len()) }
    }

    /// The copy, with what is left of the text.
    pub(crate) fn finish(mut self) -> String {
        self.copy_until(self.text.len());
        self.copy
    }

    /// The first byte of the next token.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.skip(|byte| byte.is_ascii_whitespace());
        self.byte()
    }

    pub(crate) fn mark(&mut self) -> Mark {
        self.skip(|byte| byte.is_ascii_whitespace());
        Mark { at: self.at, copied: self.copied, length: self.copy.len() }
    }

    /// Goes back to a mark, forgetting what was copied since.
    pub(crate) fn reset(&mut self, mark: Mark) {
        self.at = mark.at;
        self.copied = mark.copied;
        self.copy.truncate(mark.length);
    }

    /// The text since a mark.
    pub(crate) fn since(&self, mark: Mark) -> &'a str {
        self.text.get(mark.at..self.at).unwrap_or_default()
    }

    /// Goes past an opening bracket, or past one that closes.
    pub(crate) fn bracket(&mut self) {
        self.at += 1;
    }

    /// Goes to the next element or member; at the end, to the closing bracket.
    pub(crate) fn element(&mut self) -> bool {
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b',');
        !matches!(self.byte(), None | Some(b']' | b'}'))
    }

    /// Goes past the name of a member and its colon; the name as it stands there.
    pub(crate) fn name(&mut self) -> &'a str {
        let mark = self.mark();
        self.string();
        let name = self.since(mark);
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b':');
        name
    }

    /// Goes past a whole value; the value as it stands there.
    pub(crate) fn value(&mut self) -> &'a str {
        let mark = self.mark();
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => self.string(),
                Some(b'{' | b'[') => {
                    self.at += 1;
                    depth += 1;
                    continue;
                }
                Some(b'}' | b']') => {
                    self.at += 1;
                    depth = depth.saturating_sub(1);
                }
                Some(b',' | b':') => {
                    self.at += 1;
                    continue;
                }
                Some(_) => self.scalar(),
                None => break,
            }
            if depth == 0 {
                break;
            }
        }
        self.since(mark)
    }

    /// Writes something instead of the text since a mark, and of what was written for it.
    pub(crate) fn replace(&mut self, mark: Mark, instead: &str) {
        self.copy.truncate(mark.length);
        self.copied = mark.copied;
        self.copy_until(mark.at);
        self.copy.push_str(instead);
        self.copied = self.at;
    }

    /// Writes something before what comes next.
    pub(crate) fn insert(&mut self, text: &str) {
        self.copy_until(self.at);
        self.copy.push_str(text);
    }

    /// Begins to take away what is copied from here on.
    pub(crate) fn begin_capture(&mut self) -> usize {
        self.skip(|byte| byte.is_ascii_whitespace());
        self.copy_until(self.at);
        self.copy.len()
    }

    /// What was copied since.
    pub(crate) fn end_capture(&mut self, begin: usize) -> String {
        self.copy_until(self.at);
        self.copy.split_off(begin)
    }

    fn copy_until(&mut self, end: usize) {
        if end > self.copied {
            self.copy.push_str(self.text.get(self.copied..end).unwrap_or_default());
            self.copied = end;
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.byte() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
    }

    fn scalar(&mut self) {
        self.at += 1;
        self.skip(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
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
