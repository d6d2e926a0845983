//! Responses out of the body of a stream, in all the shapes that such a body has.
//!
//! Events as they should be; an array of responses, where something on the way ignores `alt=sse`;
//! and an error in plain JSON, alone or in the middle of events.

use std::collections::VecDeque;

use super::scanner::{ScanError, Scanner};
use super::sse::Events;

/// What some servers of other protocols send at the end.
const DONE: &[u8] = b"[DONE]";
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Cuts a body into the JSON texts of its responses, whatever way its bytes are split.
#[derive(Debug)]
pub struct Frames {
    place: Place,
    events: Events,
    limit: usize,
    ready: VecDeque<Vec<u8>>,
    has_strays: bool,
}

#[derive(Debug)]
enum Place {
    /// Before the first byte that says what the body is.
    Start,
    Events,
    /// In a list of responses or in a single one.
    Json(Scanner),
}

/// A response has more bytes than this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge(pub usize);

impl Frames {
    /// For responses of at most `limit` bytes each.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            place: Place::Start,
            events: Events::new(limit),
            limit,
            ready: VecDeque::new(),
            has_strays: false,
        }
    }

    /// Takes bytes of the body.
    ///
    /// # Errors
    ///
    /// [`TooLarge`], if a response grows over the limit.
    pub fn push(&mut self, mut input: &[u8]) -> Result<(), TooLarge> {
        while let Some(first) = input.first() {
            match &mut self.place {
                Place::Start
                    if matches!(first, b'\r' | b'\n') || BYTE_ORDER_MARK.contains(first) =>
                {
                    input = input.get(1..).unwrap_or_default();
                }
                Place::Start => self.place = self.begin(*first),
                Place::Events if matches!(first, b'{' | b'[') && self.events.is_at_line_start() => {
                    let open = self.events.finish()?;
                    self.keep(open);
                    self.place = self.begin(*first);
                }
                Place::Events => {
                    let event = self.events.advance(&mut input)?;
                    self.keep(event);
                }
                Place::Json(scanner) => match scanner.advance(&mut input) {
                    Ok(frame) => {
                        let frame = frame.map(<[u8]>::to_vec);
                        if scanner.is_at_end() {
                            self.place = Place::Events;
                        }
                        self.keep(frame);
                    }
                    Err(ScanError::TooLarge(limit)) => return Err(TooLarge(limit)),
                    Err(ScanError::Syntax) => {
                        self.has_strays = true;
                        self.place = Place::Events;
                    }
                },
            }
        }
        Ok(())
    }

    /// The next response that is there as a whole.
    pub fn next_frame(&mut self) -> Option<Vec<u8>> {
        self.ready.pop_front()
    }

    /// The body has ended.
    ///
    /// # Errors
    ///
    /// [`TooLarge`], as from [`push`](Self::push).
    pub fn finish(&mut self) -> Result<(), TooLarge> {
        self.has_strays |= matches!(self.place, Place::Json(_));
        let last = self.events.finish()?;
        self.keep(last);
        Ok(())
    }

    /// Whether there was something that is no response.
    #[must_use]
    pub fn has_strays(&self) -> bool {
        self.has_strays || self.events.has_strays()
    }

    fn begin(&self, first: u8) -> Place {
        match first {
            b'[' => Place::Json(Scanner::list(self.limit)),
            b'{' => Place::Json(Scanner::value(self.limit)),
            _ => Place::Events,
        }
    }

    fn keep(&mut self, frame: Option<Vec<u8>>) {
        let says_something = |frame: &Vec<u8>| !matches!(frame.trim_ascii(), b"" | DONE);
        self.ready.extend(frame.filter(says_something));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(body: &str) -> Vec<String> {
        let mut frames = Frames::new(1_000);
        let whole = read(&mut frames, &[body.as_bytes()]);
        for size in [1, 2, 3, 7] {
            let pieces: Vec<&[u8]> = body.as_bytes().chunks(size).collect();
            assert_eq!(read(&mut Frames::new(1_000), &pieces), whole, "{size}: {body:?}");
        }
        whole
    }

    fn read(frames: &mut Frames, pieces: &[&[u8]]) -> Vec<String> {
        let mut found = Vec::new();
        for piece in pieces {
            frames.push(piece).expect("small");
            found.extend(std::iter::from_fn(|| frames.next_frame()));
        }
        frames.finish().expect("small");
        found.extend(std::iter::from_fn(|| frames.next_frame()));
        found.into_iter().map(|frame| String::from_utf8(frame).expect("text")).collect()
    }

    #[test]
    fn events_are_read_in_every_spelling() {
        for body in [
            "data: {\"a\":1}\r\n\r\ndata: {\"b\":2}\r\n\r\n",
            "data: {\"a\":1}\n\ndata: {\"b\":2}\n\n",
            "data: {\"a\":1}\r\rdata: {\"b\":2}\r\r",
            "\u{feff}data:{\"a\":1}\n\n\n\ndata:{\"b\":2}\n\n",
            ": hello\n\nevent: x\nid: 7\nretry: 1\ndata: {\"a\":1}\n\n:\n\ndata: {\"b\":2}",
            "data: {\"a\":1}\n\ndata: {\"b\":2}\n\ndata: [DONE]\n\n",
            "data: {\"a\":1}\n\ndata: {\"b\":2}\n\ndata: [DONE] \n\n",
            "data:  \n\ndata: {\"a\":1}\n\ndata: \t\n\ndata: {\"b\":2}\n",
            "data: {\"a\":1}\n\ndata: {\"b\":2}\n",
            "[{\"a\":1}\n,\r\n{\"b\":2}]",
            "{\"a\":1}\n{\"b\":2}",
        ] {
            assert_eq!(frames(body), [r#"{"a":1}"#, r#"{"b":2}"#], "{body:?}");
        }
    }

    #[test]
    fn lines_end_at_line_ends_only() {
        let text = "{\"a\":\"\u{2028}\u{2029}\u{85}\u{c}é😀\"}";
        assert_eq!(frames(&format!("data: {text}\n\n")), [text]);
        assert_eq!(frames("data: {\"a\":\ndata: 1}\n\n"), ["{\"a\":\n1}"]);
        assert_eq!(frames("data:  x\n\n"), [" x"], "one space goes");
        assert_eq!(frames("data\n\ndata:\n\n"), [""; 0]);
    }

    #[test]
    fn an_error_in_plain_json_is_found_in_the_middle() {
        let error = "{\n  \"error\": {\n    \"code\": 503\n  }\n}";
        let event = r#"{"a":1}"#;
        assert_eq!(frames(&format!("data: {event}\n\n{error}\n")), [event, error]);
        assert_eq!(frames(&format!("data: {event}\n{error}")), [event, error]);
        assert_eq!(frames(&format!("data: {event}\n\n[{error}]")), [event, error]);
        assert_eq!(frames(&format!("{error}\n\ndata: {event}\n\n")), [error, event]);
    }

    #[test]
    fn what_is_no_response_is_noticed() {
        for body in ["<html>no</html>\n", "hello", "[<", "{\"a\":", "[{}"] {
            let mut frames = Frames::new(1_000);
            read(&mut frames, &[body.as_bytes()]);
            assert!(frames.has_strays(), "{body}");
        }
        let mut frames = Frames::new(1_000);
        read(&mut frames, &[b": ping\n\nevent: x\nretry: 1\ndata: {}\n\n"]);
        assert!(!frames.has_strays());
    }

    #[test]
    fn a_response_has_its_bounds() {
        let long = "x".repeat(2_000);
        for body in [
            format!("data: {long}"),
            format!("data: {long}\n\n"),
            format!("data: {0}\ndata: {0}\ndata: {0}\n", &long[..400]),
            format!("[\"{long}"),
        ] {
            let mut frames = Frames::new(1_000);
            let pieces = body.as_bytes().chunks(100);
            let is_refused = pieces.map(|piece| frames.push(piece)).any(|result| result.is_err());
            assert!(is_refused, "{}", &body[..10]);
        }
    }
}
