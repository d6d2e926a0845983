//! Every example is named in the README, and says how it is run.

use super::File;

pub(super) fn check(files: &[File]) -> Vec<String> {
    let readme = files.iter().find(|file| file.path == "README.md");
    let readme = readme.map_or("", |file| &file.text);
    let mut findings = Vec::new();
    for file in files {
        let name = file.path.strip_prefix("examples/").and_then(|path| path.strip_suffix(".rs"));
        let Some(name) = name.filter(|name| !name.contains('/')) else {
            continue;
        };
        let command = format!("cargo run --example {name}");
        if !readme.contains(&command) {
            findings.push(format!("{}: the README does not say `{command}`", file.path));
        }
        if !file
            .text
            .lines()
            .take_while(|line| line.starts_with("//"))
            .any(|line| line.contains(&command))
        {
            findings.push(format!("{}: its header does not say `{command}`", file.path));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_that_nobody_names_is_found() {
        let files = [
            File::new("README.md", "cargo run --example known"),
            File::new("examples/known.rs", "//! cargo run --example known\n"),
            File::new("examples/unknown.rs", "fn main() {}\n"),
            File::new("examples/src/lib.rs", ""),
        ];
        let findings = check(&files);
        assert_eq!(findings.len(), 2);
        assert!(findings.iter().all(|finding| finding.starts_with("examples/unknown.rs")));
    }
}
