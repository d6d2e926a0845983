//! Limits of the service, as its users have reported them.

use std::fmt;

use super::survey::Survey;
use crate::Dialect;
use crate::path::one_line;

/// Something about a schema that the service has been seen to refuse, and a way out.
///
/// The limits are not documented and differ between models, so that a schema with a warning may
/// well be accepted, and one without may be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    path: String,
    reason: String,
    remedy: &'static str,
}

/// Levels of objects and arrays: reports of refusals begin at five.
const DEPTH: usize = 4;

/// The sum of all `maxItems`.
const MAX_ITEMS: u64 = 960;

/// The bytes of all names; 43 properties of 34 bytes were refused.
const NAME_BYTES: usize = 1400;

impl Warning {
    /// Where in the schema that is sent, as a JSON Pointer into it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What may be refused.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The way out.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.remedy
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the root" } else { &self.path };
        write!(formatter, "at {}: {}; {}", one_line(path), one_line(&self.reason), self.remedy)
    }
}

pub(super) fn warnings(survey: &Survey, dialect: Dialect) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |path: &str, reason: String, remedy: &'static str| {
        warnings.push(Warning { path: path.to_owned(), reason, remedy });
    };
    let Some(carrier) = dialect.carrier() else { return warnings };
    let metrics = &survey.metrics;
    let is_response_schema = matches!(dialect, Dialect::Gemini | Dialect::Vertex);
    if is_response_schema && metrics.depth > DEPTH {
        warn(
            &survey.deepest,
            format!(
                "{} levels of objects and arrays; {carrier} was refused with more than four to six",
                metrics.depth
            ),
            "flatten the type, or send it by responseJsonSchema (Dialect::GeminiJson)",
        );
    }
    if metrics.max_items > MAX_ITEMS {
        warn(
            &survey.longest.path,
            format!(
                "maxItems adds up to {}, with {} here; more than about {MAX_ITEMS} was refused",
                metrics.max_items, survey.longest.value
            ),
            "keep the limits to the check after decoding with Lowered::without_max_items",
        );
    }
    for (path, members) in &survey.enums {
        warn(
            path,
            format!("{members} members of an enumeration; between 100 and 260 were refused"),
            "group the members, or use a String and check it after decoding",
        );
    }
    if is_response_schema && metrics.name_bytes > NAME_BYTES {
        warn(
            &survey.wordiest.path,
            format!(
                "the names of {} properties have {} bytes, {} of them here; 43 names of 34 bytes \
                 were refused",
                metrics.properties, metrics.name_bytes, survey.wordiest.value
            ),
            "shorten the names with #[serde(rename)], or ask for the parts one after the other",
        );
    }
    warnings
}
