//! The text of an answer as it comes in, and what is known of it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::Sleep;

use super::StreamSummary;
use super::begun::{Begun, StreamCall};
use super::summary::{update, with_text};
use crate::carrier::Carried;
use crate::client::{MOST_IDLE, read, too_large, unfinished};
use crate::error::Fault;
use crate::response::{Answer, FinishReason};
use crate::trail::Trail;
use crate::transport::BoxFuture;
use crate::{Error, ErrorKind, Result, trace};

/// Pieces of text out of a stream. Nothing is sent before it is polled.
pub(super) struct Source {
    state: State,
    /// What is known of the answer; without its text.
    head: Answer,
    attempts: u32,
    cost: Option<f64>,
    /// Whether there was more than white space.
    has_text: bool,
    /// How many continuations in a row gave no text, and whether the one that comes in has.
    idle: u32,
    is_idle: bool,
}

enum State {
    Opening(BoxFuture<'static, Result<Begun>>),
    Open(Box<Open>),
    Over,
}

struct Open {
    begun: Begun,
    /// The first response, until it is read.
    first: Option<Answer>,
    deadline: Pin<Box<Sleep>>,
    timeout: Duration,
    has_ended: bool,
}

impl Source {
    pub(super) fn new(opening: BoxFuture<'static, Result<Begun>>) -> Self {
        Self {
            state: State::Opening(opening),
            head: Answer::default(),
            attempts: 0,
            cost: None,
            has_text: false,
            idle: 0,
            is_idle: false,
        }
    }

    /// What carries the schema, and the most bytes that an element may have; absent before the
    /// first piece.
    pub(super) fn carried(&self) -> Option<(&Carried, usize)> {
        match &self.state {
            State::Open(open) => {
                Some((&open.begun.call.carried, open.begun.delivered.answer.limit))
            }
            _ => None,
        }
    }

    pub(super) fn head(&self) -> &Answer {
        &self.head
    }

    pub(super) fn summary(&self) -> StreamSummary {
        let head = with_text(&self.head, String::new());
        let usage = match &self.state {
            State::Open(open) => open.begun.call.trail.total(head.usage),
            _ => head.usage,
        };
        StreamSummary {
            usage: usage.unwrap_or_default(),
            finish_reason: head.finish_reason,
            model_version: head.model_version,
            response_id: head.response_id,
            safety_ratings: head.safety_ratings,
            attempts: self.attempts,
            cost: self.cost,
        }
    }

    /// The next piece of text, never empty; `None` where the answer is whole. An error is the
    /// last.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<String>>> {
        loop {
            let part = match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Opening(opening) => match ready!(opening.as_mut().poll(context)) {
                    Ok(begun) => {
                        self.attempts = begun.call.trail.attempts();
                        // The trail knows what came before.
                        self.head.usage = None;
                        self.state = State::Open(Box::new(Open::new(begun)));
                        continue;
                    }
                    Err(error) => {
                        self.state = State::Over;
                        return Poll::Ready(Some(Err(self.unopened(error))));
                    }
                },
                State::Open(open) => ready!(open.poll(context)),
            };
            match part {
                Some(Ok(mut part)) => {
                    let text = std::mem::take(&mut part.text);
                    update(&mut self.head, part);
                    self.has_text |= !text.trim().is_empty();
                    self.is_idle &= text.is_empty();
                    if !text.is_empty() {
                        return Poll::Ready(Some(Ok(text)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(self.fail(error)))),
                None if self.resume() => {}
                None => return Poll::Ready(self.conclude().err().map(Err)),
            }
        }
    }

    /// Ends the stream with this error, and its connection with it.
    pub(super) fn fail(&mut self, error: Error) -> Error {
        let error = error.or_answer(|| with_text(&self.head, String::new()));
        let State::Open(open) = std::mem::replace(&mut self.state, State::Over) else {
            return error;
        };
        let Begun { mut call, delivered } = open.begun;
        let StreamCall { client, trail, .. } = &mut call;
        client.interrupted(delivered, &error, trail);
        self.take_accounts(&call.trail);
        call.fail(error)
    }

