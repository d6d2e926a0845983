//! A table from hashes of 128 bits to numbers, for tens of millions of them.

const SHARDS: usize = 64;
/// A shard is at most so full, in percent, before it grows.
const FULL: usize = 85;
/// A shard grows by this share of its size.
const GROWTH: usize = 4;
const LEAST: usize = 8;

/// A table from hashes to numbers: 24 bytes for an entry, and about as much again for every third.
///
/// Entries lie in 64 shards that grow by a quarter one after the other, so that growing needs
/// little beside the table itself.
#[derive(Debug)]
pub(super) struct Index {
    shards: Vec<Shard>,
}

#[derive(Debug, Default)]
struct Shard {
    slots: Vec<Slot>,
    taken: usize,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: [u64; 2],
    /// [`VACANT`] where there is nothing.
    value: u64,
}

const VACANT: u64 = u64::MAX;
/// The largest number that the table can hold.
pub(super) const MOST: u64 = VACANT - 1;

impl Default for Index {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Shard::default()).collect() }
    }
}

impl Index {
    /// The number of a hash.
    pub(super) fn get(&self, hash: u128) -> Option<u64> {
        let (shard, hash) = parts(hash);
        let shard = self.shards.get(shard)?;
        let slot = shard.slots.get(shard.find(hash)?)?;
        (slot.value != VACANT).then_some(slot.value)
    }

    /// Sets the number of a hash, and gives the one before. Numbers are at most [`MOST`].
    pub(super) fn insert(&mut self, hash: u128, value: u64) -> Option<u64> {
        let (shard, hash) = parts(hash);
        self.shards.get_mut(shard)?.insert(hash, value.min(MOST))
    }

    /// How many bytes it takes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.shards.iter().map(|shard| shard.slots.capacity() * size_of::<Slot>()).sum()
    }
}

impl Shard {
    /// The place of a hash, or the vacant one where it belongs; `None` in an empty shard.
    fn find(&self, hash: [u64; 2]) -> Option<usize> {
        let size = self.slots.len();
        let start = home(hash, size);
        let places = (start..size).chain(0..start);
        places.into_iter().find(|place| {
            self.slots.get(*place).is_some_and(|slot| slot.value == VACANT || slot.hash == hash)
        })
    }

    fn insert(&mut self, hash: [u64; 2], value: u64) -> Option<u64> {
        if (self.taken + 1) * 100 > self.slots.len() * FULL {
            self.grow();
        }
        let place = self.find(hash)?;
        let slot = self.slots.get_mut(place)?;
        let before = (slot.value != VACANT).then_some(slot.value);
        *slot = Slot { hash, value };
        self.taken += usize::from(before.is_none());
        before
    }

    fn grow(&mut self) {
        let size = (self.slots.len() + self.slots.len() / GROWTH).max(self.slots.len() + LEAST);
        let vacant = Slot { hash: [0; 2], value: VACANT };
        let mut slots = Vec::new();
        slots.reserve_exact(size);
        slots.resize(size, vacant);
        let old = std::mem::replace(&mut self.slots, slots);
        for slot in old.into_iter().filter(|slot| slot.value != VACANT) {
            if let Some(place) = self.find(slot.hash).and_then(|place| self.slots.get_mut(place)) {
                *place = slot;
            }
        }
    }
}

/// The shard of a hash, and its halves.
#[allow(clippy::cast_possible_truncation, reason = "these are parts of the hash")]
fn parts(hash: u128) -> (usize, [u64; 2]) {
    let halves = [hash as u64, (hash >> 64) as u64];
    (halves[0] as usize % SHARDS, halves)
}

/// Where a hash belongs in a shard of this size.
#[allow(clippy::cast_possible_truncation, reason = "the product is below the size")]
fn home(hash: [u64; 2], size: usize) -> usize {
    ((u128::from(hash[1]) * size as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh3::xxh3_128;

    use super::Index;

    fn hash(number: u64) -> u128 {
        xxh3_128(&number.to_le_bytes())
    }

    #[test]
    fn numbers_are_found_and_replaced() {
        let mut index = Index::default();
        assert_eq!(index.get(hash(1)), None);
        for number in 0..10_000 {
            assert_eq!(index.insert(hash(number), number), None);
        }
        for number in 0..10_000 {
            assert_eq!(index.get(hash(number)), Some(number));
            assert_eq!(index.insert(hash(number), number + 1), Some(number));
            assert_eq!(index.get(hash(number)), Some(number + 1));
        }
        assert_eq!(index.get(hash(10_000)), None);
    }

    #[test]
    fn hashes_that_look_alike_are_told_apart() {
        let mut index = Index::default();
        for number in 0..1_000 {
            index.insert(u128::from(number) << 6, number);
        }
        assert!((0..1_000).all(|number| index.get(u128::from(number) << 6) == Some(number)));
    }

    #[test]
    fn an_entry_takes_at_most_forty_bytes() {
        for count in [100_000_u64, 123_456, 200_000, 300_000] {
            let mut index = Index::default();
            (0..count).for_each(|number| assert_eq!(index.insert(hash(number), number), None));
            let each = index.bytes() as f64 / count as f64;
            assert!(each < 40.0, "{each} bytes for each of {count}");
        }
    }
}
