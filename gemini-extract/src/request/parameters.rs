//! The model's parameters and their ranges.

use std::ops::RangeInclusive;

use serde::Serialize;

use super::Thinking;
use super::thinking::ThinkingConfig;

const TEMPERATURE: RangeInclusive<f64> = 0.0..=2.0;
const TOP_P: RangeInclusive<f64> = 0.0..=1.0;
/// Counts have 32 bits with a sign on the wire.
const COUNT: RangeInclusive<u32> = 1..=i32::MAX.unsigned_abs();
const BAD_BUDGET: &str =
    "the budget for thinking must be from 1 to 2147483647, or `Thinking::Off` or `Automatic`";
const MOST_STOP_SEQUENCES: usize = 5;

/// The parameters in `generationConfig`, as they are on the wire.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_k: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<i32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) stop_sequences: Vec<String>,
    #[serde(rename = "thinkingConfig", skip_serializing_if = "ThinkingConfig::is_empty")]
    pub(crate) thinking: ThinkingConfig,
}

impl Parameters {
    fn budget(&self) -> Option<u32> {
        match self.thinking.thinking {
            Some(Thinking::Budget(tokens)) => Some(tokens),
            _ => None,
        }
    }

    /// Everything that is out of range.
    pub(crate) fn problems(&self) -> Vec<String> {
        let is_within = |value: Option<f64>, range: &RangeInclusive<f64>| {
            value.is_none_or(|value| range.contains(&value))
        };
        let is_count = |value: Option<u32>| value.is_none_or(|value| COUNT.contains(&value));
        let checks = [
            (is_within(self.temperature, &TEMPERATURE), "temperature must be from 0.0 to 2.0"),
            (is_within(self.top_p, &TOP_P), "top_p must be from 0.0 to 1.0"),
            (is_count(self.top_k), "top_k must be from 1 to 2147483647"),
            (self.budget().is_none_or(|budget| COUNT.contains(&budget)), BAD_BUDGET),
            (is_count(self.max_output_tokens), "max_output_tokens must be from 1 to 2147483647"),
            (
                self.stop_sequences.len() <= MOST_STOP_SEQUENCES,
                "there can be at most 5 stop sequences",
            ),
            (
                self.stop_sequences.iter().all(|sequence| !sequence.is_empty()),
                "a stop sequence must not be empty",
            ),
        ];
        let broken = checks.iter().filter(|(is_fine, _)| !is_fine);
        broken.map(|(_, problem)| (*problem).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Parameters, Thinking, ThinkingConfig};

    #[test]
    fn ranges_hold_at_their_ends() {
        for temperature in [0.0, 1.0, 2.0] {
            let parameters = Parameters { temperature: Some(temperature), ..Parameters::default() };
            assert_eq!(parameters.problems().len(), 0, "{temperature}");
        }
        for temperature in [-0.01, 2.01, f64::NAN, f64::INFINITY] {
            let parameters = Parameters { temperature: Some(temperature), ..Parameters::default() };
            assert_eq!(parameters.problems().len(), 1, "{temperature}");
        }
        for (count, expected) in [(0, 2), (1, 0), (1 << 31, 2), ((1 << 31) - 1, 0)] {
            let (top_k, max_output_tokens) = (Some(count), Some(count));
            let parameters = Parameters { top_k, max_output_tokens, ..Parameters::default() };
            assert_eq!(parameters.problems().len(), expected, "{count}");
        }
        for (top_p, expected) in [(0.0, 0), (1.0, 0), (1.1, 1), (-1.0, 1), (f64::NAN, 1)] {
            let parameters = Parameters { top_p: Some(top_p), ..Parameters::default() };
            assert_eq!(parameters.problems().len(), expected, "{top_p}");
        }
    }

    #[test]
    fn all_problems_are_told() {
        let parameters = Parameters {
            temperature: Some(3.0),
            top_p: Some(3.0),
            top_k: Some(0),
            max_output_tokens: Some(0),
            seed: Some(-1),
            stop_sequences: vec![String::new(); 6],
            thinking: ThinkingConfig { thinking: Some(Thinking::Budget(0)), ..Default::default() },
        };
        assert_eq!(parameters.problems().len(), 7);
    }
}
