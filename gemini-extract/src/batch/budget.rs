//! How many records may fail before a batch is given up.

/// How many records of a batch may fail.
///
/// Without one a batch goes on however many fail. Once it is used up no more records are asked;
/// those on their way still come to their end.
///
/// # Examples
///
/// ```
/// use gemini_extract::batch::ErrorBudget;
///
/// let few = ErrorBudget::count(100);
/// // A twentieth, judged from the 200th outcome on.
/// let share = ErrorBudget::share(0.05, 200);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct ErrorBudget {
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Count(u64),
    Share { most: f64, minimum: u64 },
}

impl ErrorBudget {
    /// So many records may fail; one more ends the batch.
    pub const fn count(most: u64) -> Self {
        Self { kind: Kind::Count(most) }
    }

    /// This share of the outcomes, from 0.0 to 1.0, may be failures, judged as soon as there are
    /// `minimum` outcomes.
    pub const fn share(most: f64, minimum: u64) -> Self {
        Self { kind: Kind::Share { most, minimum } }
    }

    /// Whether it is used up.
    #[allow(clippy::cast_precision_loss, reason = "no batch has 2^53 records")]
    pub(super) fn is_used_up(&self, failed: u64, finished: u64) -> bool {
        match self.kind {
            Kind::Count(most) => failed > most,
            Kind::Share { most, minimum } => {
                finished >= minimum && failed as f64 > most * finished as f64
            }
        }
    }

    /// What is unusable.
    pub(super) fn problem(&self) -> Option<String> {
        let is_share = |most: &f64| (0.0..=1.0).contains(most);
        let is_bad = matches!(&self.kind, Kind::Share { most, .. } if !is_share(most));
        is_bad.then(|| "the share of an error budget must be from 0.0 to 1.0".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorBudget;

    #[test]
    fn budgets_are_used_up_by_the_failure_above_them() {
        let count = ErrorBudget::count(2);
        assert!(!count.is_used_up(2, 2) && count.is_used_up(3, 1_000));
        let share = ErrorBudget::share(0.1, 20);
        assert!(!share.is_used_up(19, 19), "too early to say");
        assert!(!share.is_used_up(2, 20) && share.is_used_up(3, 20));
        assert!(share.problem().is_none());
        assert!(ErrorBudget::share(f64::NAN, 1).problem().is_some());
    }
}
