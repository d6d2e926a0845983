use std::cell::LazyCell;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::PACKAGES;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The name of the crate in the caller's code.
    Crate(String),
    Missing,
    /// There is no manifest to read.
    Unknown,
}

#[derive(Deserialize)]
pub(super) struct Manifest {
    package: Option<Package>,
    workspace: Option<Workspace>,
    #[serde(flatten)]
    tables: Tables,
    #[serde(default)]
    target: BTreeMap<String, Tables>,
}

#[derive(Deserialize)]
struct Package {
    workspace: Option<String>,
}

#[derive(Deserialize)]
struct Workspace {
    #[serde(default)]
    dependencies: Dependencies,
}

#[derive(Deserialize)]
struct Tables {
    #[serde(default)]
    dependencies: Dependencies,
    #[serde(default, rename = "dev-dependencies", alias = "dev_dependencies")]
    dev: Dependencies,
    #[serde(default, rename = "build-dependencies", alias = "build_dependencies")]
    build: Dependencies,
}

type Dependencies = BTreeMap<String, Dependency>;

#[derive(Deserialize)]
#[serde(untagged)]
enum Dependency {
    Version(#[expect(dead_code, reason = "any version will do")] String),
    Detailed {
        package: Option<String>,
        #[serde(default)]
        workspace: bool,
    },
}

impl Manifest {
    pub(super) fn parse(text: &str) -> Option<Manifest> {
        basic_toml::from_str(text).ok()
    }

    pub(super) fn is_workspace(&self) -> bool {
        self.workspace.is_some()
    }

    /// Looks through all tables, those first that most of a package's code can see. `root` reads
    /// the manifest of the workspace, in the folder that `package.workspace` names, if it does.
    pub(super) fn find(&self, root: impl FnOnce(Option<&str>) -> Option<Manifest>) -> Found {
        let package = self.package.as_ref();
        let named = package.and_then(|package| package.workspace.as_deref());
        let root = LazyCell::new(|| root(named));
        let tables = || [&self.tables].into_iter().chain(self.target.values());
        let visible = tables().map(|tables| &tables.dependencies);
        let dev = tables().map(|tables| &tables.dev);
        let build = tables().map(|tables| &tables.build);
        for table in visible.chain(dev).chain(build) {
            for wanted in PACKAGES {
                let found = table.iter().find(|(key, dependency)| {
                    let inherited = dependency.is_inherited().then(|| root.as_ref()?.shared(key));
                    let dependency = inherited.flatten().unwrap_or(dependency);
                    dependency.package().unwrap_or(key) == wanted
                });
                if let Some((key, _)) = found {
                    return Found::Crate(key.replace('-', "_"));
                }
            }
        }
        Found::Missing
    }

    fn shared(&self, key: &str) -> Option<&Dependency> {
        self.workspace.as_ref()?.dependencies.get(key)
    }
}

impl Dependency {
    /// The name of the package, where it is not the key.
    fn package(&self) -> Option<&str> {
        match self {
            Dependency::Version(_) => None,
            Dependency::Detailed { package, .. } => package.as_deref(),
        }
    }

    fn is_inherited(&self) -> bool {
        matches!(self, Dependency::Detailed { workspace: true, .. })
    }
}

#[cfg(test)]
mod tests;
