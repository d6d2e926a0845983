//! Files stay short: 400 lines without their tests, 600 with them.

use super::File;

const WITHOUT_TESTS: usize = 400;
const IN_ALL: usize = 600;
const ARCHITECTURE: usize = 250;

pub(super) fn check(files: &[File]) -> Vec<String> {
    files.iter().filter_map(complaint).collect()
}

fn complaint(file: &File) -> Option<String> {
    let path = &file.path;
    let count = file.text.lines().count();
    if path == "ARCHITECTURE.md" && count > ARCHITECTURE {
        return Some(format!("{path} has {count} lines, more than {ARCHITECTURE}"));
    }
    if !file.is_rust() {
        return None;
    }
    if count > IN_ALL {
        return Some(format!("{path} has {count} lines, more than {IN_ALL}: split it"));
    }
    let own = file.text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count();
    (own > WITHOUT_TESTS && !file.is_test()).then(|| {
        format!("{path} has {own} lines without tests, more than {WITHOUT_TESTS}: split it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_named() {
        let text = |lines: usize| "line\n".repeat(lines);
        let tested = format!("{}#[cfg(test)]\n{}", text(400), text(100));
        let files = [
            File::new("a/src/short.rs", &text(400)),
            File::new("a/src/long.rs", &text(401)),
            File::new("a/src/tested.rs", &tested),
            File::new("a/tests/test.rs", &text(600)),
            File::new("a/tests/long.rs", &text(601)),
            File::new("ARCHITECTURE.md", &text(251)),
        ];
        let complaints = check(&files);
        let named: Vec<&str> =
            complaints.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(named, ["a/src/long.rs", "a/tests/long.rs", "ARCHITECTURE.md"]);
    }
}
