use super::*;

fn find(manifest: &str) -> Found {
    find_in(manifest, |_| None)
}

fn find_in(manifest: &str, root: impl FnOnce(Option<&str>) -> Option<Manifest>) -> Found {
    Manifest::parse(manifest).unwrap().find(root)
}

fn named(name: &str) -> Found {
    Found::Crate(name.to_owned())
}

#[test]
fn a_plain_dependency() {
    let version = "[dependencies]\ngemini-schema = \"0.1\"";
    assert_eq!(find(version), named("gemini_schema"));
    let table = "[dependencies.gemini-extract]\npath = \"../extract\"\nfeatures = [\"x\"]";
    assert_eq!(find(table), named("gemini_extract"));
}

#[test]
fn the_schema_crate_comes_before_the_client() {
    let both = "[dependencies]\ngemini-extract = \"0.1\"\ngemini-schema = \"0.1\"";
    assert_eq!(find(both), named("gemini_schema"));
}

#[test]
fn a_dependency_of_all_code_comes_before_one_of_tests() {
    let both = "[dependencies]\ngemini-extract = \"0.1\"\n\
                [dev-dependencies]\ngemini-schema = \"0.1\"";
    assert_eq!(find(both), named("gemini_extract"));
}

#[test]
fn every_table_is_searched() {
    for table in [
        "dependencies",
        "dev-dependencies",
        "build-dependencies",
        "dev_dependencies",
        "target.'cfg(unix)'.dependencies",
        "target.'cfg(unix)'.dev-dependencies",
        "target.x86_64-unknown-linux-gnu.build-dependencies",
    ] {
        let manifest = format!("[package]\nname = \"a\"\n[{table}]\ngemini-schema = \"0.1\"");
        assert_eq!(find(&manifest), named("gemini_schema"), "{table}");
    }
}

#[test]
fn a_renamed_dependency() {
    let renamed = "[dependencies]\nmy-schema = { version = \"0.1\", package = \"gemini-schema\" }";
    assert_eq!(find(renamed), named("my_schema"));
    let taken = "[dependencies]\ngemini-schema = { version = \"1\", package = \"other\" }";
    assert_eq!(find(taken), Found::Missing);
}

#[test]
fn an_inherited_dependency() {
    let member = "[dependencies]\nschema = { workspace = true }\nserde.workspace = true";
    let root = "[workspace]\nmembers = [\"a\"]\n[workspace.dependencies]\nserde = \"1\"\n\
                schema = { version = \"0.1\", package = \"gemini-schema\" }";
    assert_eq!(find_in(member, |_| Manifest::parse(root)), named("schema"));
    assert_eq!(find(member), Found::Missing);
    let member = "[dependencies]\ngemini-extract.workspace = true";
    assert_eq!(find(member), named("gemini_extract"));
}

#[test]
fn the_package_may_name_its_workspace() {
    let member = "[package]\nname = \"a\"\nworkspace = \"../root\"\n\
                  [dependencies]\nschema.workspace = true";
    let root = "[workspace.dependencies]\nschema = { package = \"gemini-schema\", path = \".\" }";
    let found = find_in(member, |named| {
        assert_eq!(named, Some("../root"));
        Manifest::parse(root)
    });
    assert_eq!(found, named("schema"));
}

#[test]
fn the_workspace_is_read_only_if_something_is_inherited() {
    let found =
        find_in("[dependencies]\ngemini-schema = \"0.1\"", |_| panic!("nothing is inherited"));
    assert_eq!(found, named("gemini_schema"));
}

#[test]
fn nothing_to_find() {
    assert_eq!(find(""), Found::Missing);
    assert_eq!(find("[dependencies]\nserde = \"1\""), Found::Missing);
    assert!(Manifest::parse("[dependencies").is_none());
}

#[test]
fn a_workspace_is_known_by_its_table() {
    let is_workspace = |text| Manifest::parse(text).unwrap().is_workspace();
    assert!(is_workspace("[workspace]\n"));
    assert!(!is_workspace("[package]\nname = \"a\""));
}
