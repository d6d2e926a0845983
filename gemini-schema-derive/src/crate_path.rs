//! Finds the name under which the caller knows `gemini-schema`, alone or inside `gemini-extract`.

mod manifest;

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use self::manifest::{Found, Manifest};

const PACKAGES: [&str; 2] = ["gemini-schema", "gemini-extract"];

const MISSING: &str = "neither `gemini-schema` nor `gemini-extract` is a dependency of this \
     package: add one with `cargo add gemini-schema`, or name the crate that re-exports it with \
     `#[gemini(crate = \"..\")]`";

/// The path of the crate, or the message that tells the user what to add.
pub(crate) fn resolve() -> Result<syn::Path, &'static str> {
    let own = env::var("CARGO_PKG_NAME").is_ok_and(|name| PACKAGES.contains(&name.as_str()));
    let found = match env::var_os("CARGO_MANIFEST_DIR") {
        Some(directory) if !own => cached(Path::new(&directory)),
        Some(_) | None => Found::Unknown,
    };
    let name = match found {
        Found::Crate(name) => name,
        Found::Unknown => "gemini_schema".to_owned(),
        Found::Missing => return Err(MISSING),
    };
    path(&name).ok_or(MISSING)
}

fn path(name: &str) -> Option<syn::Path> {
    let parse = |text: String| syn::parse_str(&text);
    let path = parse(format!("::{name}")).or_else(|_| parse(format!("::r#{name}")));
    path.ok()
}

/// What a manifest says does not change until the file does.
fn cached(directory: &Path) -> Found {
    type Cache = Mutex<HashMap<PathBuf, (Option<SystemTime>, Found)>>;
    static CACHE: OnceLock<Cache> = OnceLock::new();

    let file = directory.join("Cargo.toml");
    let modified = fs::metadata(&file).and_then(|data| data.modified()).ok();
    let cache = CACHE.get_or_init(Cache::default);
    let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
    match cache.get(&file) {
        Some((then, found)) if *then == modified => found.clone(),
        _ => {
            let found = find(directory);
            cache.insert(file, (modified, found.clone()));
            found
        }
    }
}

fn find(directory: &Path) -> Found {
    let Some(manifest) = read(directory) else {
        return Found::Unknown;
    };
    manifest.find(|named| match named {
        Some(root) => read(&directory.join(root)),
        None if manifest.is_workspace() => read(directory),
        None => directory.ancestors().skip(1).filter_map(read).find(Manifest::is_workspace),
    })
}

fn read(directory: &Path) -> Option<Manifest> {
    let text = fs::read_to_string(directory.join("Cargo.toml")).ok()?;
    Manifest::parse(&text)
}

#[cfg(test)]
mod tests;
