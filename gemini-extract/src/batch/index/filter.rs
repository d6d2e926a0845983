//! A Bloom filter: whether a hash may be among those that were added.

const BLOCK_BITS: usize = 512;
const WORD_BITS: usize = 64;
/// What an entry takes.
const BITS: usize = 8;
/// How many bits are set for an entry, and which part of the hash says where each one is.
const SET: usize = 5;
const PLACE_BITS: usize = 9;

/// Blocks lie in pieces of so many: memory that one filter leaves fits the next one, however long
/// they are.
const PIECE: usize = 1_024;

type Block = [u64; BLOCK_BITS / WORD_BITS];

/// A Bloom filter whose bits for a hash lie in one block, which is as long as a line of the
/// processor's cache.
#[derive(Debug)]
pub(super) struct Filter {
    pieces: Vec<Box<[Block]>>,
    /// How many blocks there are.
    count: usize,
}

impl Filter {
    /// One with room for so many entries.
    pub(super) fn new(entries: usize) -> Self {
        let count = (entries * BITS).div_ceil(BLOCK_BITS).max(1);
        let piece = || vec![Block::default(); PIECE.min(count)].into_boxed_slice();
        Self { pieces: (0..count.div_ceil(PIECE)).map(|_| piece()).collect(), count }
    }

    pub(super) fn add(&mut self, hash: u128) {
        let at = self.block(hash);
        let piece = self.pieces.get_mut(at / PIECE);
        let Some(block) = piece.and_then(|piece| piece.get_mut(at % PIECE)) else { return };
        for (word, bit) in places(hash) {
            if let Some(word) = block.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// `true` for what was added, and in one case of some 40 for what was not.
    pub(super) fn may_have(&self, hash: u128) -> bool {
        let at = self.block(hash);
        let block = self.pieces.get(at / PIECE).and_then(|piece| piece.get(at % PIECE));
        let is_set =
            |(word, bit)| block.and_then(|it| it.get(word)).is_some_and(|it| it & bit != 0);
        places(hash).all(is_set)
    }

    #[allow(clippy::cast_possible_truncation, reason = "the product is below the count")]
    fn block(&self, hash: u128) -> usize {
        (((hash >> 64) * self.count as u128) >> 64) as usize
    }
}

/// The words of a block and the bits in them that are set for a hash.
#[allow(clippy::cast_possible_truncation, reason = "these are parts of the hash")]
fn places(hash: u128) -> impl Iterator<Item = (usize, u64)> {
    (0..SET).map(move |part| {
        let place = (hash as u64 >> (part * PLACE_BITS)) as usize % BLOCK_BITS;
        (place / WORD_BITS, 1 << (place % WORD_BITS))
    })
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh3::xxh3_128;

    use super::Filter;

    #[test]
    fn it_knows_what_was_added_and_little_else() {
        let hash = |number: u32| xxh3_128(&number.to_le_bytes());
        let mut filter = Filter::new(10_000);
        (0..10_000).for_each(|number| filter.add(hash(number)));
        assert!((0..10_000).all(|number| filter.may_have(hash(number))));
        let wrong = (10_000..110_000).filter(|number| filter.may_have(hash(*number))).count();
        assert!(wrong < 4_000, "{wrong} of 100,000");
    }
}
