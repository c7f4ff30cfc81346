//! Reading and editing manifests in every style that people write.

use proptest::prelude::*;
use proptest::sample::select;

use super::Dependency;
use super::DependencyEntry;
use super::DependencyTable;
use super::Manifest;
use super::ManifestField;
use super::VersionAt;
use crate::error::Kind;
use crate::names::PackageName;
use crate::names::RepoPath;

fn parse(text: &str) -> Manifest {
    Manifest::parse(&RepoPath::from("a/Cargo.toml"), text).unwrap()
}

fn entry(section: DependencyTable, target: Option<&str>, key: &str) -> DependencyEntry {
    DependencyEntry { section, target: target.map(str::to_owned), key: key.to_owned() }
}

/// One line a dependency: where, package, requirement, what else, line.
fn told(manifest: &Manifest) -> Vec<String> {
    let tell = |found: &Dependency| {
        let requirement = found.requirement.as_ref().map_or("-", |literal| literal.value.as_str());
        let path = found.path.as_deref().unwrap_or("-");
        let registry = found.registry.as_deref().unwrap_or("-");
        let inherited = if found.inherited { "inherited" } else { "own" };
        format!("{} {} {requirement} {path} {registry} {inherited} {}", found.entry, found.package, found.line)
    };
    manifest.dependencies().iter().map(tell).collect()
}

// Every form of an entry reads the same, in every table that cargo reads, and in no other.
#[test]
fn dependencies_are_found_in_every_form() {
    let text = r#"
[dependencies]
text = "1"
inline = { version = '2', path = "../inline", package = "real", registry = "own" }
dotted.version = "3"
dotted.path = "../dotted"
inherited.workspace = true
bare = { path = "../bare" }
[dependencies.table]
path = "../table"
version = "4"
[dev_dependencies]
old = "5"
[build-dependencies]
build = { workspace = true, features = ["x"] }
[build_dependencies]
ignored = "6"
[target.'cfg(unix)'.dependencies]
unix = "7"
[target.x86_64-pc-windows-msvc.dev-dependencies.windows]
version = "8"
[workspace.dependencies]
shared = { path = "shared", version = "9" }
[patch.crates-io]
patched = { path = "../patched", version = "10" }
"#;
    let expected = [
        "[dependencies] text text 1 - - own 3",
        "[dependencies] inline real 2 ../inline own own 4",
        "[dependencies] dotted dotted 3 ../dotted - own 5",
        "[dependencies] inherited inherited - - - inherited 7",
        "[dependencies] bare bare - ../bare - own 8",
        "[dependencies] table table 4 ../table - own 9",
        "[dev-dependencies] old old 5 - - own 13",
        "[build-dependencies] build build - - - inherited 15",
        "[target.'cfg(unix)'.dependencies] unix unix 7 - - own 19",
        "[target.'x86_64-pc-windows-msvc'.dev-dependencies] windows windows 8 - - own 20",
        "[workspace.dependencies] shared shared 9 shared - own 23",
    ];
    assert_eq!(told(&parse(text)), expected);
}

// The version is found in every form of `[package]`, and where it is not, that is known.
#[test]
fn the_version_is_found_in_every_form() {
    let literal = ["[package]\nversion = '1.0.0'", "package.version = '1.0.0'", "package = { version = '1.0.0' }"];
    for text in literal.into_iter().chain(["[project]\nversion = '1.0.0'"]) {
        let manifest = parse(text);
        let Some(VersionAt::Literal(found)) = manifest.version() else { panic!("no version in {text}") };
        assert_eq!((found.value.as_str(), &text[found.span.clone()]), ("1.0.0", "'1.0.0'"));
    }
    for text in ["[package]\nversion.workspace = true", "[package]\nversion = { workspace = true }"] {
        assert_eq!(parse(text).version(), Some(&VersionAt::Inherited));
    }
    assert_eq!(parse("[package]\nname = \"a\"").version(), Some(&VersionAt::Absent));
    assert_eq!(parse("[workspace]").version(), None);
    assert_eq!(parse("[package]\nname = \"a\"").package_name(), Some(&PackageName::from("a")));
}

// BOM, CRLF, quotes, comments, the order of dotted keys and a missing final newline survive.
#[test]
fn an_edit_touches_nothing_else() {
    let text = "\u{feff}[package] # one\r\nversion   =  '0.1.0'  # two\r\nname = \"a\"\r\n\r\n[dependencies]\r\n\
        b.version = \"0.1.0\" # three\r\nc = { path = '../c', version = \"\"\"0.1.0\"\"\" , }\r\nb.path = \"../b\"";
    let manifest = parse(text);
    let changes = [
        (ManifestField::Requirement(entry(DependencyTable::Normal, None, "c")), "0.4".to_owned()),
        (ManifestField::PackageVersion, "0.2.0".to_owned()),
        (ManifestField::Requirement(entry(DependencyTable::Normal, None, "b")), "0.3".to_owned()),
    ];
    let expected = text
        .replace("'0.1.0'", "'0.2.0'")
        .replace("\"0.1.0\" # three", "\"0.3\" # three")
        .replace("\"\"\"0.1.0\"\"\"", "\"\"\"0.4\"\"\"");
    assert_eq!(manifest.edit(&changes).unwrap().text(), expected);
    let Some(VersionAt::Literal(found)) = manifest.version() else { panic!("no version") };
    assert_eq!(found.line(text), 2);
}

