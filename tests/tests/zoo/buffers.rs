//! What serde keeps aside before it knows the type: flattened, tagged and untagged contents.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::{borrowing, zoo};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema)]
enum Colour {
    Red,
    #[serde(rename = "light blue")]
    LightBlue,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Figure {
    Nothing,
    Circle(f32),
    Square { side: u64 },
}

/// One of everything that can be kept aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Everything {
    text: String,
    letter: char,
    tiny: i8,
    wide: u64,
    signed: i64,
    single: f32,
    double: f64,
    flag: bool,
    nothing: (),
    perhaps: Option<u16>,
    #[serde(default)]
    inner: Option<Option<bool>>,
    list: Vec<Option<Colour>>,
    set: BTreeSet<u8>,
    fixed: [i32; 2],
    pair: (u8, u8),
    figure: Figure,
    boxed: Box<Figure>,
    by_colour: BTreeMap<Colour, u8>,
}

fn everything() -> Everything {
    Everything {
        text: "\"é\u{1d11e}\n".into(),
        letter: '\\',
        tiny: i8::MIN,
        wide: u64::MAX,
        signed: i64::MIN,
        single: f32::MAX,
        double: -0.5,
        flag: true,
        nothing: (),
        perhaps: None,
        inner: Some(Some(false)),
        list: vec![None, Some(Colour::LightBlue)],
        set: [1, 255].into(),
        fixed: [i32::MIN, i32::MAX],
        pair: (0, 255),
        figure: Figure::Square { side: u64::MAX },
        boxed: Box::new(Figure::Nothing),
        by_colour: [(Colour::Red, 1)].into(),
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Flattened {
    id: u8,
    #[serde(flatten)]
    everything: Everything,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Internal {
    Everything(Everything),
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind", content = "content")]
enum Adjacent {
    Everything(Everything),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Untagged {
    Everything(Box<Everything>),
    List(Vec<u64>),
}

#[test]
fn flattened() {
    let everything = everything();
    zoo::<Flattened>()
        .value(Flattened { id: 1, everything })
        .notes(&["/properties/letter"])
        .has_limits_of_its_own()
        .everywhere();
}

#[test]
fn tagged_inside() {
    zoo::<Internal>()
        .values([Internal::Everything(everything()), Internal::Nothing])
        .notes(&["/anyOf/0/properties/letter"])
        .has_limits_of_its_own()
        .everywhere();
}

#[test]
fn tagged_beside() {
    zoo::<Adjacent>()
        .value(Adjacent::Everything(everything()))
        .notes(&["/properties/content/properties/letter"])
        .has_limits_of_its_own()
        .everywhere();
}

#[test]
fn untagged() {
    zoo::<Untagged>()
        .values([Untagged::Everything(Box::new(everything())), Untagged::List(vec![u64::MAX])])
        .notes(&["/anyOf/0/properties/letter"])
        .has_limits_of_its_own()
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Flags {
    Map { open: BTreeMap<bool, u8> },
}

/// A key that is kept aside stays a string, from which serde reads no flag.
#[test]
fn maps_with_flags_as_keys() {
    zoo::<Flags>().nowhere(&["/properties/open"]);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Borrowed<'a> {
    Text {
        #[serde(borrow)]
        words: Cow<'a, str>,
    },
    Nothing,
}

#[test]
fn borrowed_text() {
    let text = Borrowed::Text { words: "a\n".into() };
    borrowing::<Borrowed<'static>>().values([text, Borrowed::Nothing]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Limited {
    Tagged {
        #[gemini(min_items = 1, max_items = 2)]
        items: Vec<u8>,
        #[serde(flatten)]
        more: More,
    },
    Other(More),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct More {
    #[gemini(minimum = 10, maximum = 20)]
    number: i64,
    #[gemini(min_length = 2)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[test]
fn limits_inside() {
    let more = More { number: 20, text: Some("éé".into()) };
    let tagged = Limited::Tagged { items: vec![1, 2], more: more.clone() };
    zoo::<Limited>()
        .values([tagged, Limited::Other(more)])
        .refuses(r#"{"kind":"Tagged","items":[],"number":10}"#, "/items", "minItems")
        .refuses(r#"{"kind":"Tagged","items":[1],"number":21}"#, "/number", "maximum")
        .refuses(r#"{"kind":"Other","number":9}"#, "/number", "minimum")
        .refuses(r#"{"kind":"Other","number":10,"text":"a"}"#, "/text", "minLength")
        .notes(&["/anyOf/0/properties/text", "/anyOf/1/properties/text"])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Open {
    open: BTreeMap<bool, u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct FlatOpen {
    #[serde(flatten)]
    open: Open,
}

#[test]
fn maps_with_flags_as_keys_flattened() {
    zoo::<FlatOpen>().nowhere(&["/properties/open"]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Wide {
    wide: i128,
    #[serde(default)]
    next: Option<Box<Wide>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum FarAway {
    List { list: Vec<Wide> },
}

#[test]
fn integers_of_128_bits_far_inside() {
    zoo::<FarAway>().nowhere(&["/$defs/Wide/properties/wide"]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Unit;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Outside {
    Plain(Unit),
    Boxed(Box<Unit>),
    Inside { unit: Unit, perhaps: Option<Unit> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Nowhere {
    Unit(Unit),
    Byte(u8),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Inside {
    Plain(Unit),
    Inside { unit: Unit },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct FlatUnit {
    #[serde(flatten)]
    unit: Unit,
    after: u8,
}

#[test]
fn units() {
    let inside = Outside::Inside { unit: Unit, perhaps: None };
    zoo::<Outside>()
        .values([Outside::Plain(Unit), Outside::Boxed(Box::new(Unit)), inside])
        .everywhere();
    zoo::<Nowhere>().values([Nowhere::Unit(Unit), Nowhere::Byte(1)]).everywhere();
    zoo::<Inside>().values([Inside::Plain(Unit), Inside::Inside { unit: Unit }]).everywhere();
    zoo::<FlatUnit>().value(FlatUnit { unit: Unit, after: 1 }).everywhere();
}
