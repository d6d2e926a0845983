//! How many crates a user of the derive alone has to build.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::process::Command;

/// All of them, the two of this project included.
const MOST: usize = 20;

/// Asks cargo for the crates below `gemini-schema` and counts them.
pub(super) fn check(root: &Path) -> io::Result<Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args(["tree", "--package", "gemini-schema", "--edges", "normal"])
        .args(["--prefix", "none", "--locked"])
        .output()?;
    if output.status.success() {
        Ok(crowded(&String::from_utf8_lossy(&output.stdout), MOST).into_iter().collect())
    } else {
        Ok(vec![format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr).trim_end())])
    }
}

fn crowded(tree: &str, most: usize) -> Option<String> {
    // Behind the name and the version stand marks, such as that of a repetition.
    let package = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let crates: BTreeSet<_> = tree.lines().filter(|line| !line.is_empty()).map(package).collect();
    if crates.is_empty() {
        return Some("cargo tree knows no crate below gemini-schema".to_owned());
    }
    (crates.len() > most).then(|| {
        let names = crates.iter().cloned().collect::<Vec<_>>().join(", ");
        format!("gemini-schema needs {} crates, at most {most} are allowed: {names}", crates.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "gemini-schema v0.1.0 (/src)\nserde v1.0.0\nserde v1.0.0 (*)\n\
        syn v2.0.0\nsyn v3.0.0 (proc-macro)\n";

    #[test]
    fn a_crowd_is_counted_without_repetitions() {
        assert_eq!(crowded(TREE, 4), None);
        let finding = crowded(TREE, 3).unwrap();
        assert!(finding.contains("needs 4 crates"), "{finding}");
        assert!(finding.contains("syn v2.0.0, syn v3.0.0"), "{finding}");
    }

    #[test]
    fn an_empty_tree_is_named() {
        assert!(crowded("\n", MOST).is_some());
    }
}
