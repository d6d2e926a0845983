//! Maps: `responseSchema` has none, unless the keys are known.

use std::collections::{BTreeMap, HashMap};

use gemini_schema::GeminiSchema;
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
    zoo::<BTreeMap<String, u8>>()
        .values([BTreeMap::new(), map])
        .only_json(&[""]);
    let map: HashMap<String, Vec<String>> =
        ODD.iter().map(|key| ((*key).to_owned(), vec![])).collect();
    zoo::<HashMap<String, Vec<String>>>()
        .values([HashMap::new(), map])
        .only_json(&[""]);
}

#[test]
fn maps_of_maps() {
    let inner: BTreeMap<String, bool> = [("x".to_owned(), true)].into();
    type Nested = BTreeMap<String, BTreeMap<String, bool>>;
    zoo::<Nested>()
        .values([Nested::new(), [(String::new(), inner)].into()])
        .only_json(&[""]);
}

#[test]
fn maps_inside_structs() {
    let pantry = Pantry {
        name: "cellar".to_owned(),
        stock: [("salt".to_owned(), u32::MAX)].into(),
        shelves: vec![HashMap::new(), [("left".to_owned(), None)].into()],
    };
    zoo::<Pantry>()
        .value(pantry)
        .only_json(&["/properties/stock", "/properties/shelves/items"]);
}

#[test]
fn maps_with_an_enum_as_keys() {
    let map: BTreeMap<Meal, String> = [(Meal::LateLunch, "soup".to_owned())].into();
    zoo::<BTreeMap<Meal, String>>()
        .values([BTreeMap::new(), map])
        .both();
    let map: HashMap<Meal, u8> = [(Meal::Dinner, 1)].into();
    zoo::<HashMap<Meal, u8>>()
        .values([HashMap::new(), map])
        .both();
}

#[test]
fn maps_with_flags_as_keys() {
    zoo::<BTreeMap<bool, i32>>()
        .values([BTreeMap::new(), [(true, 1), (false, 0)].into()])
        .both();
}

#[test]
fn maps_with_characters_as_keys() {
    zoo::<BTreeMap<char, u8>>()
        .values([BTreeMap::new(), [('é', 1)].into()])
        .has_limits_of_its_own()
        .only_exact(&[""], &[""]);
}

#[test]
fn maps_with_numbers_as_keys() {
    zoo::<BTreeMap<u32, String>>().nowhere(&[""]);
    zoo::<Vec<HashMap<i64, bool>>>().nowhere(&["/items"]);
}

#[test]
fn maps_with_optional_keys() {
    zoo::<BTreeMap<Option<String>, u8>>().nowhere(&[""]);
}
