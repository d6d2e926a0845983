//! What is said to the model about its bad answer.

use std::fmt;

use crate::{Error, ErrorKind, Prompt};

/// So many faults are listed; more would cost more than they help.
const MOST_LISTED: usize = 20;

/// The model's bad answer as its turn, and the user's turn that follows it.
pub(crate) struct Turn {
    pub(crate) answer: Prompt,
    pub(crate) reply: Prompt,
}

impl Turn {
    /// `None` where there is no answer to speak of.
    pub(crate) fn new(error: &Error) -> Option<Self> {
        let answer = Prompt::from(error.raw_text()?);
        let faults: Vec<String> = match error.kind() {
            ErrorKind::Rejected => error.rejections().to_vec(),
            ErrorKind::Violations => error.violations().iter().map(ToString::to_string).collect(),
            _ if error.is_truncated() => vec!["it ends too early".to_owned()],
            _ => vec!["it is not JSON".to_owned()],
        };
        let more = faults.len().saturating_sub(MOST_LISTED);
        let mut reply = "Your answer is not usable:\n".to_owned();
        for fault in faults.iter().take(MOST_LISTED) {
            reply.push_str("- ");
            // A validator may find several things.
            reply.push_str(&fault.trim().replace('\n', "\n- "));
            reply.push('\n');
        }
        if more > 0 {
            reply.push_str(&format!("- and {more} more of this kind\n"));
        }
        reply.push_str(
            "Answer again, with all of this corrected, with the whole answer and nothing else.",
        );
        Some(Self { answer, reply: reply.into() })
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").field("reply", &self.reply).finish_non_exhaustive()
    }
}
