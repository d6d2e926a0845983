//! How much a model thinks before it answers.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::open::open_set;

open_set! {
    /// How much a model of generation 3 or later thinks (`thinkingLevel`).
    pub enum ThinkingLevel {
        /// As little as can be; not every model knows it.
        Minimal = "MINIMAL",
        /// Little.
        Low = "LOW",
        /// Some.
        Medium = "MEDIUM",
        /// Much.
        High = "HIGH",
    }
}

/// How much a model thinks before it answers. Thoughts are billed, and count towards
/// [`max_output_tokens`](crate::Extract::max_output_tokens).
///
/// Models of generation 2.5 take a budget, later ones a [`ThinkingLevel`]. What a model can't do,
/// it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Thinking {
    /// Not at all; not every model can do without.
    Off,
    /// As much as the model finds good.
    Automatic,
    /// Up to so many tokens.
    Budget(u32),
    /// By a level.
    Level(ThinkingLevel),
}

impl From<ThinkingLevel> for Thinking {
    fn from(level: ThinkingLevel) -> Self {
        Self::Level(level)
    }
}

/// The field `thinkingConfig`.
#[derive(Clone, Debug, Default)]
pub(crate) struct ThinkingConfig {
    pub(crate) thinking: Option<Thinking>,
    pub(crate) includes_thoughts: bool,
}

impl Thinking {
    /// Less of it; `None` where there is no less, or nobody knows how much it is.
    pub(crate) fn less(&self) -> Option<Self> {
        match self {
            Self::Budget(tokens) if *tokens > 1 => Some(Self::Budget(tokens / 2)),
            Self::Level(ThinkingLevel::High) => Some(ThinkingLevel::Medium.into()),
            Self::Level(ThinkingLevel::Medium) => Some(ThinkingLevel::Low.into()),
            _ => None,
        }
    }
}

impl ThinkingConfig {
    pub(crate) fn is_empty(&self) -> bool {
        self.thinking.is_none() && !self.includes_thoughts
    }
}

impl Serialize for ThinkingConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const BUDGET: &str = "thinkingBudget";
        let mut fields = serializer.serialize_map(None)?;
        if self.includes_thoughts {
            fields.serialize_entry("includeThoughts", &true)?;
        }
        match &self.thinking {
            Some(Thinking::Off) => fields.serialize_entry(BUDGET, &0)?,
            Some(Thinking::Automatic) => fields.serialize_entry(BUDGET, &-1)?,
            Some(Thinking::Budget(tokens)) => fields.serialize_entry(BUDGET, tokens)?,
            Some(Thinking::Level(level)) => {
                fields.serialize_entry("thinkingLevel", level.as_str())?;
            }
            None => {}
        }
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::{Thinking, ThinkingConfig, ThinkingLevel};

    #[test]
    fn each_way_has_its_field() {
        for (thinking, expected) in [
            (Thinking::Off, r#"{"thinkingBudget":0}"#),
            (Thinking::Automatic, r#"{"thinkingBudget":-1}"#),
            (Thinking::Budget(512), r#"{"thinkingBudget":512}"#),
            (ThinkingLevel::Low.into(), r#"{"thinkingLevel":"LOW"}"#),
        ] {
            let config = ThinkingConfig { thinking: Some(thinking), includes_thoughts: false };
            assert_eq!(serde_json::to_string(&config).expect("JSON"), expected);
        }
        let config = ThinkingConfig { thinking: None, includes_thoughts: true };
        let json = serde_json::to_string(&config).expect("JSON");
        assert_eq!(json, r#"{"includeThoughts":true}"#);
    }

    #[test]
    fn less_comes_to_an_end() {
        let steps = |thinking: Thinking| {
            std::iter::successors(Some(thinking), Thinking::less).skip(1).count()
        };
        assert_eq!(steps(Thinking::Budget(1024)), 10);
        assert_eq!(steps(ThinkingLevel::High.into()), 2);
        for thinking in [Thinking::Off, Thinking::Automatic, ThinkingLevel::Minimal.into()] {
            assert_eq!(steps(thinking.clone()), 0, "{thinking:?}");
        }
    }
}
