//! Changes of an answer: what goes wrong with it although the status is 200.

use super::{Candidate, Content, Event, Interruption, Part, Reply};
use crate::request::continuation_token;

const MAX_TOKENS: &str = "MAX_TOKENS";
const CONTINUATION: &str = "CONTINUATION";
/// How much of a text is repeated by [`Reply::looping`].
const LOOP_CHARACTERS: usize = 24;
const LONGEST_LOOP: usize = 16 * 1024 * 1024;

/// Changes of answers. A reply without candidates (an error, a blocked prompt, raw bytes) has
/// nothing to change, and stays as it is.
impl Reply {
    /// Sets the finish reason of the candidates.
    pub fn finish_reason(self, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        self.change(|candidate| candidate.finish_reason = Some(reason.clone()))
    }

    /// Leaves the finish reason out: the stream just ends.
    pub fn without_finish_reason(self) -> Self {
        self.change(|candidate| candidate.finish_reason = None)
    }

    /// Puts a thought before the other parts.
    pub fn with_thought(self, text: impl Into<String>) -> Self {
        let thought = Part::thought(text);
        self.change(|candidate| {
            candidate.parts.get_or_insert_default().insert(0, thought.clone());
        })
    }

    /// Keeps the first half of the text, finished with `MAX_TOKENS`.
    pub fn truncated(self) -> Self {
        self.change(|candidate| candidate.set_text(first_half(&candidate.text())))
            .finish_reason(MAX_TOKENS)
    }

    /// Keeps the first half of the text and goes on with what is no JSON, finished as before.
    pub fn malformed(self) -> Self {
        self.change(|candidate| {
            let text = format!("{}\n<malformed>", first_half(&candidate.text()));
            candidate.set_text(text);
        })
    }

    /// Keeps the first half of the text and repeats its end `times` times, up to 16 MiB, finished
    /// with `MAX_TOKENS`: a model that is caught in a loop.
    pub fn looping(self, times: usize) -> Self {
        self.change(|candidate| {
            let text = candidate.text();
            let kept = first_half(&text);
            let skipped = kept.chars().count().saturating_sub(LOOP_CHARACTERS);
            let tail: String = kept.chars().skip(skipped).collect();
            let tail = if tail.is_empty() { "again ".to_owned() } else { tail };
            let times = times.min(LONGEST_LOOP / tail.len());
            candidate.set_text(format!("{kept}{}", tail.repeat(times)));
        })
        .finish_reason(MAX_TOKENS)
    }

    /// Keeps the first half of the text, finished with `CONTINUATION` and a token. To a request with
    /// this token the emulator answers the second half, if it made the first one itself. A text of
    /// less than two characters stays as it is.
    pub fn to_be_continued(self) -> Self {
        self.change(|candidate| {
            let half = first_half(&candidate.text());
            if half.is_empty() {
                return;
            }
            let sent = candidate.sent_before + half.chars().count();
            candidate.set_text(half);
            candidate.continuation_token = Some(continuation_token(sent));
            candidate.finish_reason = Some(CONTINUATION.to_owned());
        })
    }

    /// Finishes with `CONTINUATION` and this token, which should be base64: there is more for who
    /// sends the token back.
    pub fn continued(self, token: impl Into<String>) -> Self {
        let token = token.into();
        self.change(|candidate| candidate.continuation_token = Some(token.clone()))
            .finish_reason(CONTINUATION)
    }

    /// Says `null` for the optional fields of a response that have no value, instead of leaving
    /// them out.
    pub fn null_fields(mut self) -> Self {
        self.style.has_nulls = true;
        self
    }

    /// Puts events into a stream that hold next to nothing, as the service does now and then: usage
    /// alone, an empty list of parts, an empty text with a thought signature.
    pub fn sparse_events(mut self) -> Self {
        self.style.has_sparse_events = true;
        self
    }

    /// How many characters of text an event of a stream has at most. 80, unless the emulator was
    /// started with another number.
    pub fn chunk_chars(mut self, characters: usize) -> Self {
        self.style.chunk_chars = Some(characters.max(1));
        self
    }

    /// Ends the lines of a stream with `\n` instead of `\r\n`.
    pub fn line_feeds(mut self) -> Self {
        self.style.sse.has_line_feeds = true;
        self
    }

    /// Writes `data:` without the space after it, as some proxies do.
    pub fn no_space_after_data(mut self) -> Self {
        self.style.sse.has_no_space = true;
        self
    }

    /// Ends a stream after so many events, in good order. An answer that is no stream stays as it
    /// is.
    pub fn end_after(mut self, events: usize) -> Self {
        self.interruption = Some(Interruption { after: events, event: None });
        self
    }

    /// Ends a stream after so many events with this one, most likely an error. An answer that is no
    /// stream stays as it is.
    pub fn error_after(mut self, events: usize, event: Event) -> Self {
        self.interruption = Some(Interruption { after: events, event: Some(event) });
        self
    }

    fn change(mut self, change: impl Fn(&mut Candidate)) -> Self {
        if let Content::Answer(answer) = &mut self.content {
            answer.candidates.iter_mut().for_each(change);
        }
        self
    }
}

fn first_half(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}
