use super::*;

/// A folder of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let name = format!("gemini-schema-derive-{}-{name}", std::process::id());
        let folder = Folder(env::temp_dir().join(name));
        fs::create_dir_all(&folder.0).unwrap();
        folder
    }

    fn write(&self, path: &str, manifest: &str) -> PathBuf {
        let directory = self.0.join(path);
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("Cargo.toml"), manifest).unwrap();
        directory
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const MEMBER: &str = "[package]\nname = \"a\"\n[dependencies]\nschema.workspace = true";
const ROOT: &str = "[workspace.dependencies]\nschema = { package = \"gemini-schema\" }";

fn schema() -> Found {
    Found::Crate("schema".to_owned())
}

#[test]
fn the_nearest_workspace_above_is_the_root() {
    let folder = Folder::new("nearest");
    folder.write("", "[workspace.dependencies]\nschema = \"1\"");
    folder.write("root", ROOT);
    folder.write("root/group", "[package]\nname = \"group\"");
    let member = folder.write("root/group/member", MEMBER);
    assert_eq!(find(&member), schema());
}

#[test]
fn a_named_workspace_is_the_root() {
    let folder = Folder::new("named");
    folder.write("root", ROOT);
    let manifest = format!("{MEMBER}\n[package.metadata]\n")
        .replace("name = \"a\"", "name = \"a\"\nworkspace = \"../root\"");
    let member = folder.write("member", &manifest);
    assert_eq!(find(&member), schema());
}

#[test]
fn a_root_package_inherits_from_itself() {
    let folder = Folder::new("itself");
    let member = folder.write("", &format!("{MEMBER}\n{ROOT}"));
    assert_eq!(find(&member), schema());
}

#[test]
fn an_unreadable_manifest_is_no_verdict() {
    let folder = Folder::new("unreadable");
    assert_eq!(find(&folder.0), Found::Unknown);
    let member = folder.write("", "[package");
    assert_eq!(find(&member), Found::Unknown);
}

#[test]
fn a_changed_manifest_is_read_again() {
    let folder = Folder::new("changed");
    let member = folder.write("", "[dependencies]\nserde = \"1\"");
    assert_eq!(cached(&member), Found::Missing);
    let member = folder.write("", "[dependencies]\ngemini-schema = \"0.1\"");
    let file = fs::File::options().write(true).open(member.join("Cargo.toml")).unwrap();
    let later = SystemTime::now() + std::time::Duration::from_secs(60);
    file.set_modified(later).unwrap();
    assert_eq!(cached(&member), Found::Crate("gemini_schema".to_owned()));
}

#[test]
fn a_name_becomes_an_absolute_path() {
    let text = |name| {
        let path = path(name)?;
        Some(quote::quote!(#path).to_string().replace(' ', ""))
    };
    assert_eq!(text("gemini_schema").as_deref(), Some("::gemini_schema"));
    assert_eq!(text("type").as_deref(), Some("::r#type"));
    assert_eq!(text("not a name"), None);
}
