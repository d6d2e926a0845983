//! Ids of records in a pack: none that a text could name, or a model count.

use fastrand::Rng;
use xxhash_rust::xxh3::Xxh3;

const LEAST: u32 = 100;

/// The ids that packs of a job have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    /// A power of ten: all ids have as many digits. There are nine for each record at least.
    least: u32,
}

impl Ids {
    pub(super) fn for_packs_of(records: usize) -> Self {
        let mut least = LEAST;
        while usize::try_from(least).is_ok_and(|least| least < records)
            && let Some(more) = least.checked_mul(10).filter(|more| more.checked_mul(10).is_some())
        {
            least = more;
        }
        Self { least }
    }

    /// The least id and the greatest.
    pub(super) fn range(&self) -> (u32, u32) {
        (self.least, self.least.saturating_mul(10).saturating_sub(1))
    }

    /// A different id for each of these texts. They depend on all of the texts, so that nobody can
    /// name them who doesn't know the whole pack, and are the same for the same pack.
    pub(super) fn draw<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<u32> {
        let (mut hash, mut count) = (Xxh3::new(), 0_usize);
        for text in texts {
            hash.update(&text.len().to_le_bytes());
            hash.update(text.as_bytes());
            count = count.saturating_add(1);
        }
        let (least, greatest) = self.range();
        let room = usize::try_from(greatest.saturating_sub(least)).unwrap_or(usize::MAX);
        let mut chance = Rng::with_seed(hash.digest());
        let mut taken = std::collections::HashSet::with_capacity(count);
        let mut ids = Vec::with_capacity(count);
        while ids.len() < count.min(room) {
            let id = chance.u32(least..=greatest);
            if taken.insert(id) {
                ids.push(id);
            }
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Ids;

    #[test]
    fn there_are_more_than_records() {
        let ranges = [1, 100, 101, 1_000, 1_001, usize::MAX].map(|most| {
            let (least, greatest) = Ids::for_packs_of(most).range();
            (least, greatest)
        });
        let greatest = (100_000_000, 999_999_999);
        assert_eq!(ranges[..2], [(100, 999); 2]);
        assert_eq!(ranges[2..], [(1_000, 9_999), (1_000, 9_999), (10_000, 99_999), greatest]);
    }

    proptest! {
        #[test]
        fn each_record_has_its_own(texts in prop::collection::vec(".{0,3}", 1..200)) {
            let ids = Ids::for_packs_of(texts.len());
            let drawn = ids.draw(texts.iter().map(String::as_str));
            let (least, greatest) = ids.range();
            prop_assert_eq!(drawn.len(), texts.len());
            prop_assert!(drawn.iter().all(|id| (least..=greatest).contains(id)));
            let different: std::collections::HashSet<_> = drawn.iter().collect();
            prop_assert_eq!(different.len(), texts.len());
            prop_assert_eq!(ids.draw(texts.iter().map(String::as_str)), drawn);
        }
    }
}
