//! How often labels are the true ones, where these are known.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Pairs of a true label and another one; a column of anything else has more.
const MOST_MISTAKES: usize = 10_000;

/// How often labels are the true ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Accuracy {
    pub(crate) right: u64,
    pub(crate) compared: u64,
    /// How often a label was given for another that is true: `true -> given`.
    pub(crate) mistakes: BTreeMap<String, u64>,
}

impl Accuracy {
    /// Compares a label with the true one.
    pub(crate) fn compare(&mut self, known: &str, label: &str) {
        self.compared += 1;
        if known.trim() == label {
            self.right += 1;
            return;
        }
        let mistake = format!("{} → {label}", known.trim());
        if self.mistakes.len() < MOST_MISTAKES || self.mistakes.contains_key(&mistake) {
            *self.mistakes.entry(mistake).or_default() += 1;
        }
    }

    /// The share of right ones, in percent.
    #[allow(clippy::cast_precision_loss, reason = "no table has 2^53 rows")]
    pub(crate) fn percent(&self) -> f64 {
        self.right as f64 / self.compared.max(1) as f64 * 100.0
    }

    /// The most frequent mistakes.
    pub(crate) fn worst(&self, most: usize) -> BTreeMap<String, u64> {
        let mut mistakes: Vec<_> = self.mistakes.iter().collect();
        mistakes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let mistakes = mistakes.into_iter().take(most);
        mistakes.map(|(mistake, count)| (mistake.clone(), *count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Accuracy;

    #[test]
    fn mistakes_are_counted_by_their_pairs() {
        let mut accuracy = Accuracy::default();
        for (known, label) in [("a", "a"), (" b ", "b"), ("a", "b"), ("a", "b"), ("b", "a")] {
            accuracy.compare(known, label);
        }
        assert_eq!((accuracy.right, accuracy.compared), (2, 5));
        assert!((accuracy.percent() - 40.0).abs() < 1e-9);
        let worst = accuracy.worst(1);
        assert_eq!(worst.get("a → b"), Some(&2));
        assert_eq!(worst.len(), 1);
    }
}
