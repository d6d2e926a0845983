//! Limits: what serde does not know, decoding checks.

use gemini_schema::{Dialect, GeminiSchema};
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Lists {
    #[gemini(min_items = 1)]
    some: Vec<u8>,
    #[gemini(max_items = 2)]
    few: Vec<bool>,
    #[gemini(min_items = 2, max_items = 3)]
    between: Vec<String>,
    #[gemini(min_items = 1, max_items = 1)]
    perhaps: Option<Vec<i8>>,
}

#[test]
fn limits_of_lists() {
    let lists =
        Lists { some: vec![1], few: vec![], between: vec!["a".into(), "b".into()], perhaps: None };
    let more = Lists { few: vec![true, false], perhaps: Some(vec![-1]), ..lists.clone() };
    zoo::<Lists>()
        .values([lists, more])
        .refuses(r#"{"some":[],"few":[],"between":["",""],"perhaps":null}"#, "/some", "minItems")
        .refuses(r#"{"some":[1],"few":[],"between":[""],"perhaps":null}"#, "/between", "minItems")
        .refuses(
            r#"{"some":[1],"few":[],"between":["",""],"perhaps":[1,2]}"#,
            "/perhaps",
            "maxItems",
        )
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Numbers {
    #[gemini(minimum = 1, maximum = 5)]
    rating: u8,
    #[gemini(minimum = -273.15)]
    celsius: f64,
    #[gemini(maximum = 0.5)]
    share: f32,
    #[gemini(minimum = -1.5, maximum = 1.5)]
    rounded: i32,
    #[gemini(minimum = 10)]
    large: u128,
    #[gemini(maximum = -1)]
    negative: Option<i64>,
}

#[test]
fn limits_of_numbers() {
    let numbers =
        Numbers { rating: 1, celsius: -273.15, share: 0.5, rounded: -1, large: 10, negative: None };
    let more = Numbers {
        rating: 5,
        celsius: f64::MAX,
        share: f32::MIN,
        rounded: 1,
        large: u128::MAX,
        negative: Some(i64::MIN),
    };
    let bad = r#"{"rating":6,"celsius":-300,"share":0.6,"rounded":2,"large":9,"negative":0}"#;
    zoo::<Numbers>()
        .values([numbers, more])
        .refuses(bad, "/rating", "maximum")
        .refuses(bad, "/celsius", "minimum")
        .refuses(bad, "/share", "maximum")
        .refuses(bad, "/rounded", "maximum")
        .refuses(bad, "/large", "minimum")
        .refuses(bad, "/negative", "maximum")
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Texts {
    #[gemini(min_length = 1)]
    some: String,
    #[gemini(max_length = 3)]
    short: String,
    #[gemini(min_length = 2, max_length = 2)]
    exact: Option<String>,
    #[gemini(pattern = "^[A-Z]{2}-[0-9]{1,4}$")]
    sku: String,
    #[gemini(pattern = "[aeiou]|é", min_length = 2, max_length = 6)]
    vowel: String,
}

#[test]
fn limits_of_text() {
    let texts = Texts {
        some: "é".into(),
        short: "\u{1d11e}\u{1d11e}\u{1d11e}".into(),
        exact: Some("\"\n".into()),
        sku: "AB-1".into(),
        vowel: "xé".into(),
    };
    let bad = r#"{"some":"","short":"abcd","exact":"a","sku":"ab-1","vowel":"xyz"}"#;
    zoo::<Texts>()
        .value(texts)
        .refuses(bad, "/some", "minLength")
        .refuses(bad, "/short", "maxLength")
        .refuses(bad, "/exact", "minLength")
        .refuses(bad, "/sku", "pattern")
        .refuses(bad, "/vowel", "pattern")
        .notes(&[
            "/properties/exact",
            "/properties/short",
            "/properties/sku",
            "/properties/some",
            "/properties/vowel",
        ])
        .notes_in(Dialect::OpenAi, &["/properties/vowel"])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Carried {
    #[gemini(format = "date-time")]
    at: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Dates {
    #[gemini(format = "date")]
    day: String,
    #[gemini(format = "time")]
    hour: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Forms {
    #[gemini(format = "email")]
    mail: String,
    #[gemini(format = "uri")]
    link: String,
    #[gemini(format = "uuid")]
    id: String,
    #[gemini(format = "ipv4")]
    old: String,
    #[gemini(format = "ipv6")]
    new: String,
}

#[test]
fn forms_that_both_carriers_know() {
    let carried = Carried { at: "2024-02-29T23:59:59.5+14:00".into() };
    zoo::<Carried>()
        .value(carried)
        .refuses(r#"{"at":"2023-02-29T00:00:00Z"}"#, "/at", "format")
        .everywhere();
}

#[test]
fn forms_that_one_carrier_knows() {
    let dates = Dates { day: "2024-02-29".into(), hour: Some("08:30:00Z".into()) };
    zoo::<Dates>()
        .value(dates)
        .refuses(r#"{"day":"tomorrow","hour":null}"#, "/day", "format")
        .notes_in(Dialect::Gemini, &["/properties/day", "/properties/hour"])
        .everywhere();
}

#[test]
fn forms_that_no_carrier_knows() {
    const PLACES: &[&str] = &[
        "/properties/id",
        "/properties/link",
        "/properties/mail",
        "/properties/new",
        "/properties/old",
    ];
    let forms = Forms {
        mail: "ada@example.org".into(),
        link: "https://example.org/".into(),
        id: "123e4567-e89b-12d3-a456-426614174000".into(),
        old: "192.0.2.1".into(),
        new: "2001:db8::1".into(),
    };
    zoo::<Forms>().value(forms).notes(PLACES).everywhere();
}

/// At most five stars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[gemini(minimum = 1, maximum = 5, example = 3)]
struct Stars(u8);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Review {
    stars: Stars,
    #[gemini(maximum = 3)]
    few: Stars,
    #[gemini(min_items = 1)]
    all: Vec<Stars>,
}

#[test]
fn limits_on_a_newtype() {
    zoo::<Stars>().values([Stars(1), Stars(5)]).refuses("0", "", "minimum").everywhere();
    let review = Review { stars: Stars(5), few: Stars(3), all: vec![Stars(1)] };
    zoo::<Review>()
        .value(review)
        .refuses(r#"{"stars":1,"few":4,"all":[6]}"#, "/few", "maximum")
        .refuses(r#"{"stars":1,"few":1,"all":[1,6]}"#, "/all/1", "maximum")
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Limited {
    List {
        #[gemini(min_items = 1)]
        items: Vec<u8>,
    },
    Number {
        #[gemini(minimum = 10)]
        value: u32,
    },
}

#[test]
fn limits_inside_variants() {
    let list = Limited::List { items: vec![1] };
    zoo::<Limited>()
        .values([list, Limited::Number { value: 10 }])
        .refuses(r#"{"kind":"List","items":[]}"#, "/items", "minItems")
        .refuses(r#"{"kind":"Number","value":9}"#, "/value", "minimum")
        .everywhere();
}

/// A title, "quoted" and with a line
/// that goes on.
///
/// And a second paragraph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[gemini(title = "Words", example = Words::example())]
struct Words {
    #[gemini(description = "wins over the doc comment", title = "T", example = "an example")]
    text: String,
    /// Doc comment.
    #[gemini(nullable, example = Some(7))]
    number: Option<u8>,
    #[gemini(optional)]
    flag: Option<bool>,
}

impl Words {
    fn example() -> Words {
        Words { text: "a".into(), number: None, flag: Some(true) }
    }
}

#[test]
fn words_that_limit_nothing() {
    zoo::<Words>().value(Words::example()).everywhere();
    zoo::<Vec<Words>>().value(vec![Words::example()]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Impossible {
    #[gemini(minimum = 300)]
    byte: u8,
    #[gemini(example = 6, maximum = 9)]
    fine: u8,
    #[gemini(example = vec![1, 2], max_items = 1)]
    list: Vec<u8>,
}

#[test]
fn limits_that_nothing_fits() {
    zoo::<Impossible>().nowhere(&["/properties/byte", "/properties/list"]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Misplaced {
    #[gemini(min_items = 1)]
    text: String,
    #[gemini(pattern = "a")]
    number: u8,
    #[gemini(max_items = 1)]
    fixed: Vec<[u8; 2]>,
}

#[test]
fn limits_of_another_kind() {
    zoo::<Misplaced>().nowhere(&["/properties/text", "/properties/number"]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Generic<T> {
    #[gemini(min_items = 1)]
    items: Vec<T>,
    #[gemini(max_items = 1)]
    boxed: Box<[T]>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Hex {
    #[gemini(pattern = "^[0-9a-f]$")]
    digit: char,
    #[gemini(max_length = 2)]
    short: Option<Box<str>>,
}

#[test]
fn limits_behind_pointers_and_arguments() {
    let generic = Generic { items: vec![Stars(1)], boxed: Box::from([]) };
    zoo::<Generic<Stars>>()
        .value(generic)
        .refuses(r#"{"items":[],"boxed":[]}"#, "/items", "minItems")
        .refuses(r#"{"items":[1],"boxed":[1,1]}"#, "/boxed", "maxItems")
        .refuses(r#"{"items":[6],"boxed":[]}"#, "/items/0", "maximum")
        .everywhere();
    let hex = Hex { digit: 'f', short: Some("\u{1d11e}".into()) };
    zoo::<Hex>()
        .value(hex)
        .refuses(r#"{"digit":"g","short":null}"#, "/digit", "pattern")
        .refuses(r#"{"digit":"0","short":"abc"}"#, "/short", "maxLength")
        .notes(&["/properties/digit", "/properties/short"])
        .notes_in(Dialect::OpenAi, &["/properties/digit"])
        .has_limits_of_its_own()
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Loose {
    Rated {
        stars: Stars,
    },
    Listed {
        #[gemini(min_items = 2)]
        items: Vec<Stars>,
    },
    Text(#[gemini(min_length = 3)] String),
}

#[test]
fn limits_without_tags() {
    let listed = Loose::Listed { items: vec![Stars(1), Stars(5)] };
    zoo::<Loose>()
        .values([Loose::Rated { stars: Stars(5) }, listed, Loose::Text("abc".into())])
        .refuses(r#"{"items":[1]}"#, "/items", "minItems")
        .refuses(r#"{"stars":6}"#, "/stars", "maximum")
        .refuses(r#""ab""#, "", "minLength")
        .notes(&["/anyOf/2"])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct InMaps {
    stars: std::collections::BTreeMap<String, Stars>,
    #[gemini(min_items = 1)]
    #[serde(default = "some")]
    list: Vec<u8>,
}

fn some() -> Vec<u8> {
    vec![7]
}

#[test]
fn limits_inside_maps() {
    let maps = InMaps { stars: [("a".to_owned(), Stars(1))].into(), list: some() };
    zoo::<InMaps>()
        .value(maps)
        .refuses(r#"{"stars":{"a/b":0}}"#, "/stars/a~1b", "minimum")
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum EitherLength {
    Short(#[gemini(max_length = 3)] String),
    Long(#[gemini(min_length = 10)] String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum EitherKind {
    Small {
        #[gemini(maximum = 5)]
        n: u8,
    },
    Name {
        n: String,
    },
}

#[test]
fn limits_that_tell_variants_apart() {
    zoo::<EitherLength>()
        .value(EitherLength::Short("abc".into()))
        .notes(&["/anyOf/0", "/anyOf/1"])
        .everywhere();
    zoo::<EitherKind>()
        .values([EitherKind::Small { n: 5 }, EitherKind::Name { n: String::new() }])
        .refuses(r#"{"n":6}"#, "/n", "maximum")
        .everywhere();
}
