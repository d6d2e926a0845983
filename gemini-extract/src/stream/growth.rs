//! The text of an answer as it grows.

use super::completion::Completion;
use super::guard::Guard;
use super::opening::Opening;

/// A text is shown again when it has grown by an eighth, and by so many bytes: all the times that
/// it is shown together cost a fixed number of times what reading it once does.
const FRACTION: usize = 8;
const LEAST_STEP: usize = 32;

/// Keeps the text and says when it is worth to be shown.
#[derive(Debug, Default)]
pub(super) struct Growth {
    text: String,
    /// Where the content begins, once it does.
    start: usize,
    opening: Opening,
    completion: Completion,
    guard: Guard,
    /// At which length it is shown again.
    due: usize,
}

impl Growth {
    /// Takes the next piece; true if the model is caught in a loop.
    pub(super) fn push(&mut self, piece: &str) -> bool {
        let content = self.opening.skip(piece);
        if self.start == self.text.len() {
            self.start += piece.len() - content.len();
        }
        self.text.push_str(piece);
        self.completion.push(content.as_bytes());
        self.guard.push(piece.as_bytes(), self.completion.is_in_text())
    }

    /// The text as it came.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is time to show the content; then the next time is later.
    pub(super) fn is_due(&mut self) -> bool {
        let is_due = self.text.len() >= self.due;
        if is_due {
            self.due = self.text.len() + (self.text.len() / FRACTION).max(LEAST_STEP);
        }
        is_due
    }

    /// The content completed to whole JSON.
    pub(super) fn whole(&self) -> Option<String> {
        self.completion.complete(self.text.get(self.start..)?)
    }

    /// The same without an object that is open in a list.
    pub(super) fn settled(&self) -> Option<String> {
        self.completion.complete_settled(self.text.get(self.start..)?)
    }
}

#[cfg(test)]
mod tests {
    use super::Growth;

    #[test]
    fn what_is_shown_is_a_fixed_number_of_times_the_text() {
        let text =
            format!("```json\n[{}]\n```", "{\"name\":\"value\",\"list\":[1,2]},".repeat(5_000));
        let mut growth = Growth::default();
        let (mut shown, mut times) = (0, 0);
        for piece in text.as_bytes().chunks(10) {
            assert!(!growth.push(str::from_utf8(piece).expect("ASCII")));
            if growth.is_due()
                && let Some(whole) = growth.whole()
            {
                assert!(whole.starts_with('[') && whole.ends_with(']'), "{whole}");
                shown += whole.len();
                times += 1;
            }
        }
        assert!(times > 50 && shown < 10 * text.len(), "{times} times, {shown} bytes");
        assert_eq!(growth.text(), text);
        assert!(growth.whole().is_some_and(|whole| whole.ends_with("},]")));
    }
}