    /// What is known when no stream came about.
    fn unopened(&mut self, error: Error) -> Error {
        self.attempts = error.attempts();
        self.cost = error.cost();
        self.head.usage = error.usage().cloned();
        error.or_answer(|| with_text(&self.head, String::new()))
    }

    /// Asks for what follows the part that has come, where there is more; false where there isn't.
    fn resume(&mut self) -> bool {
        let Some(token) = self.head.continuation.take() else { return false };
        self.idle = if self.is_idle { self.idle + 1 } else { 0 };
        if self.idle == MOST_IDLE {
            return false;
        }
        let State::Open(open) = std::mem::replace(&mut self.state, State::Over) else {
            return false;
        };
        let mut begun = open.begun;
        begun.settle(&self.head);
        begun.call.trail.add_usage(self.head.usage.take().as_ref());
        self.take_accounts(&begun.call.trail);
        self.head.finish_reason = None;
        self.is_idle = true;
        self.state = State::Opening(begun.resume(token));
        true
    }

    /// The body has ended: says whether the answer has, too.
    fn conclude(&mut self) -> Result<()> {
        let stopped = self.head.finish_reason.as_ref().map(FinishReason::failure);
        let kind = match stopped {
            _ if self.head.block_reason.is_some() && !self.has_text => ErrorKind::PromptBlocked,
            Some(Some(kind)) => kind,
            Some(None) if !self.has_text => ErrorKind::EmptyAnswer,
            Some(None) => {
                self.close();
                return Ok(());
            }
            None => {
                let error = match &self.state {
                    State::Open(open) => unfinished(&open.begun.delivered.answer.frames),
                    _ => Error::fault(Fault::Unfinished, None),
                };
                return Err(self.fail(error));
            }
        };
        Err(self.fail(Error::of_answer(kind, with_text(&self.head, String::new()))))
    }

    fn close(&mut self) {
        let State::Open(open) = std::mem::replace(&mut self.state, State::Over) else { return };
        let mut begun = open.begun;
        begun.settle(&self.head);
        let StreamCall { trail, span, .. } = &begun.call;
        self.take_accounts(trail);
        trace::record_answer(span, &self.head);
        trace::record_trail(span, trail.attempts(), trail.repairs(), trail.cost());
    }

    /// Keeps what the whole call cost.
    fn take_accounts(&mut self, trail: &Trail) {
        self.head.usage = trail.total(self.head.usage.take());
        self.cost = trail.cost();
    }
}

impl Open {
    fn new(mut begun: Begun) -> Self {
        let (timeout, left) = (begun.call.trail.timeout(), begun.call.trail.left());
        let first = Some(std::mem::take(&mut begun.delivered.answer.first));
        let deadline = Box::pin(tokio::time::sleep(left));
        Self { begun, first, deadline, timeout, has_ended: false }
    }

    /// The next response; `None` at the end of the body.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Answer>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let line = &mut self.begun.delivered.answer;
        loop {
            if let Some(frame) = line.frames.next_frame() {
                return Poll::Ready(Some(read(&frame, &line.secret)));
            }
            if self.has_ended {
                return Poll::Ready(None);
            }
            if self.deadline.as_mut().poll(context).is_ready() {
                let error = Error::fault(Fault::CallTimeout(self.timeout), None);
                return Poll::Ready(Some(Err(error)));
            }
            let progress = match ready!(line.body.poll_chunk(context)) {
                Some(Ok(chunk)) => line.frames.push(&chunk),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.has_ended = true;
                    line.frames.finish()
                }
            };
            if let Err(error) = progress {
                return Poll::Ready(Some(Err(too_large(error))));
            }
        }
    }
}
