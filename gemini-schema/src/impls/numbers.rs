//! Numbers, each with the exact bounds of its type.

use std::num::{NonZero, Saturating, Wrapping};
use std::sync::atomic;

use crate::schema::{IntegerShape, NumberShape};
use crate::{GeminiSchema, Generator, Integer, Schema, Shape};

macro_rules! integers {
    ($wide:ty: $($integer:ty),*) => {$(
        impl GeminiSchema for $integer {
            fn schema(_: &mut Generator) -> Schema {
                Schema::integer(<$integer>::MIN as $wide, <$integer>::MAX as $wide)
                    .enforced_by_type()
            }
        }
    )*};
}

integers!(i128: i8, i16, i32, i64, isize);
integers!(u128: u8, u16, u32, u64, usize);

macro_rules! non_zero {
    ($($integer:ty),*) => {$(
        impl GeminiSchema for NonZero<$integer> {
            fn schema(generator: &mut Generator) -> Schema {
                without_zero(<$integer>::schema(generator))
            }
        }
    )*};
}

non_zero!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

/// The integers below zero and those above it.
fn without_zero(schema: Schema) -> Schema {
    let Shape::Integer(shape) = &schema.shape else { return schema };
    let part = |minimum: Integer, maximum: Integer| {
        let shape = IntegerShape { minimum, maximum };
        Schema { shape: Shape::Integer(shape), ..schema.clone() }
    };
    let zero = Integer::from(0_i128);
    let positive = part(Integer::from(1_i128), shape.maximum);
    if shape.minimum < zero {
        Schema::any_of([positive, part(shape.minimum, Integer::from(-1_i128))])
    } else {
        positive
    }
}

impl GeminiSchema for i128 {
    fn schema(_: &mut Generator) -> Schema {
        wide(Schema::integer(i128::MIN, i128::MAX))
    }
}

impl GeminiSchema for u128 {
    fn schema(_: &mut Generator) -> Schema {
        wide(Schema::integer(u128::MIN, u128::MAX))
    }
}

fn wide(schema: Schema) -> Schema {
    schema.enforced_by_type().never_buffered("an integer of 128 bits")
}

impl GeminiSchema for f32 {
    fn schema(_: &mut Generator) -> Schema {
        let most = NumberShape::MOST_SINGLE;
        let (minimum, maximum) = (Some(-most), Some(most));
        Schema::from(Shape::Number(NumberShape { minimum, maximum, single_precision: true }))
    }
}

impl GeminiSchema for f64 {
    fn schema(_: &mut Generator) -> Schema {
        Schema::number()
    }
}

impl<T: GeminiSchema> GeminiSchema for Wrapping<T> {
    fn schema(generator: &mut Generator) -> Schema {
        T::schema(generator)
    }
}

impl<T: GeminiSchema> GeminiSchema for Saturating<T> {
    /// Serde reads a number beyond the bounds as the nearest one; here it is a violation.
    fn schema(generator: &mut Generator) -> Schema {
        let mut schema = T::schema(generator);
        schema.annotations.enforced_by_type = false;
        schema
    }
}

macro_rules! atomics {
    ($($size:literal: $($atomic:ident = $value:ty),*;)*) => {$($(
        #[cfg(target_has_atomic = $size)]
        impl GeminiSchema for atomic::$atomic {
            fn schema(generator: &mut Generator) -> Schema {
                <$value>::schema(generator)
            }
        }
    )*)*};
}

atomics! {
    "8": AtomicBool = bool, AtomicI8 = i8, AtomicU8 = u8;
    "16": AtomicI16 = i16, AtomicU16 = u16;
    "32": AtomicI32 = i32, AtomicU32 = u32;
    "64": AtomicI64 = i64, AtomicU64 = u64;
    "ptr": AtomicIsize = isize, AtomicUsize = usize;
}
