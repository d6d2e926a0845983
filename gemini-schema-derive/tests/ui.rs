//! What a user sees: types that compile without a warning, and the messages for those that don't.

use std::io::Write;
use std::process::Command;

/// The release whose messages stand in `tests/ui/*.stderr`.
const PINNED: &str = env!("CARGO_PKG_RUST_VERSION");

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    let version = rustc_version();
    if version.starts_with(&format!("rustc {PINNED}.")) {
        cases.compile_fail("tests/ui/*.rs");
    } else {
        let note = format!(
            "the messages in tests/ui/*.stderr are those of Rust {PINNED} and are NOT compared \
             with those of {version}"
        );
        // Past the capture of the test runner, which would swallow the note.
        writeln!(std::io::stderr(), "{note}").unwrap();
    }
}

fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    output.map_or_else(
        |error| format!("an unknown compiler ({error})"),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
