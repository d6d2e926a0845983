//! What a pack cost, shared out over its records so that nothing is lost.

use crate::Usage;
use crate::response::ModalityTokens;

/// What each record used: of the input by its weight, of the output as much as the others.
pub(super) fn usages(whole: &Usage, weights: &[u64]) -> Vec<Usage> {
    let even = vec![1; weights.len()];
    let mut usages = vec![Usage::default(); weights.len()];
    let parts =
        [whole.prompt_tokens, whole.answer_tokens, whole.tool_tokens, whole.thoughts_tokens];
    let known = parts.into_iter().fold(0, u64::saturating_add);
    let rest = whole.total_tokens.checked_sub(known);
    let mut give = |amount, weights: &[u64], place: fn(&mut Usage) -> &mut u64| {
        for (usage, share) in usages.iter_mut().zip(split(amount, weights)) {
            let sum = place(usage);
            *sum = sum.saturating_add(share);
        }
    };
    give(whole.prompt_tokens, weights, |usage| &mut usage.prompt_tokens);
    give(whole.cached_tokens, weights, |usage| &mut usage.cached_tokens);
    give(whole.tool_tokens, weights, |usage| &mut usage.tool_tokens);
    give(whole.answer_tokens, &even, |usage| &mut usage.answer_tokens);
    give(whole.thoughts_tokens, &even, |usage| &mut usage.thoughts_tokens);
    match rest {
        Some(rest) => {
            give(whole.prompt_tokens, weights, |usage| &mut usage.total_tokens);
            give(whole.tool_tokens, weights, |usage| &mut usage.total_tokens);
            give(whole.answer_tokens, &even, |usage| &mut usage.total_tokens);
            give(whole.thoughts_tokens, &even, |usage| &mut usage.total_tokens);
            give(rest, &even, |usage| &mut usage.total_tokens);
        }
        None => give(whole.total_tokens, weights, |usage| &mut usage.total_tokens),
    }
    give_details(&mut usages, &whole.prompt_details, weights, |usage| &mut usage.prompt_details);
    give_details(&mut usages, &whole.cache_details, weights, |usage| &mut usage.cache_details);
    give_details(&mut usages, &whole.tool_details, weights, |usage| &mut usage.tool_details);
    give_details(&mut usages, &whole.answer_details, &even, |usage| &mut usage.answer_details);
    for usage in &mut usages {
        usage.service_tier.clone_from(&whole.service_tier);
    }
    usages
}

/// What each record cost, by its tokens; the last one has what is left.
#[allow(clippy::cast_precision_loss, reason = "no request has 2^53 tokens")]
pub(super) fn costs(whole: Option<f64>, usages: &[Usage]) -> Vec<Option<f64>> {
    let Some(whole) = whole else { return vec![None; usages.len()] };
    let total = usages.iter().map(|usage| usage.total_tokens as f64).sum::<f64>();
    let mut left = whole;
    let last = usages.len().saturating_sub(1);
    let share = |(index, usage): (usize, &Usage)| {
        let part = if total > 0.0 { usage.total_tokens as f64 / total } else { 0.0 };
        let share = if index == last { left } else { left.min(whole * part) };
        left -= share;
        Some(share)
    };
    usages.iter().enumerate().map(share).collect()
}

fn give_details(
    usages: &mut [Usage],
    whole: &[ModalityTokens],
    weights: &[u64],
    place: fn(&mut Usage) -> &mut Vec<ModalityTokens>,
) {
    for detail in whole {
        for (usage, tokens) in usages.iter_mut().zip(split(detail.tokens, weights)) {
            place(usage).push(ModalityTokens { tokens, ..detail.clone() });
        }
    }
}

/// An amount by weights, by the method of the largest remainder: the sum is exact.
fn split(amount: u64, weights: &[u64]) -> Vec<u64> {
    let sum = weights.iter().map(|weight| u128::from(*weight)).sum::<u128>().max(1);
    let part = |weight: &u64| {
        let product = u128::from(amount).saturating_mul(u128::from(*weight));
        (u64::try_from(product / sum).unwrap_or(u64::MAX), product % sum)
    };
    let parts: Vec<(u64, u128)> = weights.iter().map(part).collect();
    let given = parts.iter().fold(0_u64, |given, (share, _)| given.saturating_add(*share));
    let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
    by_remainder.sort_by_key(|index| {
        std::cmp::Reverse(parts.get(*index).map_or(0, |(_, remainder)| *remainder))
    });
    let mut shares: Vec<u64> = parts.iter().map(|(share, _)| *share).collect();
    let left = usize::try_from(amount.saturating_sub(given)).unwrap_or(usize::MAX);
    for index in by_remainder.into_iter().take(left) {
        if let Some(share) = shares.get_mut(index) {
            *share = share.saturating_add(1);
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{costs, split, usages};
    use crate::Usage;
    use crate::response::{Modality, ModalityTokens};

    #[test]
    fn the_largest_remainders_get_what_is_left() {
        assert_eq!(split(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(split(10, &[10, 29, 61]), [1, 3, 6]);
        assert_eq!(split(2, &[1; 5]), [1, 1, 0, 0, 0]);
        assert_eq!(split(u64::MAX, &[u64::MAX, u64::MAX]).iter().sum::<u64>(), u64::MAX);
    }

    fn any_usage() -> impl Strategy<Value = Usage> {
        let tokens = || prop_oneof![0..50_u64, 0..1_000_000_u64];
        let detail =
            tokens().prop_map(|tokens| ModalityTokens { modality: Modality::Text, tokens });
        let counts = (tokens(), tokens(), tokens(), tokens(), tokens(), tokens());
        (counts, prop::collection::vec(detail, 0..2)).prop_map(|(counts, prompt_details)| {
            let (prompt_tokens, cached_tokens, answer_tokens, tool_tokens, thoughts_tokens, total) =
                counts;
            Usage {
                prompt_tokens,
                cached_tokens,
                answer_tokens,
                tool_tokens,
                thoughts_tokens,
                total_tokens: total,
                prompt_details,
                ..Usage::default()
            }
        })
    }

    proptest! {
        #[test]
        fn sums_are_those_of_the_whole(
            whole in any_usage(),
            weights in prop::collection::vec(1..100_000_u64, 1..40),
            cost in 0.0..1_000.0_f64,
        ) {
            let shared = usages(&whole, &weights);
            let sum = shared.iter().fold(Usage::default(), |sum, usage| sum + usage.clone());
            prop_assert_eq!(sum, whole);
            let shared = costs(Some(cost), &shared);
            prop_assert!(shared.iter().flatten().all(|share| (0.0..=cost).contains(share)));
            let sum: f64 = shared.into_iter().flatten().sum();
            prop_assert!((sum - cost).abs() < 1e-9);
        }
    }
}
