//! The program.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::client::start;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gemini-emulator"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn says_where_it_listens_and_ends_on_ctrl_c() {
    let mut running = program(&["--port", "0", "--seed", "7"]).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let url = first.strip_prefix("Listening on ").unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let said: Vec<String> = lines.by_ref().take(3).map(Result::unwrap).collect();
    assert!(said[1].contains(&format!("GOOGLE_GEMINI_BASE_URL={url}")), "{said:?}");
    let id = running.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert!(running.wait().unwrap().success());
}

#[tokio::test]
async fn a_taken_port_is_explained() {
    let emulator = start().await;
    let port = emulator.url().rsplit(':').next().unwrap();
    let ended = program(&["--port", port]).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains(&format!("port {port} is taken on 127.0.0.1")), "{said}");
}

#[test]
fn a_missing_cassette_is_named() {
    let ended =
        program(&["--port", "0", "--cassettes", "/no/such/cassette.json"]).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("cannot use the cassette /no/such/cassette.json: "), "{said}");
}
