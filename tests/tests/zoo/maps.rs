//! Maps: `responseSchema` has none, unless the keys are known.

use std::collections::{BTreeMap, HashMap};

use gemini_schema::{Dialect, GeminiSchema};
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, GeminiSchema,
)]
#[serde(rename_all = "kebab-case")]
enum Meal {
    Breakfast,
    LateLunch,
    Dinner,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Pantry {
    name: String,
    stock: BTreeMap<String, u32>,
    #[serde(default)]
    shelves: Vec<HashMap<String, Option<bool>>>,
}

const ODD: [&str; 5] = ["", "a b", "é\u{1d11e}", "\"\\\n", "$ref"];

#[test]
fn maps_with_text_as_keys() {
    let map: BTreeMap<String, u8> = ODD.iter().map(|key| ((*key).to_owned(), 7)).collect();
    zoo::<BTreeMap<String, u8>>().values([BTreeMap::new(), map]).everywhere();
    let map: HashMap<String, Vec<String>> =
        ODD.iter().map(|key| ((*key).to_owned(), vec![])).collect();
    zoo::<HashMap<String, Vec<String>>>().values([HashMap::new(), map]).everywhere();
}

#[test]
fn maps_of_maps() {
    let inner: BTreeMap<String, bool> = [("x".to_owned(), true)].into();
    type Nested = BTreeMap<String, BTreeMap<String, bool>>;
    zoo::<Nested>().values([Nested::new(), [(String::new(), inner)].into()]).everywhere();
}

#[test]
fn maps_inside_structs() {
    let pantry = Pantry {
        name: "cellar".to_owned(),
        stock: [("salt".to_owned(), u32::MAX)].into(),
        shelves: vec![HashMap::new(), [("left".to_owned(), None)].into()],
    };
    zoo::<Pantry>().value(pantry).everywhere();
}

#[test]
fn maps_with_an_enum_as_keys() {
    let map: BTreeMap<Meal, String> = [(Meal::LateLunch, "soup".to_owned())].into();
    zoo::<BTreeMap<Meal, String>>().values([BTreeMap::new(), map]).everywhere();
    let map: HashMap<Meal, u8> = [(Meal::Dinner, 1)].into();
    zoo::<HashMap<Meal, u8>>().values([HashMap::new(), map]).everywhere();
}

#[test]
fn maps_with_flags_as_keys() {
    zoo::<BTreeMap<bool, i32>>()
        .values([BTreeMap::new(), [(true, 1), (false, 0)].into()])
        .everywhere();
}

#[test]
fn maps_with_characters_as_keys() {
    zoo::<BTreeMap<char, u8>>()
        .values([BTreeMap::new(), [('é', 1)].into()])
        .notes(&["/items/properties/key"])
        .has_limits_of_its_own()
        .everywhere();
}

#[test]
fn maps_with_numbers_as_keys() {
    let map: BTreeMap<u32, String> = [(0, String::new()), (u32::MAX, "é".into())].into();
    zoo::<BTreeMap<u32, String>>().values([BTreeMap::new(), map]).everywhere();
    let map: HashMap<i64, bool> = [(i64::MIN, true), (-1, false), (i64::MAX, true)].into();
    zoo::<Vec<HashMap<i64, bool>>>().values([vec![], vec![HashMap::new(), map]]).everywhere();
    let map: BTreeMap<i128, u128> = [(i128::MIN, u128::MAX), (i128::MAX, 0)].into();
    zoo::<BTreeMap<i128, u128>>().value(map).everywhere();
}

#[test]
fn maps_with_optional_keys() {
    zoo::<BTreeMap<Option<String>, u8>>().nowhere(&[""]);
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema)]
struct Key(String);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema)]
struct Number(u8);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema)]
struct Code(#[gemini(pattern = "^[A-Z]{2}$")] String);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema)]
enum Data {
    Some(u8),
    None,
}

#[test]
fn maps_with_newtypes_as_keys() {
    let map: BTreeMap<Key, u8> = [(Key("a b".into()), 1)].into();
    zoo::<BTreeMap<Key, u8>>().value(map).everywhere();
    let map: BTreeMap<Number, u8> = [(Number(0), 1), (Number(255), 0)].into();
    zoo::<BTreeMap<Number, u8>>().value(map).everywhere();
    let map: BTreeMap<Code, u8> = [(Code("AB".into()), 1)].into();
    zoo::<BTreeMap<Code, u8>>()
        .value(map)
        .refuses(r#"{"ab":1}"#, "/ab", "pattern")
        .notes(&["/items/properties/key"])
        .everywhere();
}

#[test]
fn maps_with_data_as_keys() {
    zoo::<BTreeMap<Data, u8>>().nowhere(&[""]);
    zoo::<BTreeMap<(u8, u8), u8>>().nowhere(&[""]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Prices {
    by_meal: BTreeMap<Meal, Option<f64>>,
    #[serde(default)]
    open: BTreeMap<bool, Vec<Meal>>,
}

#[test]
fn maps_with_known_keys_inside_structs() {
    let prices = Prices {
        by_meal: [(Meal::Breakfast, None), (Meal::Dinner, Some(9.5))].into(),
        open: [(false, vec![Meal::LateLunch])].into(),
    };
    let by_meal = [Meal::Breakfast, Meal::LateLunch, Meal::Dinner].map(|meal| (meal, None)).into();
    let whole = Prices { by_meal, open: [(false, vec![]), (true, vec![])].into() };
    // Where every key has to be there, null stands for a missing one too.
    zoo::<Prices>().value(whole).lost_in(Dialect::OpenAi, prices).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[gemini(minimum = 3)]
struct Three(u8);

#[test]
fn limits_behind_known_keys() {
    zoo::<BTreeMap<Meal, Three>>()
        .value([(Meal::Dinner, Three(3))].into())
        .refuses(r#"{"dinner":2}"#, "/dinner", "minimum")
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Counted {
    #[gemini(min_properties = 1, max_properties = 3)]
    votes: BTreeMap<String, u8>,
    #[gemini(min_properties = 2)]
    years: BTreeMap<u16, bool>,
    deep: Vec<Few>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[gemini(max_properties = 1)]
struct Few(BTreeMap<String, BTreeMap<String, u8>>);

#[test]
fn limits_of_maps() {
    let votes = |count: u8| (0..count).map(|vote| (format!("{vote}/~"), vote)).collect();
    let years = |count: u16| (0..count).map(|year| (year, year == 0)).collect();
    let deep = vec![Few([("a".to_owned(), votes(9))].into()), Few(BTreeMap::new())];
    zoo::<Counted>()
        .values([
            Counted { votes: votes(1), years: years(2), deep },
            Counted { votes: votes(3), years: years(9), deep: Vec::new() },
        ])
        .refuses(r#"{"votes":{}}"#, "/votes", "minProperties")
        .refuses(r#"{"votes":{"a":1,"b":2,"c":3,"d":4}}"#, "/votes", "maxProperties")
        .refuses(r#"{"years":{"7":true,"7":true}}"#, "/years", "minProperties")
        .everywhere();
}
