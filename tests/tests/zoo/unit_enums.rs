//! Enums of unit variants: one of several strings.

use gemini_schema::{Dialect, GeminiSchema, Lowered};
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Instrument {
    Percussion,
    String,
    Woodwind,
    Brass,
    Keyboard,
}

#[test]
fn plain_variants() {
    use Instrument::{Brass, Keyboard, Percussion, String, Woodwind};
    zoo::<Instrument>()
        .values([Percussion, String, Woodwind, Brass, Keyboard])
        .refuses("\"Oboe\"", "", "enum")
        .refuses("7", "", "type")
        .everywhere();
    zoo::<Option<Instrument>>().values([None, Some(Brass)]).everywhere();
    zoo::<Vec<Instrument>>().values([vec![], vec![String, String]]).everywhere();
    zoo::<[Option<Instrument>; 2]>().value([None, Some(Keyboard)]).everywhere();
}

#[test]
fn only_a_string_enum_can_be_sent_as_one() {
    let is_enum = |lowered: &Lowered| lowered.is_string_enum();
    assert!(is_enum(&Lowered::of::<Instrument>(Dialect::Gemini).unwrap()));
    assert!(is_enum(&Lowered::of::<Box<Instrument>>(Dialect::Gemini).unwrap()));
    assert!(!is_enum(&Lowered::of::<Option<Instrument>>(Dialect::Gemini).unwrap()));
    assert!(!is_enum(&Lowered::of::<Vec<Instrument>>(Dialect::Gemini).unwrap()));
    assert!(!is_enum(&Lowered::of::<String>(Dialect::Gemini).unwrap()));
}

/// How good it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Grade {
    /// outstanding
    #[serde(rename = "a+")]
    APlus,
    #[serde(rename = "a")]
    A,
    /// fails; "quoted"
    #[serde(rename = "f")]
    F,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Foreign {
    #[serde(rename = "größer als")]
    Greater,
    #[serde(rename = "\u{1d11e}")]
    Clef,
    #[serde(rename = "\"\\/\n")]
    Escapes,
    #[serde(rename = "null")]
    Null,
    Élan,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Lonely {
    Only,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Aliased {
    #[serde(alias = "colour", alias = "tint")]
    Color,
    #[serde(skip)]
    #[expect(dead_code, reason = "skipped")]
    Hidden,
    Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Numbered {
    Zero = 0,
    Ten = 10,
}

#[test]
fn renamed_variants() {
    zoo::<Grade>().values([Grade::APlus, Grade::A, Grade::F]).everywhere();
    use Foreign::{Clef, Escapes, Greater, Null, Élan};
    zoo::<Foreign>().values([Greater, Clef, Escapes, Null, Élan]).everywhere();
}

#[test]
fn special_variants() {
    zoo::<Lonely>().value(Lonely::Only).everywhere();
    zoo::<Aliased>()
        .values([Aliased::Color, Aliased::Shape])
        .refuses("\"Hidden\"", "", "enum")
        .everywhere();
    zoo::<Numbered>().values([Numbered::Zero, Numbered::Ten]).everywhere();
}

macro_rules! rules {
    ($($name:ident: $rule:literal),* $(,)?) => {$(
        #[test]
        fn $name() {
            #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
            #[serde(rename_all = $rule)]
            enum Renamed {
                VeryGood,
                Xy,
                #[serde(rename = "KeptAsIs")]
                Other,
            }
            zoo::<Renamed>().values([Renamed::VeryGood, Renamed::Xy, Renamed::Other]).everywhere();
        }
    )*};
}

rules! {
    lower: "lowercase",
    upper: "UPPERCASE",
    pascal: "PascalCase",
    camel: "camelCase",
    snake: "snake_case",
    screaming_snake: "SCREAMING_SNAKE_CASE",
    kebab: "kebab-case",
    screaming_kebab: "SCREAMING-KEBAB-CASE",
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Nameless {
    #[serde(rename = "")]
    Empty,
    Full,
}

#[test]
fn a_variant_without_a_name() {
    zoo::<Nameless>()
        .values([Nameless::Empty, Nameless::Full])
        .refused_in(Dialect::Gemini, &[""])
        .refused_in(Dialect::Vertex, &[""])
        .everywhere();
}
