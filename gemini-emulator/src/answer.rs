//! Answers that the emulator makes itself.

/// The token count of a text by the emulator's rule: one token per four characters, rounded up.
pub(crate) fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(CHARACTERS_PER_TOKEN)
}

/// The rule of thumb that the service's own documentation gives for English.
pub(crate) const CHARACTERS_PER_TOKEN: usize = 4;
