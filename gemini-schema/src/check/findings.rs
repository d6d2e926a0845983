//! What a check has found so far, within bounds: a hostile document could have millions of
//! violations, and nobody reads more than a thousand.

use crate::Violation;

/// As many as are told of.
pub(crate) const MOST_VIOLATIONS: usize = 1000;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Everything,
    /// The limits that a value breaks although it deserialized into its type.
    Limits,
    /// Whether there is anything at all, and anything structural.
    Fit,
}

/// Violations, those of each kind that is asked for bounded apart, so that none hides another.
#[derive(Debug)]
pub(super) struct Findings {
    wanted: Wanted,
    found: Vec<Violation>,
    unknown_properties: usize,
}

impl Findings {
    pub(super) fn new(wanted: Wanted) -> Findings {
        Findings { wanted, found: Vec::new(), unknown_properties: 0 }
    }

    pub(super) fn wanted(&self) -> Wanted {
        self.wanted
    }

    pub(super) fn push(&mut self, violation: Violation) {
        let is_kept = match self.wanted {
            Wanted::Everything if violation.is_unknown_property() => {
                self.unknown_properties += 1;
                self.unknown_properties <= MOST_VIOLATIONS
            }
            Wanted::Everything => self.found.len() - self.unknown() < MOST_VIOLATIONS,
            Wanted::Limits => violation.is_limit() && self.found.len() < MOST_VIOLATIONS,
            Wanted::Fit => {
                let mut found = self.found.iter();
                found.all(|known| known.is_structural() != violation.is_structural())
            }
        };
        if is_kept {
            self.found.push(violation);
        }
    }

    pub(super) fn has_structural(&self) -> bool {
        self.found.iter().any(Violation::is_structural)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn into_violations(mut self) -> Vec<Violation> {
        self.found.truncate(MOST_VIOLATIONS);
        self.found
    }

    /// The violations for which a type may have refused the value: properties that are not known
    /// only if there is nothing else.
    pub(super) fn into_refusals(mut self) -> Vec<Violation> {
        if self.found.len() > self.unknown() {
            self.found.retain(|violation| !violation.is_unknown_property());
        }
        self.into_violations()
    }

    fn unknown(&self) -> usize {
        self.unknown_properties.min(MOST_VIOLATIONS)
    }
}
