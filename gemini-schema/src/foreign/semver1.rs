//! `semver` 1.

use semver::{Comparator, Version, VersionReq};

use crate::impls::text::matching;
use crate::{GeminiSchema, Generator, Schema};

/// A number of at most 19 digits, so that 64 bits hold it.
const NUMBER: &str = "(0|[1-9][0-9]{0,18})";

/// What follows the hyphen.
const PRERELEASE: &str = "(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)\
    (\\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*";

impl GeminiSchema for Version {
    fn schema(_: &mut Generator) -> Schema {
        let build = "(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?";
        let numbers = format!("{NUMBER}\\.{NUMBER}\\.{NUMBER}");
        let pattern = format!("^{numbers}(-{PRERELEASE})?{build}$");
        matching(&pattern, "a semantic version such as 1.4.0")
    }
}

impl GeminiSchema for Comparator {
    fn schema(_: &mut Generator) -> Schema {
        matching(&format!("^{}$", comparator()), "one bound of a version such as >=1.4")
    }
}

impl GeminiSchema for VersionReq {
    fn schema(_: &mut Generator) -> Schema {
        let comparator = comparator();
        let pattern = format!("^(\\*|{comparator}(, {comparator}){{0,31}})$");
        matching(&pattern, "a requirement for a version such as ^1.4 or >=1.4, <3")
    }
}

fn comparator() -> String {
    let bound = format!("([<>]=?|[=~^])?{NUMBER}(\\.{NUMBER}(\\.{NUMBER}(-{PRERELEASE})?)?)?");
    let wildcard = format!("{NUMBER}(\\.{NUMBER})?\\.\\*");
    format!("({bound}|{wildcard})")
}
