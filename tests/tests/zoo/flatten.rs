//! Flattened fields.

use std::collections::BTreeMap;

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
#[serde(tag = "kind", rename_all = "lowercase")]
enum Contact {
    Mail { mail: String },
    Phone { number: u64, extension: Option<u16> },
    Secret,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Size {
    Small { waist: u8 },
    Custom(Address),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "t", content = "c")]
enum Payload {
    Nothing,
    Count(u32),
}

fn address() -> Address {
    Address { street: "Rue É".into(), city: Some("Lyon".into()) }
}

macro_rules! places {
    ($($test:ident: { $($before:ident)? } flat { $($after:ident)? }),* $(,)?) => {$(
        #[test]
        fn $test() {
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
            struct Flattened {
                $($before: u8,)?
                #[serde(flatten)]
                address: Address,
                $($after: String,)?
            }
            let flattened = Flattened {
                $($before: 1,)?
                address: address(),
                $($after: "a".into(),)?
            };
            zoo::<Flattened>().value(flattened).everywhere();
        }
    )*};
}

places! {
    first: {} flat { after },
    middle: { before } flat { after },
    last: { before } flat {},
    alone: {} flat {},
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Inner {
    id: u32,
    #[serde(flatten)]
    address: Address,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct TwoLevels {
    zone: char,
    #[serde(flatten)]
    inner: Inner,
    note: Option<String>,
}

#[test]
fn two_levels() {
    let inner = Inner { id: u32::MAX, address: address() };
    let value = TwoLevels { zone: 'é', inner, note: None };
    zoo::<TwoLevels>()
        .value(value)
        .notes(&["/properties/zone"])
        .has_limits_of_its_own()
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Person {
    name: String,
    #[serde(flatten)]
    contact: Contact,
    age: u8,
}

#[test]
fn enums_with_a_tag_inside() {
    let person = |contact| Person { name: "Ada".into(), contact, age: 36 };
    let phone = Contact::Phone { number: u64::MAX, extension: None };
    zoo::<Person>()
        .values([
            person(phone),
            person(Contact::Secret),
            person(Contact::Mail { mail: "a".into() }),
        ])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Shirt {
    colour: String,
    #[serde(flatten)]
    size: Size,
    #[serde(flatten)]
    payload: Payload,
}

#[test]
fn enums_with_a_tag_outside_and_beside() {
    let shirt = |size, payload| Shirt { colour: "red".into(), size, payload };
    zoo::<Shirt>()
        .values([
            shirt(Size::Small { waist: 3 }, Payload::Nothing),
            shirt(Size::Custom(address()), Payload::Count(u32::MAX)),
        ])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct WithRest {
    id: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[test]
fn the_rest_in_a_map() {
    let rest = [("a".to_owned(), "1".to_owned()), ("rest".to_owned(), String::new())];
    zoo::<WithRest>()
        .values([WithRest { id: 1, rest: rest.into() }, WithRest { id: 2, rest: BTreeMap::new() }])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Perhaps {
    id: u8,
    #[serde(flatten)]
    address: Option<Address>,
}

#[test]
fn what_may_be_absent_as_a_whole() {
    let address = Some(address());
    zoo::<Perhaps>()
        .values([Perhaps { id: 1, address }, Perhaps { id: 2, address: None }])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Clash {
    street: u8,
    #[serde(flatten)]
    address: Address,
}

#[test]
fn names_that_clash() {
    zoo::<Clash>().nowhere(&[""]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Wide {
    wide: u128,
    signed: i128,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct FlatWide {
    id: u8,
    #[serde(flatten)]
    wide: Wide,
}

/// Serde keeps flattened values aside, where integers have 64 bits at most.
#[test]
fn integers_of_128_bits() {
    zoo::<FlatWide>().nowhere(&["/properties/wide", "/properties/signed"]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Beside {
    wide: u128,
    #[serde(flatten)]
    address: Address,
}

/// Only what is flattened is kept aside: the fields beside it are read as they come.
#[test]
fn integers_of_128_bits_beside_what_is_flattened() {
    let beside = Beside { wide: u128::MAX, address: address() };
    zoo::<Beside>().value(beside).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Units {
    #[serde(flatten)]
    unit: (),
    id: u8,
}

#[test]
fn nothing_flattened() {
    zoo::<Units>().value(Units { unit: (), id: 1 }).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum WithUnit {
    Known { level: u8 },
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct FlatUnit {
    id: u8,
    #[serde(flatten)]
    level: WithUnit,
}

/// Serde writes a flattened unit variant as a property with the value null.
#[test]
fn unit_variants_among_properties() {
    let level = WithUnit::Known { level: 7 };
    let unknown = WithUnit::Unknown;
    zoo::<FlatUnit>()
        .values([FlatUnit { id: 1, level }, FlatUnit { id: 2, level: unknown }])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Shape {
    Round { radius: f64 },
    Square { side: f64, filled: Option<bool> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Drawing {
    #[serde(flatten)]
    shape: Shape,
    #[serde(flatten)]
    contact: Box<Contact>,
    #[serde(default)]
    title: Option<String>,
}

#[test]
fn untagged_and_boxed() {
    let drawing = |shape, contact| Drawing { shape, contact: Box::new(contact), title: None };
    let square = Shape::Square { side: -0.5, filled: None };
    zoo::<Drawing>()
        .values([
            drawing(Shape::Round { radius: 1.5 }, Contact::Secret),
            drawing(square, Contact::Mail { mail: "m".into() }),
        ])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum TwiceTagged {
    Contact(Contact),
}

/// Both would be called `kind`.
#[test]
fn tags_that_clash() {
    zoo::<TwiceTagged>().nowhere(&["/anyOf/0", "/anyOf/1", "/anyOf/2"]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "version")]
enum Versioned {
    One(Person),
    Two {
        #[serde(flatten)]
        person: Person,
        #[serde(flatten)]
        address: Address,
    },
}

#[test]
fn flattened_inside_variants() {
    let person = Person { name: "Ada".into(), contact: Contact::Secret, age: 1 };
    let two = Versioned::Two { person: person.clone(), address: address() };
    zoo::<Versioned>().values([Versioned::One(person), two]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(deny_unknown_fields)]
struct Closed {
    a: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind", deny_unknown_fields)]
enum ClosedEnum {
    A { b: u8 },
    B,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct FlatClosed {
    id: u8,
    #[serde(flatten)]
    first: Closed,
    #[serde(flatten)]
    second: ClosedEnum,
    last: u8,
}

#[test]
fn closed_parts() {
    let closed = |second| FlatClosed { id: 1, first: Closed { a: 2 }, second, last: 3 };
    zoo::<FlatClosed>()
        .values([closed(ClosedEnum::A { b: 1 }), closed(ClosedEnum::B)])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "t", content = "c")]
enum PerhapsNull {
    Some(Option<u8>),
    None,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct FlatPerhaps {
    #[serde(flatten)]
    null: PerhapsNull,
    #[serde(flatten)]
    contact: Option<Contact>,
    after: u8,
}

#[test]
fn enums_that_may_be_absent() {
    let perhaps = |null, contact| FlatPerhaps { null, contact, after: 1 };
    zoo::<FlatPerhaps>()
        .values([
            perhaps(PerhapsNull::Some(None), None),
            perhaps(PerhapsNull::None, Some(Contact::Secret)),
        ])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct AllOptional {
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<u8>,
    #[serde(default)]
    b: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct FlatOptional {
    #[serde(flatten)]
    all: Option<AllOptional>,
    after: u8,
}

#[test]
fn parts_of_which_all_may_be_absent() {
    let all = Some(AllOptional { a: Some(1), b: None });
    zoo::<FlatOptional>().value(FlatOptional { all, after: 1 }).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Aliased {
    #[serde(alias = "id")]
    key: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct AliasClash {
    id: u8,
    #[serde(flatten)]
    inner: Aliased,
}

#[test]
fn an_alias_that_clashes() {
    zoo::<AliasClash>().nowhere(&[""]);
}
