//! One row a rule: the smallest package that breaks it, and its neighbour that passes. What is expected comes from the
//! registry's and cargo's documentation and sources, not from the code here.

use std::collections::BTreeSet;

use flate2::Compression;
use flate2::write::GzEncoder;
use semver::Version;
use tar::EntryType;

use super::*;
use crate::names::PackageName;

/// A package in the making, well in order unless it is said otherwise.
#[derive(Clone)]
struct Tea {
    name: String,
    version: String,
    manifest: String,
    raw: Vec<(String, EntryType, Vec<u8>)>,
}

const SOUND: &str = r#"[package]
edition = "2024"
rust-version = "1.85"
name = "tea"
version = "0.1.0"
description = "leaves"
readme = "README.md"
keywords = ["a"]
license = "MIT"
repository = "https://github.com/tea/tea"
"#;

impl Tea {
    fn new() -> Self {
        let tea = Self { name: "tea".into(), version: "0.1.0".into(), manifest: SOUND.into(), raw: Vec::new() };
        tea.file("src/lib.rs", b"").file("LICENSE", b"MIT").file("README.md", b"# Tea")
    }

    /// Puts a line in the place of the one with that key, or adds it.
    fn line(mut self, line: &str) -> Self {
        let key = line.split('=').next().unwrap_or_default();
        let kept: Vec<&str> = self.manifest.lines().filter(|old| !old.starts_with(key)).collect();
        self.manifest = format!("{}\n{line}\n", kept.join("\n"));
        self
    }

    fn without(mut self, key: &str) -> Self {
        let kept: Vec<&str> = self.manifest.lines().filter(|old| !old.starts_with(key)).collect();
        self.manifest = kept.join("\n") + "\n";
        self
    }

    fn table(mut self, text: &str) -> Self {
        self.manifest = format!("{}\n{text}\n", self.manifest);
        self
    }

    fn manifest(mut self, text: &str) -> Self {
        self.manifest = text.to_owned();
        self
    }

    fn called(mut self, name: &str) -> Self {
        self.manifest = self.manifest.replace("name = \"tea\"", &format!("name = \"{name}\""));
        name.clone_into(&mut self.name);
        self
    }

    fn at(mut self, version: &str) -> Self {
        self.manifest = self.manifest.replace("0.1.0", version);
        version.clone_into(&mut self.version);
        self
    }

    fn file(self, path: &str, content: &[u8]) -> Self {
        let path = format!("{}-{}/{path}", self.name, self.version);
        self.raw(&path, EntryType::Regular, content)
    }

    fn lines(self, path: &str, lines: &[&str]) -> Self {
        self.file(path, lines.join("\n").as_bytes())
    }

    fn raw(mut self, path: &str, kind: EntryType, content: &[u8]) -> Self {
        self.raw.retain(|(other, _, _)| other != path);
        self.raw.push((path.to_owned(), kind, content.to_vec()));
        self
    }

    fn remove(mut self, ending: &str) -> Self {
        self.raw.retain(|(path, _, _)| !path.ends_with(ending));
        self
    }

    fn archive(&self) -> Vec<u8> {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::none()));
        let root = format!("{}-{}", self.name, self.version);
        let manifest = format!("{root}/Cargo.toml");
        let hidden = self.raw.iter().any(|(path, _, _)| path == "no manifest");
        let own = (manifest, EntryType::Regular, self.manifest.clone().into_bytes());
        let own = if hidden { None } else { Some(&own) };
        for (path, kind, content) in own.into_iter().chain(&self.raw).filter(|(path, _, _)| path != "no manifest") {
            // Under the name that it was given at first, whatever it is called now.
            let path = path.replacen("tea-0.1.0", &root, 1);
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            header.set_size(content.len() as u64);
            if path.len() < 100 && !path.starts_with("tea-0.1.0/long") {
                header.as_gnu_mut().expect("GNU").name[..path.len()].copy_from_slice(path.as_bytes());
                header.set_cksum();
                builder.append(&header, content.as_slice()).expect("in memory");
            } else {
                builder.append_data(&mut header, &path, content.as_slice()).expect("in memory");
            }
        }
        builder.into_inner().expect("in memory").finish().expect("in memory")
    }

    fn packed(&self) -> Packed {
        let version = Version::parse(&self.version).expect("a version");
        Packed::read(&PackageName::from(self.name.as_str()), &version, &self.archive())
    }

    fn codes(&self) -> BTreeSet<String> {
        codes_of(&findings(&self.packed(), Rules::CratesIo, &Known::NOTHING))
    }
}

