//! Numbers that look random and are the same in every run.

/// A stream of numbers from a seed (SplitMix64).
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    /// The stream that belongs to a text.
    #[must_use]
    pub fn of(text: &str) -> Seed {
        let start = 0xcbf2_9ce4_8422_2325_u64;
        Seed(
            text.bytes().fold(start, |state, byte| {
                (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            }),
        )
    }

    /// The next number below a bound; 0 if the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut state = self.0;
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = usize::try_from((state ^ (state >> 31)) >> 32).unwrap_or(0);
        number.checked_rem(bound).unwrap_or(0)
    }
}
