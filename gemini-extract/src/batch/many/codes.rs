//! Short codes that are hard to confuse.

/// Letters without those that look or sound like another one or a digit; a prime number of them.
const LETTERS: [u8; 13] = *b"CDFHJKMPRTWXY";
const DIGITS: [u8; 5] = *b"34679";
/// The last letter is computed from the others, so that two codes differ in two places at least.
const SHORTEST: usize = 3;

/// So many different codes of one length, in upper case, none of which is taken. They are the same
/// for the same arguments, and lie as far apart as their number allows.
pub(super) fn codes(count: usize, is_taken: impl Fn(&str) -> bool) -> Vec<String> {
    let mut length = SHORTEST;
    loop {
        let all = (0..capacity(length)).filter_map(|number| code(number, length));
        let free: Vec<String> = all.filter(|code| !is_taken(code)).collect();
        if free.len() >= count {
            let place = |index: usize| index.saturating_mul(free.len()).checked_div(count);
            let places = (0..count).filter_map(place);
            return places.filter_map(|place| free.get(place).cloned()).collect();
        }
        length += 1;
    }
}

/// How many codes of this length there are.
fn capacity(length: usize) -> usize {
    (0..length - 1).map(|place| alphabet(place).len()).fold(1, usize::saturating_mul)
}

/// Letters and digits in turns, so that no code is a word.
fn alphabet(place: usize) -> &'static [u8] {
    if place.is_multiple_of(2) { &LETTERS } else { &DIGITS }
}

fn code(mut number: usize, length: usize) -> Option<String> {
    let mut code = vec![b' '; length];
    let mut sum = 0;
    for place in (0..length - 1).rev() {
        let alphabet = alphabet(place);
        let digit = number % alphabet.len();
        number /= alphabet.len();
        // No weight is a multiple of the number of letters, so that a change of one place changes
        // the last letter.
        sum += digit * (place % (LETTERS.len() - 1) + 1);
        *code.get_mut(place)? = *alphabet.get(digit)?;
    }
    *code.last_mut()? = *LETTERS.get(sum % LETTERS.len())?;
    String::from_utf8(code).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::codes;

    fn distance(one: &str, other: &str) -> usize {
        one.bytes().zip(other.bytes()).filter(|(one, other)| one != other).count()
    }

    #[test]
    fn codes_differ_in_two_places() {
        for count in [1, 2, 65, 66, 845] {
            let codes = codes(count, |_| false);
            assert_eq!(codes.len(), count);
            assert!(codes.iter().all(|code| code.len() == codes[0].len()), "{codes:?}");
            for (index, one) in codes.iter().enumerate() {
                let others = codes.iter().skip(index + 1);
                assert!(others.clone().all(|other| distance(one, other) >= 2), "{one}");
            }
        }
    }

    #[test]
    fn codes_are_short() {
        assert_eq!(codes(65, |_| false)[0].len(), 3);
        assert_eq!(codes(250, |_| false)[0].len(), 4);
        assert_eq!(codes(4_000, |_| false)[0].len(), 5);
    }

    #[test]
    fn codes_stay_what_they_are() {
        assert_eq!(codes(4, |_| false), ["C3C", "H4K", "M6W", "T7F"]);
    }

    proptest! {
        #[test]
        fn taken_codes_are_left_out(count in 1_usize..300, taken in any::<u64>()) {
            let is_taken = |code: &str| {
                code.bytes().fold(taken, |hash, byte| hash.rotate_left(7) ^ u64::from(byte)) % 3 == 0
            };
            let found = codes(count, is_taken);
            prop_assert_eq!(found.len(), count);
            prop_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), count);
            prop_assert!(!found.iter().any(|code| is_taken(code)));
            prop_assert_eq!(found, codes(count, is_taken));
        }
    }
}
