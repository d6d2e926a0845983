//! Marks of unfinished work, and files where nobody looks for them.

use super::File;

/// What must not stand in code; written in two parts, so that this file passes.
const MARKS: [(&str, &str); 5] = [
    ("TO", "DO"),
    ("#[igno", "re"),
    ("todo", "!("),
    ("unimplemented", "!("),
    ("allow(dead", UNUSED),
];

/// Tests declare types of which they look at the schema alone.
const UNUSED: &str = "_code)";

pub(super) fn check(files: &[File]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        if file.path.ends_with("/mod.rs") {
            findings.push(format!("{}: put the module beside its folder", file.path));
        }
        for (number, line) in file.text.lines().enumerate() {
            for (first, second) in MARKS {
                let mark = format!("{first}{second}");
                if line.contains(&mark) && !(file.is_test() && second == UNUSED) {
                    findings.push(format!("{}:{}: {mark}", file.path, number + 1));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_with_their_lines() {
        let text = format!("fn f() {{\n    {}{}\"later\")\n}}\n", "todo", "!(");
        let files = [File::new("a/src/f.rs", &text), File::new("a/src/b/mod.rs", "")];
        assert_eq!(check(&files).len(), 2);
        assert!(check(&files)[0].starts_with("a/src/f.rs:2: "));
    }
}
