//! Containers and numbers of other crates.

#[cfg(feature = "arrayvec07")]
#[test]
fn arrayvec() {
    use arrayvec::{ArrayString, ArrayVec};

    super::foreign::<ArrayVec<u8, 3>>()
        .value(&ArrayVec::from([1, 2, 3]))
        .value(&ArrayVec::new())
        .document(serde_json::json!([1, 2, 3, 4]))
        .prove();
    super::foreign::<ArrayString<3>>()
        .value(&ArrayString::from("abc").unwrap())
        .value(&ArrayString::from("\u{20ac}").unwrap())
        .texts(&["\u{e9}\u{e9}"])
        .refuses_more()
        .prove();
}

#[cfg(feature = "bytes1")]
#[test]
fn bytes() {
    use bytes::{Bytes, BytesMut};

    super::foreign::<Bytes>().value(&Bytes::from_static(&[0, 255])).reads_more().prove();
    super::foreign::<BytesMut>().value(&BytesMut::from(&[7][..])).reads_more().prove();
}

#[cfg(feature = "either1")]
#[test]
fn either() {
    use either::Either;

    super::foreign::<Either<u8, String>>()
        .value(&Either::Left(1))
        .value(&Either::Right("r".to_owned()))
        .document(serde_json::json!({"Left": 1, "Right": "r"}))
        .prove();
}

#[cfg(feature = "indexmap2")]
#[test]
fn indexmap_keeps_the_order_of_its_entries() {
    use gemini_schema::{Dialect, Lowered};
    use indexmap::{IndexMap, IndexSet};

    type Map = IndexMap<String, u8>;
    let map: Map = [("z".to_owned(), 1), ("a".to_owned(), 2)].into_iter().collect();
    super::foreign::<Map>().value(&map).prove();
    super::foreign::<IndexSet<u8>>().value(&[2, 1].into_iter().collect()).prove();
    let lowered = Lowered::of::<Map>(Dialect::Gemini).unwrap();
    let text = lowered.encode(&map).unwrap();
    assert_eq!(text, r#"[{"key":"z","value":1},{"key":"a","value":2}]"#);
    assert!(lowered.decode::<Map>(&text).unwrap().keys().eq(["z", "a"]));
}

#[cfg(feature = "ordered_float5")]
#[test]
fn ordered_float() {
    use ordered_float::{NotNan, OrderedFloat};

    super::foreign::<OrderedFloat<f64>>().value(&OrderedFloat(0.5)).prove();
    super::foreign::<OrderedFloat<f32>>().value(&OrderedFloat(f32::MAX)).prove();
    super::foreign::<NotNan<f64>>().value(&NotNan::new(-1.5).unwrap()).prove();
}

#[cfg(feature = "smallvec1")]
#[test]
fn smallvec() {
    use smallvec::{SmallVec, smallvec};

    super::foreign::<SmallVec<[u8; 2]>>().value(&smallvec![1, 2, 3]).prove();
}

#[cfg(feature = "smol_str02")]
#[test]
fn smol_str02() {
    super::foreign::<smol_str02::SmolStr>().value(&"a \u{e9}".into()).prove();
}

#[cfg(feature = "smol_str03")]
#[test]
fn smol_str03() {
    super::foreign::<smol_str03::SmolStr>().value(&"a \u{e9}".into()).prove();
}
