//! Reviews without end, each with a label that is known.

use gemini_emulator::{RecordedRequest, Reply};
use gemini_extract::batch::Batch;
use gemini_extract::{Client, GeminiSchema};
use serde::Deserialize;

/// What a review is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, GeminiSchema)]
pub enum Label {
    /// It likes the thing.
    Praise,
    /// It doesn't.
    Complaint,
    /// It asks something.
    Question,
}

impl Label {
    /// The label of the review of this number.
    #[must_use]
    pub const fn of(number: usize) -> Self {
        match (number ^ (number >> 7)) % 3 {
            0 => Self::Praise,
            1 => Self::Complaint,
            _ => Self::Question,
        }
    }

    /// Its name in an answer.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Praise => "Praise",
            Self::Complaint => "Complaint",
            Self::Question => "Question",
        }
    }
}

/// A batch over `count` reviews, each with its number behind an `r` as its key. The first `distinct`
/// are all different, and then they come again.
pub fn batch(client: &Client, count: usize, distinct: usize) -> Batch<Label> {
    let records = (0..count).map(move |number| (format!("r{number}"), text(number % distinct)));
    client.batch::<Label, _>(records).instruction("Classify the review.")
}

/// The number in a key.
#[must_use]
pub fn number(key: &str) -> Option<usize> {
    key.strip_prefix('r')?.parse().ok()
}

/// The number of the review that a request asks about.
#[must_use]
pub fn asked(request: &RecordedRequest) -> Option<usize> {
    let prompt = request.body.pointer("/contents/0/parts/0/text")?.as_str()?;
    prompt.strip_prefix("Review ")?.split(':').next()?.parse().ok()
}

/// The right answer to a request.
#[must_use]
pub fn respond(request: &RecordedRequest) -> Option<Reply> {
    asked(request).map(|number| Reply::text(Label::of(number).name()))
}

fn text(number: usize) -> String {
    format!("Review {number}: the parcel came late, but the lamp is lovely and warm.")
}
