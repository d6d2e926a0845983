//! The report page in a browser.

use std::process::{Command, Stdio};

use crate::shell::Shell;

/// Where Chromium is, under the names that systems give it.
fn chromium() -> Option<&'static str> {
    let is_there = |name: &&str| {
        let mut command = Command::new(name);
        command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(is_there)
}

#[test]
fn the_page_opens_from_disk() {
    let shell = Shell::new("browser").with("in.csv", "text\n<script>alert(1)</script>\ntwo\n");
    let line = "classify in.csv --label <b>bold</b> --label plain --emulator -o out.csv";
    shell.call(&format!("{line} --report page.html -q")).done();
    let page = shell.path("page.html");
    let Some(browser) = chromium() else {
        eprintln!("Chromium is not installed: the report page was not opened in a browser");
        return;
    };
    let profile = shell.path("profile");
    let picture = shell.path("page.png");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--screenshot={}", picture.display()))
        .args(["--window-size=900,1400", "--enable-logging=stderr", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{log}");
    assert!(dom.contains("Values by label") && dom.contains("<rect"), "{dom}");
    assert!(!dom.contains("<b>bold"), "a label is text");
    assert!(!log.contains("Content Security Policy"), "nothing was held back: {log}");
}
