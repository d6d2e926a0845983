//! Deep and wide types.

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Deep<T> {
    down: T,
}

#[test]
fn deep_types() {
    let deep = Deep {
        down: vec![Deep { down: Some(Deep { down: [Deep { down: 1_u8 }, Deep { down: 2 }] }) }],
    };
    zoo::<Deep<Vec<Deep<Option<Deep<[Deep<u8>; 2]>>>>>>().value(deep).everywhere();
    zoo::<Vec<Vec<Vec<Vec<bool>>>>>().value(vec![vec![vec![], vec![vec![true]]]]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, GeminiSchema)]
#[serde(default)]
struct Wide {
    a: Option<u8>,
    b: Option<i8>,
    c: Option<u16>,
    d: Option<i16>,
    e: Option<u32>,
    f: Option<i32>,
    g: Option<u64>,
    h: Option<i64>,
    i: Option<f32>,
    j: Option<f64>,
    k: Option<String>,
    l: Option<bool>,
    m: Option<Vec<u8>>,
    n: Option<[bool; 2]>,
}

#[test]
fn wide_types() {
    let wide = Wide { a: Some(1), g: Some(u64::MAX), n: Some([true, false]), ..Wide::default() };
    zoo::<Wide>().values([Wide::default(), wide]).everywhere();
}
