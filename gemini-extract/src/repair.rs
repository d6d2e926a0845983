//! When a bad answer is asked for again, and how.

mod turn;

pub(crate) use turn::Turn;

use crate::request::Parameters;
use crate::{Error, ErrorKind, Thinking};

const TIMES: u32 = 1;
/// What most models can write at once.
const MOST_OUTPUT_TOKENS: u32 = 65_536;

/// When a bad answer is asked for again.
///
/// An answer that isn't JSON, doesn't fit the type or is rejected by a validator goes back to the
/// model as its own turn, followed by a turn that lists what is wrong with it. An empty or
/// malformed answer is asked for once more as it was. One that was cut off at
/// [`max_output_tokens`](crate::Extract::max_output_tokens) is asked for with twice as many. Where
/// the call sets no such limit, or the highest, it is asked for with less
/// [`thinking`](crate::Extract::thinking), if the call sets a budget or a level; else the model's
/// own limit was reached, and nothing is asked again. Blocked prompts, and answers stopped for safety or recitation, are never asked for again.
///
/// By default this is done once. Each repair has the attempts of [`Retry`](crate::Retry) for
/// itself; all of them are billed, and counted in the usage of the call.
///
/// # Examples
///
/// ```no_run
/// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
/// use gemini_extract::Repair;
///
/// let repair = Repair::default().times(2);
/// let cities: Vec<String> = client.extract("Name two cities.").with_repair(repair).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Repair {
    times: u32,
    most_output_tokens: u32,
}

/// What is changed before a bad answer is asked for again.
#[derive(Debug)]
pub(crate) enum Remedy {
    /// Nothing: the answer said nothing.
    Same,
    /// What is wrong is told.
    Told(Turn),
    /// The answer may have so many tokens.
    MoreTokens(u32),
    /// The model thinks so much only.
    LessThinking(Thinking),
}

impl Repair {
    /// Nothing is asked for again.
    pub fn never() -> Self {
        Self::default().times(0)
    }

    /// How many times a bad answer is asked for again at most.
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// The most output tokens that an answer is asked for again with; 65,536 by default.
    pub fn most_output_tokens(mut self, tokens: u32) -> Self {
        self.most_output_tokens = tokens;
        self
    }

    /// What to do about a bad answer that was asked for with these parameters, after so many
    /// repairs.
    pub(crate) fn remedy(
        &self,
        error: &Error,
        done: u32,
        parameters: &Parameters,
    ) -> Option<Remedy> {
        if done >= self.times {
            return None;
        }
        match error.kind() {
            ErrorKind::EmptyAnswer | ErrorKind::MalformedAnswer => Some(Remedy::Same),
            ErrorKind::InvalidJson | ErrorKind::Violations | ErrorKind::Rejected => {
                Turn::new(error).map(Remedy::Told)
            }
            ErrorKind::MaxTokens => {
                let more = self.more(parameters.max_output_tokens).map(Remedy::MoreTokens);
                let less = || parameters.thinking.thinking.as_ref()?.less();
                more.or_else(|| less().map(Remedy::LessThinking))
            }
            _ => None,
        }
    }

    /// The largest limit of output tokens that comes of this one.
    #[cfg(feature = "batch")]
    pub(crate) fn largest(&self, limit: u32) -> u32 {
        let mut largest = limit;
        for _ in 0..self.times.min(u32::BITS) {
            largest = self.more(Some(largest)).unwrap_or(largest);
        }
        largest
    }

    /// A limit of output tokens above this one.
    fn more(&self, limit: Option<u32>) -> Option<u32> {
        let limit = limit.filter(|limit| *limit < self.most_output_tokens)?;
        Some(limit.saturating_mul(2).min(self.most_output_tokens))
    }
}

impl Default for Repair {
    fn default() -> Self {
        Self { times: TIMES, most_output_tokens: MOST_OUTPUT_TOKENS }
    }
}