// Each single edit changes its own place, though others say the same.
#[test]
fn single_edits_find_their_place() {
    let text = "[package]\nversion = \"1.0.0\"\n[workspace.package]\nversion = \"1.0.0\"\n\
        [target.'cfg(unix)'.dependencies]\nb = \"1.0.0\"\n[dev-dependencies]\nb = \"1.0.0\"\n";
    let manifest = parse(text);
    let edited = |place: ManifestField| manifest.edit(&[(place, "2.0.0".to_owned())]).unwrap().text().to_owned();
    let nth = |n: usize| {
        let (at, old) = text.match_indices("1.0.0").nth(n).unwrap();
        format!("{}2.0.0{}", &text[..at], &text[at + old.len()..])
    };
    assert_eq!(edited(ManifestField::PackageVersion), nth(0));
    assert_eq!(edited(ManifestField::WorkspaceVersion), nth(1));
    let unix = entry(DependencyTable::Normal, Some("cfg(unix)"), "b");
    assert_eq!(edited(ManifestField::Requirement(unix)), nth(2));
    assert_eq!(edited(ManifestField::Requirement(entry(DependencyTable::Dev, None, "b"))), nth(3));
}

// What is inherited or not there is not made up.
#[test]
fn a_place_that_is_not_there_is_refused() {
    let manifest = parse("[package]\nversion.workspace = true\n[dependencies]\nb = { path = \"../b\" }\n");
    let edited = |place: ManifestField| manifest.edit(&[(place, "1.0.0".to_owned())]);
    let refused = edited(ManifestField::PackageVersion).unwrap_err();
    assert_eq!(refused.what(), "`a/Cargo.toml` has no `[package] version` to change");
    assert!(edited(ManifestField::Requirement(entry(DependencyTable::Normal, None, "b"))).is_err());
    assert!(edited(ManifestField::WorkspaceVersion).is_err());
}

// A value that would break out of its quotes is our mistake, and is caught.
#[test]
fn an_edit_is_read_back() {
    let manifest = parse("[package]\nversion = \"1.0.0\"\n");
    let refused = manifest.edit(&[(ManifestField::PackageVersion, "1\"\nname = \"b".to_owned())]).unwrap_err();
    assert_eq!(refused.kind(), Kind::Bug);
}

// What cannot be read is named with its file and line.
#[test]
fn errors_have_a_line() {
    let refusal = |text: &str| {
        let refused = Manifest::parse(&RepoPath::from("a/Cargo.toml"), text).unwrap_err();
        assert_eq!(refused.kind(), Kind::Unplannable);
        refused.to_string()
    };
    assert!(refusal("[package]\nname = \n").starts_with("`a/Cargo.toml` does not parse at line 2: "));
    let wrong = "`a/Cargo.toml` cannot be read at line 2: ";
    assert_eq!(
        refusal("[package]\nversion = 1"),
        format!("{wrong}`version` must be a string or `{{ workspace = true }}`")
    );
    assert_eq!(refusal("[dependencies]\nb = 1"), format!("{wrong}`[dependencies] b` must be a string or a table"));
    assert_eq!(refusal("[dependencies]\nb = { workspace = false }"), format!("{wrong}`workspace` must be `true`"));
    assert_eq!(refusal("\ndependencies = []"), format!("{wrong}`dependencies` must be a table"));
}

/// A manifest in some style, with `<` and `>` around what stands for the version and the requirement.
fn styled() -> impl Strategy<Value = String> {
    let version = select(vec!["[package]\nversion = \"<>\" # x\n", "package.version= '<>'\n"]);
    let dependency = select(vec![
        "[dependencies]\n'b' = '<>'\n",
        "[dependencies]\nz = \"1\"\nb = {path = \"1.0.0\",version=\"<>\"}",
        "[dependencies.b]\nregistry = 'r'\nversion = \"\"\"<>\"\"\"\n",
        "[dependencies]\nb.version = '<>'\nz = \"1.0.0\"\nb.path = \"..\"",
    ]);
    let comment = "(# [a-z<]{0,5}\n){0,2}";
    (any::<bool>(), any::<bool>(), comment, version, dependency).prop_map(|(bom, crlf, comment, one, two)| {
        let text = format!("{}{}{one}{two}", if bom { "\u{feff}" } else { "" }, comment.replace('<', "é"));
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

proptest! {
    // In every style an edit changes what it is asked to and nothing else, and twice is once.
    #[test]
    fn edits_are_exact(style in styled(), new in "[0-9]\\.[0-9]\\.[0-9](-rc\\.[1-9])?") {
        let requirement = ManifestField::Requirement(entry(DependencyTable::Normal, None, "b"));
        let changes = [(ManifestField::PackageVersion, new.clone()), (requirement, new.clone())];
        let after = parse(&style.replace("<>", "1.0.0")).edit(&changes).unwrap();
        prop_assert_eq!(after.text(), &style.replace("<>", &new));
        let again = after.edit(&changes).unwrap();
        prop_assert_eq!(again.text(), after.text());
    }
}
