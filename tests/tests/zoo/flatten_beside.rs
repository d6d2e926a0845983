//! Flattened types that refuse the members of others: serde shows some types every member that is
//! left, and they are sound alone, or after those that take their own members out.

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Address {
    street: String,
    #[serde(default)]
    city: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Size {
    Small { waist: u8 },
    Large(u8),
    Any,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Untagged {
    Size(Size),
    Length { length: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Tagged {
    Size(Size),
    Length { length: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Partly {
    Known {
        length: u8,
    },
    #[serde(untagged)]
    Free {
        lengths: Vec<u8>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(deny_unknown_fields)]
struct Closed {
    length: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum ClosedInside {
    Closed(Closed),
    Width { width: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind", deny_unknown_fields)]
enum ClosedVariant {
    Length { length: u8 },
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum UnitInside {
    Nothing(()),
    Width { width: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Inner {
    inner: u8,
    #[serde(flatten)]
    size: Tagged,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct First<T> {
    #[serde(flatten)]
    refusing: T,
    #[serde(flatten)]
    address: Address,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Last<T> {
    #[serde(flatten)]
    address: Address,
    own: u8,
    #[serde(flatten)]
    refusing: T,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "type")]
struct LeavesItsTag<T> {
    #[serde(flatten)]
    refusing: T,
}

fn last<T>(refusing: T) -> Last<T> {
    Last { address: Address { street: "Rue É".into(), city: None }, own: 1, refusing }
}

macro_rules! refusing {
    ($($test:ident: $type:ty = [$($value:expr),+ $(,)?];)*) => {$(
        #[test]
        fn $test() {
            zoo::<First<$type>>().nowhere(&[""]);
            zoo::<LeavesItsTag<$type>>().nowhere(&[""]);
            zoo::<Last<$type>>().values([$(last($value)),+]).everywhere();
            zoo::<Last<Option<$type>>>()
                .values([$(last(Some($value)),)+ last(None)])
                .everywhere();
        }
    )*};
}

refusing! {
    variants_by_name_in_variants_without_a_tag: Untagged = [
        Untagged::Size(Size::Small { waist: 1 }),
        Untagged::Size(Size::Any),
        Untagged::Length { length: 2 },
    ];
    variants_by_name_in_variants_with_a_tag: Tagged = [
        Tagged::Size(Size::Large(1)),
        Tagged::Size(Size::Any),
        Tagged::Length { length: 2 },
    ];
    variants_by_name_beside_variants_without_a_tag: Partly =
        [Partly::Known { length: 1 }, Partly::Free { lengths: vec![2] }];
    closed_structs_in_variants: ClosedInside =
        [ClosedInside::Closed(Closed { length: 1 }), ClosedInside::Width { width: 2 }];
    closed_variants: ClosedVariant =
        [ClosedVariant::Length { length: 1 }, ClosedVariant::Nothing];
    nothing_in_variants: UnitInside =
        [UnitInside::Nothing(()), UnitInside::Width { width: 2 }];
    structs_that_flatten_such_a_type: Inner =
        [Inner { inner: 1, size: Tagged::Size(Size::Any) }];
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Perhaps {
    Length { length: u8 },
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Flat<T> {
    own: u8,
    #[serde(flatten)]
    inner: T,
}

/// Serde writes nothing for the variant, and reads no nothing from the object.
#[test]
fn variants_that_are_null() {
    zoo::<Flat<Perhaps>>().nowhere(&[""]);
    zoo::<Flat<Option<Perhaps>>>().nowhere(&[""]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Wide {
    Number {
        wide: u128,
    },
    #[serde(untagged)]
    Text(String),
}

/// One variant without a tag, and serde keeps all of them aside.
#[test]
fn integers_of_128_bits_beside_a_variant_without_a_tag() {
    zoo::<Wide>().nowhere(&["/anyOf/0/properties/Number/properties/wide"]);
}

#[test]
fn types_of_the_standard_library() {
    use std::ops::{Bound, Range};
    use std::time::Duration;
    let address = || Address { street: String::new(), city: None };
    zoo::<First<Range<u8>>>().value(First { refusing: 1..2, address: address() }).everywhere();
    zoo::<First<Bound<u8>>>()
        .value(First { refusing: Bound::Unbounded, address: address() })
        .everywhere();
    zoo::<First<Untagging<Range<u8>>>>().nowhere(&[""]);
    zoo::<First<Untagging<Duration>>>().nowhere(&[""]);
    zoo::<First<Untagging<Result<u8, bool>>>>().nowhere(&[""]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Untagging<T> {
    This(T),
}
