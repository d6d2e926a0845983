//! The types of std.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{Saturating, Wrapping};
use std::ops::{Bound, Range, RangeFrom, RangeInclusive, RangeTo};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8};
use std::time::{Duration, SystemTime};

use gemini_schema::{Dialect, GeminiSchema, Generator, Lowered, Schema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::foreign;

#[test]
fn addresses() {
    foreign::<Ipv4Addr>()
        .value(&Ipv4Addr::new(192, 0, 2, 255))
        .value(&Ipv4Addr::UNSPECIFIED)
        .texts(&["01.2.3.4", "1.2.3", "256.1.1.1", "0x1.2.3.4", "1.2.3.4.5"])
        .prove();
    foreign::<Ipv6Addr>()
        .value(&Ipv6Addr::LOCALHOST)
        .value(&"2001:db8::8a2e:370:7334".parse().unwrap())
        .value(&"::ffff:192.0.2.1".parse().unwrap())
        .texts(&["fe80::1%eth0", "1::2::3", "::1:", "[::1]", "12345::"])
        .prove();
    foreign::<IpAddr>()
        .value(&IpAddr::from([192, 0, 2, 1]))
        .value(&IpAddr::from(Ipv6Addr::LOCALHOST))
        .prove();
    foreign::<BTreeMap<IpAddr, bool>>()
        .value(&[(IpAddr::from([192, 0, 2, 1]), true)].into())
        .document(json!({"192.0.2.256": true}))
        .prove();
}

#[test]
fn addresses_with_ports() {
    foreign::<SocketAddrV4>()
        .value(&SocketAddrV4::new(Ipv4Addr::LOCALHOST, 65535))
        .value(&SocketAddrV4::new(Ipv4Addr::new(10, 20, 230, 4), 0))
        .texts(&["1.2.3.4:65536", "1.2.3.4", "1.2.3.4:", "1.2.3.04:1"])
        .reads_more()
        .prove();
    let v6 = |text: &str| text.parse::<SocketAddrV6>().unwrap();
    foreign::<SocketAddrV6>()
        .value(&v6("[::1]:80"))
        .value(&v6("[::]:80"))
        .value(&v6("[1:2:3:4:5:6:7:8]:80"))
        .value(&v6("[1:2:3:4:5:6:7::]:80"))
        .value(&v6("[::2:3:4:5:6:7:8]:80"))
        .value(&v6("[2001:db8::7:0:1]:443"))
        .value(&v6("[fe80::1%17]:443"))
        .value(&v6("[::ffff:192.0.2.1]:443"))
        .texts(&["::1:80", "[::1]", "[1::2::3]:1", "[::1%eth0]:1", "[::1%4294967296]:1"])
        .reads_more()
        .prove();
    foreign::<SocketAddr>()
        .value(&SocketAddr::from(([192, 0, 2, 1], 80)))
        .value(&SocketAddr::V6(v6("[::1]:80")))
        .reads_more()
        .prove();
}

#[test]
fn times() {
    foreign::<Duration>()
        .value(&Duration::ZERO)
        .value(&Duration::MAX)
        .document(json!({"secs": u64::MAX, "nanos": 1_000_000_000}))
        .document(json!({"secs": 1, "nanos": 1_000_000_000}))
        .reads_more()
        .prove();
    foreign::<SystemTime>()
        .value(&SystemTime::UNIX_EPOCH)
        .value(&(SystemTime::UNIX_EPOCH + Duration::new(1_732_000_000, 500)))
        .document(json!({"secs_since_epoch": u64::MAX, "nanos_since_epoch": 0}))
        .reads_more()
        .prove();
}

#[test]
fn paths_and_pointers() {
    foreign::<PathBuf>().value(&PathBuf::from("/a\u{0}/b c")).texts(&["", "\u{0}"]).prove();
    foreign::<Box<Path>>().value(&PathBuf::from("a/b").into_boxed_path()).prove();
    foreign::<Rc<str>>().value(&Rc::from("a")).prove();
    foreign::<Arc<[u8]>>().value(&Arc::from([1, 2])).prove();
    foreign::<Box<str>>().value(&Box::from("a")).prove();
    foreign::<Cow<'static, [u16]>>().value(&Cow::Borrowed(&[1])).prove();
    foreign::<Reverse<u8>>().value(&Reverse(7)).prove();
    assert!(Schema::of::<&Path>().lower(Dialect::Gemini).is_err());
}

#[test]
fn numbers() {
    foreign::<Wrapping<i8>>().value(&Wrapping(-128)).prove();
    foreign::<AtomicBool>().value(&true.into()).prove();
    foreign::<AtomicU8>().value(&255.into()).prove();
    foreign::<AtomicI64>().value(&i64::MIN.into()).prove();
}

#[test]
fn what_serde_saturates_is_a_violation() {
    foreign::<Saturating<u8>>().value(&Saturating(255)).prove();
    let lowered = Lowered::of::<Saturating<u8>>(Dialect::Gemini).unwrap();
    let error = lowered.decode::<Saturating<u8>>("300").unwrap_err();
    assert_eq!(error.violations()[0].keyword(), "maximum");
}

#[test]
fn ranges_are_objects_with_their_ends() {
    foreign::<Range<u8>>().value(&(1..7)).document(json!([1, 7])).reads_more().prove();
    foreign::<RangeInclusive<i64>>()
        .value(&(i64::MIN..=7))
        .document(json!([1, 7]))
        .reads_more()
        .prove();
    foreign::<RangeFrom<f64>>().value(&(0.5..)).document(json!([0.5])).reads_more().prove();
    foreign::<RangeTo<String>>()
        .value(&(.."a".to_owned()))
        .document(json!(["a"]))
        .reads_more()
        .prove();
    let sent = Lowered::of::<Range<u8>>(Dialect::Gemini).unwrap();
    assert!(sent.as_str().contains("The end, which is not in the range."));
}

#[test]
fn enums_of_the_language() {
    foreign::<Bound<u8>>()
        .value(&Bound::Unbounded)
        .value(&Bound::Included(1))
        .value(&Bound::Excluded(255))
        .document(json!({"Unbounded": null}))
        .document(json!({"Included": 1, "Excluded": 1}))
        .reads_more()
        .prove();
    foreign::<Result<u8, String>>()
        .value(&Ok(255))
        .value(&Err("no".to_owned()))
        .document(json!({"Ok": 1, "Err": "no"}))
        .document(json!({"Some": 1}))
        .prove();
}

/// A type that refuses what its schema allows.
#[derive(Serialize, Deserialize)]
#[serde(try_from = "u8")]
struct Even(u8);

impl TryFrom<u8> for Even {
    type Error = &'static str;

    fn try_from(value: u8) -> Result<Even, Self::Error> {
        value.is_multiple_of(2).then_some(Even(value)).ok_or("odd")
    }
}

impl GeminiSchema for Even {
    fn schema(generator: &mut Generator) -> Schema {
        u8::schema(generator).with_caveat("odd numbers")
    }
}

#[test]
fn a_caveat_is_noted_where_it_stands() {
    foreign::<Even>().value(&Even(4)).refuses_more().prove();
    for dialect in super::ALL {
        let lowered = Lowered::of::<(bool, Even)>(dialect).unwrap();
        let notes: Vec<_> = lowered.notes().iter().map(ToString::to_string).collect();
        assert!(notes[0].ends_with("1: only the type refuses odd numbers"), "{notes:?}");
    }
}

#[test]
#[should_panic(expected = "conforms")]
fn an_unsound_schema_is_found() {
    foreign::<Even>().value(&Even(4)).prove();
}

#[test]
#[should_panic(expected = "reads 0 documents")]
fn a_claim_without_ground_is_found() {
    foreign::<Ipv4Addr>().value(&Ipv4Addr::LOCALHOST).reads_more().prove();
}
