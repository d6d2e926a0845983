//! Numbers of every width.

use gemini_tests::zoo::zoo;

#[test]
fn integers_of_64_bits_and_less() {
    zoo::<u8>().values([0, 1, u8::MAX]).both();
    zoo::<i64>().values([i64::MIN, 0, i64::MAX]).both();
}
