//! Server-sent events out of bytes that are split anywhere.

use memchr::memchr2;

use super::frames::TooLarge;

/// Puts lines together, and events of their `data` fields.
#[derive(Debug)]
pub(super) struct Events {
    /// The line as far as it has come.
    line: Vec<u8>,
    /// Whether the last line ended with a carriage return, which a line feed may belong to.
    is_after_return: bool,
    data: Vec<u8>,
    has_data: bool,
    /// Whether there was a line that means nothing.
    has_strays: bool,
    /// The most bytes that an event may have.
    limit: usize,
}

impl Events {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            line: Vec::new(),
            is_after_return: false,
            data: Vec::new(),
            has_data: false,
            has_strays: false,
            limit,
        }
    }

    /// Takes the next line, or what there is of it, from the front of the input; gives the event
    /// that it ends.
    pub(super) fn advance(&mut self, input: &mut &[u8]) -> Result<Option<Vec<u8>>, TooLarge> {
        if std::mem::take(&mut self.is_after_return) && input.first() == Some(&b'\n') {
            *input = input.get(1..).unwrap_or_default();
            return Ok(None);
        }
        let Some(end) = memchr2(b'\n', b'\r', input) else {
            self.line.extend_from_slice(input);
            *input = &[];
            let is_too_large = self.line.len() > self.limit;
            return if is_too_large { Err(TooLarge(self.limit)) } else { Ok(None) };
        };
        let (begin, rest) = input.split_at(end);
        self.is_after_return = rest.first() == Some(&b'\r');
        *input = rest.get(1..).unwrap_or_default();
        if self.line.is_empty() {
            return self.read(begin);
        }
        let mut line = std::mem::take(&mut self.line);
        line.extend_from_slice(begin);
        let event = self.read(&line);
        line.clear();
        self.line = line;
        event
    }

    /// Whether the next byte begins a line.
    pub(super) fn is_at_line_start(&self) -> bool {
        self.line.is_empty()
    }

    /// Whether there was a line that means nothing.
    pub(super) fn has_strays(&self) -> bool {
        self.has_strays
    }

    /// The event that is open: there are servers that don't end the last one.
    pub(super) fn finish(&mut self) -> Result<Option<Vec<u8>>, TooLarge> {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.read(&line)?;
        }
        Ok(self.dispatch())
    }

    /// Reads a line; an empty one ends the event.
    fn read(&mut self, line: &[u8]) -> Result<Option<Vec<u8>>, TooLarge> {
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = parts.next().unwrap_or_default();
        let value = parts.next().unwrap_or_default();
        match name {
            b"data" => {
                let value = value.strip_prefix(b" ").unwrap_or(value);
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
                if self.data.len() > self.limit {
                    return Err(TooLarge(self.limit));
                }
            }
            b"" | b"event" | b"id" | b"retry" => {}
            _ => self.has_strays = true,
        }
        Ok(None)
    }

    fn dispatch(&mut self) -> Option<Vec<u8>> {
        self.has_data = false;
        let data = std::mem::take(&mut self.data);
        (!data.is_empty()).then_some(data)
    }
}
