//! Numbers, each with the exact bounds of its type.

use std::num::{NonZeroU8, NonZeroU64, NonZeroU128};

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

macro_rules! integers {
    ($($name:ident: $integer:ty),*) => {$(
        #[test]
        fn $name() {
            type I = $integer;
            zoo::<$integer>().values([I::MIN, I::MIN + 1, 0, 1, I::MAX - 1, I::MAX]).everywhere();
        }
    )*};
}

integers!(u8s: u8, u16s: u16, u32s: u32, u64s: u64, u128s: u128, usizes: usize);
integers!(i8s: i8, i16s: i16, i32s: i32, i64s: i64, i128s: i128, isizes: isize);

#[test]
fn floats_of_32_bits() {
    let edges = [0.0, 1.5, f32::MIN, f32::MAX, f32::MIN_POSITIVE, 1e-45, 16_777_217.0, 0.1];
    zoo::<f32>().values(edges).everywhere();
}

#[test]
fn floats_of_64_bits() {
    let edges = [0.0, -1.5, f64::MIN, f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.1, 1e23];
    zoo::<f64>().values(edges).everywhere();
}

#[test]
fn booleans() {
    zoo::<bool>().values([true, false]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Widths {
    tiny: i8,
    wide: u64,
    signed: i64,
    widest: u128,
    signed_widest: i128,
    single: f32,
    double: f64,
    flag: bool,
}

#[test]
fn all_widths_beside_each_other() {
    let least = Widths {
        tiny: i8::MIN,
        wide: u64::MIN,
        signed: i64::MIN,
        widest: u128::MIN,
        signed_widest: i128::MIN,
        single: f32::MIN,
        double: f64::MIN,
        flag: false,
    };
    let most = Widths {
        tiny: i8::MAX,
        wide: u64::MAX,
        signed: i64::MAX,
        widest: u128::MAX,
        signed_widest: i128::MAX,
        single: f32::MAX,
        double: f64::MAX,
        flag: true,
    };
    zoo::<Widths>().values([least, most]).everywhere();
}

#[test]
fn numbers_that_are_not_zero() {
    zoo::<NonZeroU8>()
        .values([NonZeroU8::MIN, NonZeroU8::MAX])
        .refuses("0", "", "minimum")
        .everywhere();
    zoo::<NonZeroU64>().values([NonZeroU64::MIN, NonZeroU64::MAX]).everywhere();
    zoo::<NonZeroU128>().values([NonZeroU128::MIN, NonZeroU128::MAX]).everywhere();
}
