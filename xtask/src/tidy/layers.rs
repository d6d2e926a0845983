//! Which crate never knows which.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::File;

/// A crate, and what must not be among its dependencies.
const RULES: [(&str, &[&str]); 5] = [
    (
        "gemini-schema-derive",
        &[
            "gemini-extract",
            "gemini-emulator",
            "gemini-schema",
            "http",
            "reqwest",
            "serde_json",
            "tokio",
        ],
    ),
    (
        "gemini-schema",
        &[
            "gemini-extract",
            "gemini-emulator",
            "async-trait",
            "axum",
            "futures",
            "futures-core",
            "http",
            "reqwest",
            "syn",
            "tokio",
        ],
    ),
    ("gemini-extract", &["gemini-emulator", "axum", "jsonschema", "proc-macro2", "quote", "syn"]),
    ("gemini-emulator", &["gemini-extract", "reqwest", "syn"]),
    ("gemini-extract-cli", &["gemini-schema-derive", "http", "hyper", "reqwest", "syn"]),
];

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    dependencies: BTreeMap<String, IgnoredAny>,
}

pub(super) fn check(files: &[File]) -> Vec<String> {
    RULES.iter().flat_map(|(crate_name, never)| broken(files, crate_name, never)).collect()
}

fn broken(files: &[File], crate_name: &str, never: &[&str]) -> Vec<String> {
    let path = format!("{crate_name}/Cargo.toml");
    let Some(file) = files.iter().find(|file| file.path == path) else {
        return vec![format!("{path} is missing")];
    };
    let manifest: Manifest = match basic_toml::from_str(&file.text) {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("{path}: {error}")],
    };
    never
        .iter()
        .filter(|name| manifest.dependencies.contains_key(**name))
        .map(|name| format!("{crate_name} never knows {name}, and {path} depends on it"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_layer_is_named() {
        let manifest = "[dependencies]\nhttp.workspace = true\nserde = \"1\"\n";
        let files = [File::new("gemini-schema/Cargo.toml", manifest)];
        let findings = broken(&files, "gemini-schema", RULES[1].1);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].contains("never knows http"));
    }

    #[test]
    fn a_missing_manifest_is_named() {
        assert_eq!(check(&[]).len(), RULES.len());
    }
}
