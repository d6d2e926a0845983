//! The words that generated texts are made of.

use super::Random;

const MOST_WORDS: usize = 200;
const LONGEST_WORD: usize = 24;
/// What texts are made of when the prompt has no words.
const FALLBACK: [&str; 6] = ["a", "text", "that", "no", "model", "wrote"];

/// The words of a prompt.
#[derive(Debug, Clone)]
pub(crate) struct Words(Vec<String>);

impl Words {
    pub(crate) fn of(prompt: &str) -> Self {
        let is_break = |character: char| !(character.is_alphanumeric() || character == '-');
        let words = prompt.split(is_break).map(|word| word.trim_matches('-'));
        let words = words.filter(|word| !word.is_empty() && word.chars().count() <= LONGEST_WORD);
        let mut words: Vec<String> = words.take(MOST_WORDS).map(str::to_owned).collect();
        if words.is_empty() {
            words = FALLBACK.map(str::to_owned).to_vec();
        }
        Words(words)
    }

    /// A few words that follow each other.
    pub(super) fn phrase(&self, random: &mut Random) -> String {
        let start = random.below(self.0.len());
        let count = random.between(1, 4);
        let words = self.0.iter().skip(start).take(count);
        words.map(String::as_str).collect::<Vec<&str>>().join(" ")
    }

    /// One word of ASCII letters in lower case, for identifiers and addresses.
    pub(super) fn plain(&self, random: &mut Random) -> String {
        let start = random.below(self.0.len());
        let mut words = self.0.iter().cycle().skip(start).take(self.0.len());
        let is_plain = |word: &&String| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        words.find(is_plain).map_or_else(|| "emulated".to_owned(), |word| word.to_lowercase())
    }
}
