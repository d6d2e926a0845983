//! Strings: words of the prompt, formats, patterns.

use super::{Generator, Impossible, pattern};
use crate::json::Json;
use crate::schema::TextRule;

const HEX_DIGITS: &[u8] = b"0123456789abcdef";

impl Generator<'_> {
    pub(super) fn text(&mut self, rule: &TextRule) -> Result<Json, Impossible> {
        self.spend(rule.min_length)?;
        let text = match (&rule.pattern, &rule.format) {
            (Some(pattern), _) => self.matching(pattern, rule)?,
            (None, Some(format)) => match self.formatted(format) {
                Some(text) => text,
                None => self.phrase(rule),
            },
            (None, None) => self.phrase(rule),
        };
        self.spend(text.len())?;
        Ok(Json::String(text))
    }

    fn matching(&mut self, pattern: &str, rule: &TextRule) -> Result<String, Impossible> {
        let wanted = pattern::Wanted {
            min_length: rule.min_length,
            max_length: rule.max_length,
            most: self.left,
        };
        let text = pattern::matching(pattern, &wanted, self.random);
        text.ok_or_else(|| {
            let shown: String = pattern.chars().take(100).collect();
            Impossible::new(format!(
                "no text was found that matches the pattern {shown:?} and the length limits"
            ))
        })
    }

    /// A few words of the prompt, as long as the limits want them.
    fn phrase(&mut self, rule: &TextRule) -> String {
        let mut text = self.words.phrase(self.random);
        let mut length = text.chars().count();
        while length < rule.min_length {
            let more = self.words.phrase(self.random);
            length += 1 + more.chars().count();
            text = text + " " + &more;
        }
        if let Some(most) = rule.max_length {
            let kept: String = text.chars().take(most).collect();
            let trimmed = kept.trim_end();
            let is_long_enough = trimmed.chars().count() >= rule.min_length.max(1);
            return if is_long_enough { trimmed.to_owned() } else { kept };
        }
        text
    }

    /// A text of a format; none for formats that the emulator doesn't know.
    fn formatted(&mut self, format: &str) -> Option<String> {
        let text = match format {
            "date" => self.date(),
            "time" => format!("{}Z", self.clock()),
            "date-time" => format!("{}T{}Z", self.date(), self.clock()),
            "duration" => format!("P{}DT{}H", self.random.between(1, 28), self.random.below(24)),
            "uuid" => self.uuid(),
            "email" | "idn-email" => format!("{}@example.com", self.words.plain(self.random)),
            "hostname" | "idn-hostname" => format!("{}.example.com", self.words.plain(self.random)),
            "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => {
                format!("https://example.com/{}", self.words.plain(self.random))
            }
            "ipv4" => format!("192.0.2.{}", self.random.between(1, 254)),
            "ipv6" => format!("2001:db8::{:x}", self.random.between(1, 0xffff)),
            "byte" | "binary" => "ZW11bGF0ZWQ=".to_owned(),
            _ => return None,
        };
        Some(text)
    }

    fn date(&mut self) -> String {
        let year = self.random.between(2000, 2029);
        format!("{year}-{:02}-{:02}", self.random.between(1, 12), self.random.between(1, 28))
    }

    fn clock(&mut self) -> String {
        let (hour, minute) = (self.random.below(24), self.random.below(60));
        format!("{hour:02}:{minute:02}:{:02}", self.random.below(60))
    }

    /// A random UUID, version 4.
    fn uuid(&mut self) -> String {
        let mut digits = |count: usize| -> String {
            let digit = |_| self.random.pick(HEX_DIGITS).map_or('0', |&digit| char::from(digit));
            (0..count).map(digit).collect()
        };
        let (first, second, third) = (digits(8), digits(4), digits(3));
        format!("{first}-{second}-4{third}-a{}-{}", digits(3), digits(12))
    }
}
