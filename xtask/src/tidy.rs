//! Rules of the code base that the compiler and clippy don't know.

mod examples;
mod layers;
mod lines;
mod marks;
mod tree;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file below the root: its path from there, and its text.
struct File {
    path: String,
    text: String,
}

/// Every broken rule, one line each.
pub(crate) fn check(root: &Path) -> io::Result<Vec<String>> {
    let files = files(root)?;
    let mut findings = lines::check(&files);
    findings.extend(marks::check(&files));
    findings.extend(layers::check(&files));
    findings.extend(examples::check(&files));
    findings.extend(tree::check(root)?);
    Ok(findings)
}

/// The text files that rules look at, in the order of their paths.
fn files(root: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = folder.join(&name);
            if entry.file_type()?.is_dir() {
                if !matches!(&name[..], ".git" | "target") {
                    folders.push(path);
                }
            } else if [".rs", ".toml", ".md"].iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(root.join(&path))?;
                files.push(File { path: path.to_string_lossy().replace('\\', "/"), text });
            }
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the whole file is a test.
    fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests")
    }
}

#[cfg(test)]
impl File {
    fn new(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }
}
