//! Regular expressions that are kept with their source.

use std::fmt;

/// A regular expression in the syntax of the [`regex-lite`](regex_lite) crate.
#[derive(Clone)]
pub struct Pattern(regex_lite::Regex);

/// The most bytes that a pattern read at run time may take.
const SMALL: usize = 1 << 19;

impl Pattern {
    /// Compiles a regular expression.
    ///
    /// # Errors
    ///
    /// The reason why the expression does not compile.
    pub fn new(source: &str) -> Result<Pattern, regex_lite::Error> {
        regex_lite::Regex::new(source).map(Pattern)
    }

    /// Compiles a regular expression of a stranger, who could mean to fill the memory.
    pub(crate) fn small(source: &str) -> Result<Pattern, regex_lite::Error> {
        regex_lite::RegexBuilder::new(source).size_limit(SMALL).build().map(Pattern)
    }

    /// The expression.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it matches somewhere in the text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Pattern({:?})", self.as_str())
    }
}
