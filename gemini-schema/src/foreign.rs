//! The types of other crates, each behind a feature with the name and the major of its crate.

#[cfg(feature = "arrayvec07")]
mod arrayvec07;
#[cfg(feature = "bigdecimal04")]
mod bigdecimal04;
#[cfg(feature = "bytes1")]
mod bytes1;
#[cfg(any(feature = "chrono04", feature = "jiff02", feature = "time03"))]
mod calendar;
#[cfg(feature = "chrono04")]
mod chrono04;
#[cfg(feature = "either1")]
mod either1;
#[cfg(feature = "indexmap2")]
mod indexmap2;
#[cfg(feature = "jiff02")]
mod jiff02;
#[cfg(feature = "ordered_float5")]
mod ordered_float5;
#[cfg(feature = "rust_decimal1")]
mod rust_decimal1;
#[cfg(feature = "semver1")]
mod semver1;
#[cfg(feature = "smallvec1")]
mod smallvec1;
#[cfg(any(feature = "smol_str02", feature = "smol_str03"))]
mod smol_str;
#[cfg(feature = "time03")]
mod time03;
#[cfg(feature = "url2")]
mod url2;
#[cfg(feature = "uuid1")]
mod uuid1;
