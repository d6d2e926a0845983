//! What a call cost in tokens.

use std::ops::{Add, AddAssign};

use super::Modality;
use super::wire::{Count, Name, TokenDetails, UsageMetadata};
use crate::secret::Secret;

/// The tokens that a call used, from `usageMetadata`.
///
/// A count that the service leaves out is zero. Usages of several calls are added up by `+`,
/// which saturates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the prompt, cached ones included (`promptTokenCount`).
    pub prompt_tokens: u64,
    /// Tokens of the prompt that came from a cache (`cachedContentTokenCount`).
    pub cached_tokens: u64,
    /// Tokens of the answer (`candidatesTokenCount`).
    pub answer_tokens: u64,
    /// Tokens of what tools put into the prompt (`toolUsePromptTokenCount`).
    pub tool_tokens: u64,
    /// Tokens of thoughts, billed as output (`thoughtsTokenCount`).
    pub thoughts_tokens: u64,
    /// All tokens (`totalTokenCount`); where the service leaves it out, the sum of prompt,
    /// thoughts, answer and tools.
    pub total_tokens: u64,
    /// The prompt's tokens by modality.
    pub prompt_details: Vec<ModalityTokens>,
    /// The cached tokens by modality.
    pub cache_details: Vec<ModalityTokens>,
    /// The answer's tokens by modality.
    pub answer_details: Vec<ModalityTokens>,
    /// The tools' tokens by modality.
    pub tool_details: Vec<ModalityTokens>,
    /// The tier that served the call, such as `standard`, `flex` or `priority`.
    pub service_tier: Option<String>,
}

/// Tokens of one modality.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModalityTokens {
    /// What the tokens stand for.
    pub modality: Modality,
    /// How many there are.
    pub tokens: u64,
}

impl AddAssign<&Usage> for Usage {
    fn add_assign(&mut self, other: &Usage) {
        for (sum, more) in [
            (&mut self.prompt_tokens, other.prompt_tokens),
            (&mut self.cached_tokens, other.cached_tokens),
            (&mut self.answer_tokens, other.answer_tokens),
            (&mut self.tool_tokens, other.tool_tokens),
            (&mut self.thoughts_tokens, other.thoughts_tokens),
            (&mut self.total_tokens, other.total_tokens),
        ] {
            *sum = sum.saturating_add(more);
        }
        for (sum, more) in [
            (&mut self.prompt_details, &other.prompt_details),
            (&mut self.cache_details, &other.cache_details),
            (&mut self.answer_details, &other.answer_details),
            (&mut self.tool_details, &other.tool_details),
        ] {
            add_details(sum, more);
        }
        if self.service_tier.is_none() {
            self.service_tier.clone_from(&other.service_tier);
        }
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += &other;
        self
    }
}

impl Usage {
    /// What counts towards a limit of input tokens: the prompt and what tools read.
    pub(crate) fn input_tokens(&self) -> u64 {
        self.prompt_tokens.saturating_add(self.tool_tokens)
    }

    /// What is billed as output: the answer and the thoughts.
    pub(crate) fn output_tokens(&self) -> u64 {
        self.answer_tokens.saturating_add(self.thoughts_tokens)
    }

    /// Reads the counts; the secret is censored in what the service sends as text.
    pub(super) fn read(usage: UsageMetadata<'_>, secret: &Secret) -> Self {
        let prompt_tokens = count(usage.prompt_token_count);
        let answer_tokens = count(usage.candidates_token_count);
        let tool_tokens = count(usage.tool_use_prompt_token_count);
        let thoughts_tokens = count(usage.thoughts_token_count);
        let parts = [prompt_tokens, answer_tokens, tool_tokens, thoughts_tokens];
        let details = |details| details_of(details, secret);
        Self {
            prompt_tokens,
            cached_tokens: count(usage.cached_content_token_count),
            answer_tokens,
            tool_tokens,
            thoughts_tokens,
            total_tokens: usage.total_token_count.map_or_else(
                || parts.into_iter().fold(0, u64::saturating_add),
                |Count(total)| total,
            ),
            prompt_details: details(usage.prompt_tokens_details),
            cache_details: details(usage.cache_tokens_details),
            answer_details: details(usage.candidates_tokens_details),
            tool_details: details(usage.tool_use_prompt_tokens_details),
            service_tier: usage.service_tier.map(|Name(tier)| secret.mask(&tier).into_owned()),
        }
    }
}

fn count(count: Option<Count>) -> u64 {
    count.unwrap_or_default().0
}

fn details_of(
    details: Option<Vec<Option<TokenDetails<'_>>>>,
    secret: &Secret,
) -> Vec<ModalityTokens> {
    let Some(details) = details else { return Vec::new() };
    let details = details.into_iter().flatten().filter_map(|detail| {
        let Name(modality) = detail.modality?;
        let modality = (&*secret.mask(&modality)).into();
        Some(ModalityTokens { modality, tokens: count(detail.token_count) })
    });
    details.collect()
}

fn add_details(sum: &mut Vec<ModalityTokens>, more: &[ModalityTokens]) {
    for detail in more {
        match sum.iter_mut().find(|known| known.modality == detail.modality) {
            Some(known) => known.tokens = known.tokens.saturating_add(detail.tokens),
            None => sum.push(detail.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Usage;
    use crate::response::Modality;
    use crate::response::wire::UsageMetadata;
    use crate::secret::Secret;

    fn usage(json: &str) -> Usage {
        let usage = serde_json::from_str::<UsageMetadata<'_>>(json).expect("usage");
        Usage::read(usage, &Secret::new("planted"))
    }

    #[test]
    fn counts_are_numbers_or_texts_or_absent() {
        let usage = usage(
            r#"{"promptTokenCount":31,"candidatesTokenCount":"9","thoughtsTokenCount":112.0,
                "cachedContentTokenCount":null,"toolUsePromptTokenCount":-4,
                "promptTokensDetails":[{"modality":"TEXT","tokenCount":31},null,{}]}"#,
        );
        assert_eq!((usage.prompt_tokens, usage.answer_tokens), (31, 9));
        assert_eq!((usage.thoughts_tokens, usage.cached_tokens, usage.tool_tokens), (112, 0, 0));
        assert_eq!(usage.total_tokens, 152, "the sum, where no total is given");
        assert_eq!(usage.prompt_details.len(), 1);
        assert_eq!(usage.prompt_details[0].modality, Modality::Text);
    }

    #[test]
    fn sums_saturate() {
        let huge = usage(r#"{"promptTokenCount":18446744073709551615,"totalTokenCount":1}"#);
        let one = usage(
            r#"{"promptTokenCount":1,"totalTokenCount":1,"serviceTier":"flex",
                "candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":2}]}"#,
        );
        let sum = huge + one.clone() + one;
        assert_eq!((sum.prompt_tokens, sum.total_tokens), (u64::MAX, 3));
        assert_eq!(sum.answer_details[0].tokens, 4);
        assert_eq!(sum.service_tier.as_deref(), Some("flex"));
    }
}
