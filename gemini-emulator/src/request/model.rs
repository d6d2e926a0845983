//! What the checks need to know of a model, read from its name.

/// The generation of a Gemini model, if its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Model {
    version: Option<(u32, u32)>,
    budget: Option<(i64, i64)>,
}

impl Model {
    /// `gemini-2.5-flash` is of generation 2.5; `gemma-4-31b-it` of none that is known here.
    pub(super) fn named(name: &str) -> Self {
        let version = name.strip_prefix("gemini-").and_then(|rest| {
            let number = rest.split('-').next()?;
            let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
            Some((major.parse().ok()?, minor.parse().ok()?))
        });
        let budget = match version {
            Some((2, 5)) if name.contains("-pro") => Some((128, 32_768)),
            Some((2, 5)) if name.contains("-flash") => Some((0, 24_576)),
            _ => None,
        };
        Model { version, budget }
    }

    /// Whether the model is older than Gemini 3: no thinking levels, no tools beside JSON.
    pub(super) fn is_before_3(self) -> bool {
        self.version.is_some_and(|(major, _)| major < 3)
    }

    /// Whether the model is of Gemini 3 or younger: calls of functions have signatures.
    pub(super) fn is_since_3(self) -> bool {
        self.version.is_some_and(|(major, _)| major >= 3)
    }

    /// The fewest tokens that a cache has.
    pub(super) fn least_cached_tokens(self) -> usize {
        if self.is_before_3() { 2048 } else { 4096 }
    }

    /// The least and the largest thinking budget, where they are known.
    pub(super) fn thinking_budget(self) -> Option<(i64, i64)> {
        self.budget
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_generations() {
        assert!(Model::named("gemini-2.5-flash").is_before_3());
        assert!(Model::named("gemini-2.0-flash-lite").is_before_3());
        for name in
            ["gemini-3.8-flash", "gemini-3-pro-preview", "gemma-2-9b", "gemini-flash-latest"]
        {
            assert!(!Model::named(name).is_before_3(), "{name}");
        }
        assert!(Model::named("gemini-3-pro-preview").is_since_3());
        assert!(!Model::named("gemini-flash-latest").is_since_3());
        assert_eq!(Model::named("gemini-2.5-pro").least_cached_tokens(), 2048);
        assert_eq!(Model::named("gemini-flash-latest").least_cached_tokens(), 4096);
        assert_eq!(Model::named("gemini-2.5-pro").thinking_budget(), Some((128, 32_768)));
        assert_eq!(Model::named("gemini-3.8-flash").thinking_budget(), None);
    }
}
