//! The words that generated texts are made of.

use super::Random;
use crate::json::{Json, parse};

const MOST_WORDS: usize = 200;
const LONGEST_WORD: usize = 24;
/// The property that says which part of the prompt an element answers.
pub(super) const ID: &str = "id";
/// What texts are made of when the prompt has no words.
const FALLBACK: [&str; 6] = ["a", "text", "that", "no", "model", "wrote"];

/// The words of a prompt.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    words: Vec<String>,
    ids: Vec<Json>,
}

impl Words {
    pub(crate) fn of(prompt: &str) -> Self {
        let is_break = |character: char| !(character.is_alphanumeric() || character == '-');
        let words = prompt.split(is_break).map(|word| word.trim_matches('-'));
        let words = words.filter(|word| !word.is_empty() && word.chars().count() <= LONGEST_WORD);
        let mut words: Vec<String> = words.take(MOST_WORDS).map(str::to_owned).collect();
        if words.is_empty() {
            words = FALLBACK.map(str::to_owned).to_vec();
        }
        Words { words, ids: ids(prompt).unwrap_or_default() }
    }

    /// The numbers under which the prompt has its parts, where it is such an object in JSON.
    pub(super) fn ids(&self) -> &[Json] {
        &self.ids
    }

    /// A few words that follow each other.
    pub(super) fn phrase(&self, random: &mut Random) -> String {
        let start = random.below(self.words.len());
        let count = random.between(1, 4);
        let words = self.words.iter().skip(start).take(count);
        words.map(String::as_str).collect::<Vec<&str>>().join(" ")
    }

    /// One word of ASCII letters in lower case, for identifiers and addresses.
    pub(super) fn plain(&self, random: &mut Random) -> String {
        let start = random.below(self.words.len());
        let mut words = self.words.iter().cycle().skip(start).take(self.words.len());
        let is_plain = |word: &&String| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        words.find(is_plain).map_or_else(|| "emulated".to_owned(), |word| word.to_lowercase())
    }
}

fn ids(prompt: &str) -> Option<Vec<Json>> {
    let object = Some(prompt.trim()).filter(|text| text.starts_with('{'))?;
    let object = parse(object).ok()?;
    let names = object.as_object()?.keys();
    names.map(|name| name.parse::<u64>().ok().map(|id| Json::Number(id.into()))).collect()
}