fn codes_of(found: &[Finding]) -> BTreeSet<String> {
    found.iter().map(|finding| finding.code.clone()).collect()
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(", ")
}

/// A code, what has it, and what has not.
type Row = (&'static str, Tea, Tea);

fn of_names() -> Vec<Row> {
    let tea = Tea::new;
    vec![
        ("crate-name", tea().called(&"a".repeat(65)), tea().called(&"a".repeat(64))),
        ("crate-name", tea().called("1tea"), tea().called("tea1")),
        ("crate-name", tea().called("_tea"), tea().called("t_ea")),
        ("crate-name", tea().called("té"), tea().called("t-e")),
        ("name-reserved", tea().called("proc-macro"), tea().called("proc-macro2")),
        ("name-reserved", tea().called("NUL"), tea().called("null")),
        ("name-reserved", tea().called("com0"), tea().called("com10")),
        (
            "version-too-long",
            tea().at(&format!("0.1.0-{}", "a".repeat(145))),
            tea().at(&format!("0.1.0-{}", "a".repeat(144))),
        ),
    ]
}

fn of_archives() -> Vec<Row> {
    let tea = Tea::new;
    let raw = |path: &str, kind: EntryType| tea().raw(path, kind, b"");
    let hidden = || tea().raw("no manifest", EntryType::Regular, b"");
    let sound = SOUND.as_bytes();
    vec![
        ("crate-too-large", tea().file("a.bin", &vec![0; 10_490_000]), tea().file("a.bin", &vec![0; 10_400_000])),
        (
            "metadata-too-large",
            tea().file("README.md", &[b'a'; 1_048_576]),
            tea().file("README.md", &[b'a'; 1_048_574]),
        ),
        ("metadata-too-large", tea().file("README.md", &[b'"'; 600_000]), tea().file("README.md", &[b'a'; 600_000])),
        ("entry-path", raw("tea-0.1.1/a", EntryType::Regular), raw("tea-0.1.0/a", EntryType::Regular)),
        ("entry-path", raw("tea-0.1.0/../a", EntryType::Regular), raw("tea-0.1.0/..a", EntryType::Regular)),
        ("entry-path", raw("/tea-0.1.0/a", EntryType::Regular), raw("tea-0.1.0/b/a", EntryType::Regular)),
        ("entry-type", raw("tea-0.1.0/a", EntryType::Symlink), raw("tea-0.1.0/a", EntryType::Directory)),
        ("entry-type", raw("tea-0.1.0/a", EntryType::Link), raw("tea-0.1.0/a", EntryType::Regular)),
        ("entry-type", raw("tea-0.1.0/a", EntryType::Fifo), raw("tea-0.1.0/a", EntryType::Regular)),
        ("manifest-file", hidden(), tea()),
        ("manifest-file", hidden().file("CARGO.TOML", sound), hidden().file("cargo.toml", sound)),
        ("manifest-file", tea().file("cargo.toml", sound), tea().file("a/Cargo.toml", sound)),
        ("file-name", tea().file("src/a?.rs", b""), tea().file("src/a.rs", b"")),
        ("file-name-on-windows", tea().file("src/aux.rs", b""), tea().file("src/auxx.rs", b"")),
    ]
}

fn of_manifests() -> Vec<Row> {
    let tea = Tea::new;
    vec![
        ("manifest-unreadable", tea().manifest("[package"), tea()),
        (
            "manifest-unreadable",
            tea().manifest("[workspace]\n"),
            tea().manifest(&SOUND.replace("[package]", "[project]")),
        ),
        ("manifest-unreadable", tea().without("version"), tea()),
        ("manifest-patch", tea().table("[patch.crates-io]\na = { path = \"a\" }"), tea().table("[patch]")),
        ("manifest-inherits", tea().without("version").line("version.workspace = true"), tea()),
        ("manifest-inherits", tea().table("[dependencies]\na = { workspace = true }"), tea()),
        ("manifest-type", tea().line("keywords = \"a\""), tea().line("keywords = []")),
        ("manifest-type", tea().line("build = [\"a.rs\", \"b.rs\"]"), tea().line("build = \"a.rs\"")),
        ("manifest-type", tea().table("[features]\na = \"b\""), tea().table("[features]\na = [\"b\"]")),
        ("edition-unknown", tea().line("edition = \"2027\""), tea().line("edition = \"2024\"")),
        (
            "library-missing",
            tea().remove("lib.rs").table("[lib]\nname = \"tea\""),
            tea().table("[lib]\nname = \"tea\""),
        ),
        (
            "library-missing",
            tea().remove("lib.rs").file("src/tea.rs", b"").table("[lib]\nname = \"tea\""),
            tea().remove("lib.rs").file("src/tea.rs", b"").line("edition = \"2015\"").table("[lib]\nname = \"tea\""),
        ),
        ("manifest-mismatch", tea().line("name = \"Tea\""), tea().line("name = \"tea\"")),
        ("manifest-mismatch", tea().line("version = \"0.1.1\""), tea().line("version = \"0.1.0\"")),
        ("missing-metadata", tea().line("description = \"\""), tea().line("description = \" \"")),
        ("missing-metadata", tea().without("license"), tea().without("license").line("license-file = \"LICENSE\"")),
        (
            "description-too-long",
            tea().line(&format!("description = \"{}\"", "é".repeat(501))),
            tea().line(&format!("description = \"{}\"", "é".repeat(500))),
        ),
    ]
}

fn of_values() -> Vec<Row> {
    let tea = Tea::new;
    vec![
        ("license-invalid", tea().line("license = \"apache 2.0\""), tea().line("license = \"MIT/Apache-2.0\"")),
        ("license-invalid", tea().line("license = \"MIT AND foobar\""), tea().line("license = \"GPL-3.0+\"")),
        ("link-invalid", tea().line("homepage = \"\""), tea().line("homepage = \"http://a\"")),
        ("link-invalid", tea().line("repository = \"HTTPS://a\""), tea().line("repository = \"https://a\"")),
        ("link-invalid", tea().line("documentation = \"https://\""), tea().line("documentation = \"https://a\"")),
        ("link-invalid", tea().line("documentation = \"ftp://a\""), tea().without("documentation")),
        ("rust-version-invalid", tea().line("rust-version = \"1.85-beta\""), tea().line("rust-version = \"1.85.1\"")),
        ("rust-version-invalid", tea().line("rust-version = \"\""), tea().line("rust-version = \"1\"")),
        (
            "too-many-keywords",
            tea().line(&format!("keywords = [{}]", many(6, |i| format!("\"k{i}\"")))),
            tea().line(&format!("keywords = [{}]", many(5, |i| format!("\"k{i}\"")))),
        ),
        (
            "keyword-invalid",
            tea().line(&format!("keywords = [\"{}\"]", "a".repeat(21))),
            tea().line(&format!("keywords = [\"{}\"]", "a".repeat(20))),
        ),
        ("keyword-invalid", tea().line("keywords = [\"-a\"]"), tea().line("keywords = [\"a-\"]")),
        ("keyword-invalid", tea().line("keywords = [\"a b\"]"), tea().line("keywords = [\"3d+a_b\"]")),
        (
            "too-many-categories",
            tea().line("categories = [\"os\", \"gui\", \"email\", \"games\", \"wasm\", \"config\"]"),
            tea().line("categories = [\"os\", \"gui\", \"email\", \"games\", \"wasm\"]"),
        ),
        ("category-unlisted", tea().line("categories = [\"OS\"]"), tea().line("categories = [\"os::linux-apis\"]")),
    ]
}

fn of_features_and_dependencies() -> Vec<Row> {
    let tea = Tea::new;
    let features = |text: &str| tea().table(&format!("[features]\n{text}"));
    let needs = |text: &str| tea().table(&format!("[dependencies]\n{text}"));
    let lines = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<String>();
    vec![
        (
            "too-many-features",
            features(&lines(301, |i| format!("f{i} = []\n"))),
            features(&lines(300, |i| format!("f{i} = []\n"))),
        ),
        (
            "feature-too-wide",
            features(&format!("a = [{}]", many(301, |i| format!("\"f{i}\"")))),
            features(&format!("a = [{}]", many(300, |i| format!("\"f{i}\"")))),
        ),
        ("feature-name", features("\"\" = []"), features("_ = []")),
        ("feature-name", features("\"+a\" = []"), features("\"a+\" = []")),
        ("feature-name", features("\"a!\" = []"), features("\"1.é-a\" = []")),
        ("feature-value", features("a = [\"dep:1b\"]"), features("a = [\"dep:_b\"]")),
        ("feature-value", features("a = [\"b/c!\"]"), features("a = [\"b?/c\"]")),
        (
            "feature-value",
            needs("b = { version = \"1\", features = [\"!\"] }"),
            needs("b = { version = \"1\", features = [\"c\"] }"),
        ),
        (
            "too-many-dependencies",
            needs(&lines(501, |i| format!("d{i} = \"1\"\n"))),
            needs(&lines(500, |i| format!("d{i} = \"1\"\n"))),
        ),
        (
            "dependency-name",
            needs("b = { version = \"1\", package = \"_b\" }"),
            needs("_b = { version = \"1\", package = \"b\" }"),
        ),
        ("dependency-name", needs("\"1b\" = \"1\""), needs("b1 = \"1\"")),
        (
            "dependency-registry",
            needs("b = { version = \"1\", registry = \"mine\" }"),
            needs("b = { version = \"1\", registry = \"\" }"),
        ),
        (
            "dependency-registry",
            needs("b = { version = \"1\", registry-index = \"sparse+http://127.0.0.1/\" }"),
            needs(&format!("b = {{ version = \"1\", registry-index = \"{}\" }}", crates_index::git::URL)),
        ),
        ("requirement-invalid", needs("b = \"one\""), needs("b = \"1\"")),
        ("requirement-wildcard", needs("b = \"*\""), needs("b = \"1.*\"")),
        ("requirement-wildcard", needs("b = { optional = true }"), needs("b = \">=0\"")),
        (
            "requirement-wildcard",
            tea().table("[target.'cfg(unix)'.dev-dependencies]\nb = \"*\""),
            tea().table("[target.'cfg(unix)'.dev-dependencies]\nb = \"0\""),
        ),
    ]
}

fn of_regrets() -> Vec<Row> {
    let tea = Tea::new;
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
    let pem = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
    let token = ["cio", "k3Jd92mQpZ7xVb4LtRwY8sNhGfAc6uEo"].concat();
    let aws = ["AKIA", "Q3EGVZ7RJPLX2NYW"].concat();
    vec![
        ("secret", tea().lines("src/key.rs", &[&pem, body]), tea().lines("src/key.rs", &[&pem, "x"])),
        ("secret", tea().lines("a.toml", &["", &token]), tea().lines("a.toml", &["", &token[..34]])),
        ("secret", tea().lines("deploy.sh", &[&aws]), tea().lines("deploy.sh", &["AKIAIOSFODNN7EXAMPLE"])),
        ("secret-in-tests", tea().lines("tests/key.pem", &[&pem, body]), tea().lines("tests/key.pem", &[&pem])),
        ("secret-file", tea().file(".env", b"A=1"), tea().file(".env.example", b"A=1")),
        ("secret-file", tea().file("keys/id_ed25519", b""), tea().file("keys/id_ed25519.pub", b"")),
        ("file-large", tea().file("a.txt", &[b'a'; 1_048_577]), tea().file("a.txt", &[b'a'; 1_048_576])),
        ("file-litter", tea().file("src/lib.rs~", b""), tea().file("src/lib2.rs", b"")),
        ("file-litter", tea().file("notes.orig", b""), tea().file("Cargo.toml.orig", SOUND.as_bytes())),
        ("file-litter", tea().file(".idea/a.xml", b""), tea().file("idea/a.xml", b"")),
        ("file-media", tea().file("a.png", &[1; 131_072]), tea().file("a.png", &[1; 131_071])),
        (
            "file-media",
            tea().file("a.png", &[1; 131_072]),
            tea().file("a.png", &[1; 131_072]).file("src/lib.rs", b"include_bytes!(\"../a.png\")"),
        ),
        ("file-test-data", tea().file("tests/fixtures/a", &[1; 131_072]), tea().file("tests/a", &[1; 131_072])),
        ("license-text-missing", tea().remove("LICENSE"), tea().remove("LICENSE").file("COPYING", b"")),
        ("readme-missing", tea().line("readme = false"), tea()),
        (
            "readme-link-broken",
            tea().file("README.md", b"[a](docs/a.md)").without("repository"),
            tea().file("README.md", b"[a](docs/a.md)"),
        ),
        (
            "readme-link-broken",
            tea().file("README.md", b"![a](../a.png)").line("repository = \"https://git.example/a\""),
            tea()
                .file("README.md", b"[a](https://a/b.md) [b](#b) `[c](c.md)`")
                .line("repository = \"https://git.example/a\""),
        ),
        ("repository-missing", tea().without("repository"), tea()),
        ("rust-version-missing", tea().without("rust-version"), tea()),
    ]
}

fn rows() -> Vec<Row> {
    [of_names(), of_archives(), of_manifests(), of_values(), of_features_and_dependencies(), of_regrets()].concat()
}

// Every rule sees what breaks it, and leaves its neighbour alone.
#[test]
fn every_rule_sees_what_breaks_it() {
    assert_eq!(Tea::new().codes(), BTreeSet::new());
    let mut wrong = Vec::new();
    for (at, (code, breaks, passes)) in rows().into_iter().enumerate() {
        if !breaks.codes().contains(code) {
            wrong.push(format!("row {at}: `{code}` is not seen, but {:?}", breaks.codes()));
        }
        if passes.codes().contains(code) {
            let found = findings(&passes.packed(), Rules::CratesIo, &Known::NOTHING);
            wrong.push(format!("row {at}: `{code}` is seen where nothing is wrong: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

// No rule for archives is without a row.
#[test]
fn every_rule_has_a_row() {
    let rows: BTreeSet<&str> = rows().iter().map(|(code, _, _)| *code).collect();
    let elsewhere = ["archive-unreadable", "category-unknown", "verify-failed"];
    let of_archives = CODES.iter().filter(|code| code.group.is_of_archives()).map(|code| code.code);
    let missing: Vec<&str> = of_archives.filter(|code| !rows.contains(code) && !elsewhere.contains(code)).collect();
    assert_eq!(missing, [""; 0]);
}

// What is no archive, or is cut off, is said to be so.
#[test]
fn what_is_no_archive_is_said_so() {
    let (name, version) = (PackageName::from("tea"), Version::new(0, 1, 0));
    let whole = Tea::new().archive();
    for bytes in [&b"no archive"[..], &whole[..whole.len() / 2]] {
        let found = findings(&Packed::read(&name, &version, bytes), Rules::Protocol, &Known::NOTHING);
        assert!(codes_of(&found).contains("archive-unreadable"), "{found:?}");
    }
}

// Where the registry lists its categories, its list holds.
#[test]
fn the_registrys_categories_hold() {
    let packed = Tea::new().line("categories = [\"os\", \"brewing\"]").packed();
    let listed = ["brewing".to_owned()];
    let known = Known { categories: Categories::Listed(&listed), tree: None };
    let found = findings(&packed, Rules::CratesIo, &known);
    assert_eq!(found.len(), 1);
    assert!(found[0].message.ends_with("not currently supported on crates.io: os"), "{}", found[0].message);
}

// A link into the repository is followed from where the package lies.
#[test]
fn links_are_followed_in_the_repository() {
    let tree: BTreeSet<RepoPath> = ["tea/README.md", "docs/a.md"].map(RepoPath::from).into_iter().collect();
    let known = Known { categories: Categories::NotAsked, tree: Some(&tree) };
    let broken = |text: &str| {
        let packed = Tea::new().file("README.md", text.as_bytes()).packed().lying_at(&RepoPath::from("tea"));
        codes_of(&findings(&packed, Rules::CratesIo, &known)).contains("readme-link-broken")
    };
    assert!(!broken("[a](../docs/a.md#top) [b](../docs/)"));
    assert!(broken("[a](docs/a.md)"));
    assert!(broken("[a](../../a.md)"));
}

// Another registry answers to its protocol and to cargo; what nobody can take back is told all the same.
#[test]
fn other_registries_have_fewer_rules() {
    let tea = Tea::new().line("keywords = [\"a b\"]").without("license").table("[dependencies]\nb = \"*\"");
    let packed = tea.file(".env", b"A=1").packed();
    let codes = codes_of(&findings(&packed, Rules::Protocol, &Known::NOTHING));
    assert_eq!(codes, BTreeSet::from(["secret-file".to_owned()]));
}

// A secret is named by its place, and nobody can read it in a finding.
#[test]
fn secrets_are_not_shown() {
    let secret = "k3Jd92mQpZ7xVb4LtRwY8sNhGfAc6uEo";
    let packed = Tea::new().lines("src/main.rs", &["", "", &format!("let t = \"cio{secret}\";")]).packed();
    let found = findings(&packed, Rules::Protocol, &Known::NOTHING);
    assert_eq!((found[0].path.as_ref().map(RepoPath::as_str), found[0].line), (Some("src/main.rs"), Some(3)));
    assert!(!format!("{found:?}").contains(secret));
}

// A finding about a key points into the manifest that people wrote.
#[test]
fn findings_point_into_the_written_manifest() {
    let written = b"[package]\nname = \"tea\"\n\nkeywords = [\n  \"a b\",\n]\n";
    let packed = Tea::new().line("keywords = [\"a b\"]").file("Cargo.toml.orig", written).packed();
    let found = findings(&packed.lying_at(&RepoPath::from("tea")), Rules::CratesIo, &Known::NOTHING);
    assert_eq!((found[0].path.as_ref().map(RepoPath::as_str), found[0].line), (Some("tea/Cargo.toml"), Some(4)));
}

// The page for people is the table.
#[test]
fn the_page_of_codes_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes.md");
    snapbox::assert_data_eq!(page(), snapbox::Data::read_from(&path, None).raw());
}

// A code stands in the table once.
#[test]
fn codes_are_unique() {
    let all: BTreeSet<&str> = CODES.iter().map(|code| code.code).collect();
    assert_eq!(all.len(), CODES.len());
}
