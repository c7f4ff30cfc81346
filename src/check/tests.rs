//! One row a rule: the smallest package that breaks it, and its neighbour that passes. What is expected comes from the
//! registry's and cargo's documentation and sources, not from the code here.

mod rows;

use std::collections::BTreeSet;

use flate2::Compression;
use flate2::write::GzEncoder;
use semver::Version;
use tar::EntryType;

use self::rows::rows;
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

    fn packed(&self) -> PackedArchive {
        let version = Version::parse(&self.version).expect("a version");
        PackedArchive::read(&PackageName::from(self.name.as_str()), &version, &self.archive())
    }

    fn codes(&self) -> BTreeSet<Code> {
        codes_of(&findings(&self.packed(), Rules::CratesIo, &KnownFacts::NOTHING))
    }
}

fn codes_of(found: &[Finding]) -> BTreeSet<Code> {
    found.iter().map(|finding| finding.code).collect()
}

// Every rule sees what breaks it, and leaves its neighbour alone.
#[test]
fn every_rule_sees_what_breaks_it() {
    assert_eq!(Tea::new().codes(), BTreeSet::new());
    let mut wrong = Vec::new();
    for (at, (code, breaks, passes)) in rows().into_iter().enumerate() {
        if !breaks.codes().contains(&code) {
            wrong.push(format!("row {at}: `{code}` is not seen, but {:?}", breaks.codes()));
        }
        if passes.codes().contains(&code) {
            let found = findings(&passes.packed(), Rules::CratesIo, &KnownFacts::NOTHING);
            wrong.push(format!("row {at}: `{code}` is seen where nothing is wrong: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

// No rule for archives is without a row.
#[test]
fn every_rule_has_a_row() {
    let rows: BTreeSet<Code> = rows().iter().map(|(code, _, _)| *code).collect();
    let elsewhere = [Code::ArchiveUnreadable, Code::CategoryUnknown, Code::VerifyFailed];
    let of_archives = Code::ALL.iter().copied().filter(|code| code.group().is_of_archives());
    let missing: Vec<Code> = of_archives.filter(|code| !rows.contains(code) && !elsewhere.contains(code)).collect();
    assert_eq!(missing, []);
}

// What is no archive, or is cut off, is said to be so.
#[test]
fn what_is_no_archive_is_said_so() {
    let (name, version) = (PackageName::from("tea"), Version::new(0, 1, 0));
    let whole = Tea::new().archive();
    for bytes in [&b"no archive"[..], &whole[..whole.len() / 2]] {
        let found = findings(&PackedArchive::read(&name, &version, bytes), Rules::Protocol, &KnownFacts::NOTHING);
        assert!(codes_of(&found).contains(&Code::ArchiveUnreadable), "{found:?}");
    }
}

// An archive that unpacks to the limit and more is refused; one byte above what it has is enough.
#[test]
fn what_unpacks_to_too_much_is_refused() {
    let mut archive = GzEncoder::new(Vec::new(), Compression::best());
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(100_000);
    tar.append_data(&mut header, "tea-0.1.0/leaf", [0; 100_000].as_slice()).expect("in memory");
    let tar = tar.into_inner().expect("in memory");
    std::io::Write::write_all(&mut archive, &tar).expect("in memory");
    let archive = archive.finish().expect("in memory");
    let (name, version) = (PackageName::from("tea"), Version::new(0, 1, 0));
    let unpacked = u64::try_from(tar.len()).expect("small");
    let is_refused = |limit| PackedArchive::read_within(&name, &version, &archive, limit).broken.is_some();
    assert!(!is_refused(unpacked + 1));
    assert!(is_refused(unpacked - 2048));
}

// Two sizes of one file, and a path that is no text, are refused.
#[test]
fn what_contradicts_itself_is_refused() {
    let with_size = |size: &[u8]| {
        let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::none()));
        tar.append_pax_extensions([("size", size)]).expect("in memory");
        let mut header = tar::Header::new_ustar();
        header.set_size(3);
        header.set_path("tea-0.1.0/leaf").expect("short");
        header.set_cksum();
        tar.append(&header, b"tea".as_slice()).expect("in memory");
        tar.into_inner().expect("in memory").finish().expect("in memory")
    };
    let (name, version) = (PackageName::from("tea"), Version::new(0, 1, 0));
    let codes = |bytes: &[u8]| {
        codes_of(&findings(&PackedArchive::read(&name, &version, bytes), Rules::Protocol, &KnownFacts::NOTHING))
    };
    assert!(!codes(&with_size(b"3")).contains(&Code::ArchiveUnreadable));
    assert!(codes(&with_size(b"4")).contains(&Code::ArchiveUnreadable));
    assert!(codes(&with_size(b"x")).contains(&Code::ArchiveUnreadable));
    let with_path = |path: &[u8]| {
        let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::none()));
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().expect("GNU").name[..path.len()].copy_from_slice(path);
        header.set_size(0);
        header.set_cksum();
        tar.append(&header, b"".as_slice()).expect("in memory");
        tar.into_inner().expect("in memory").finish().expect("in memory")
    };
    assert!(codes(&with_path(b"tea-0.1.0/t\xff")).contains(&Code::EntryPath));
    assert!(!codes(&with_path("tea-0.1.0/té".as_bytes())).contains(&Code::EntryPath));
}

// Where the registry lists its categories, its list holds.
#[test]
fn categories_of_the_registry_hold() {
    let packed = Tea::new().line("categories = [\"os\", \"brewing\"]").packed();
    let listed = ["brewing".to_owned()];
    let known = KnownFacts { categories: Categories::Listed(&listed), tree: None, own_index: None };
    let found = findings(&packed, Rules::CratesIo, &known);
    assert_eq!(found.len(), 1);
    assert!(found[0].message.ends_with("not currently supported on crates.io: os"), "{}", found[0].message);
}

// A link into the repository is followed from where the package lies.
#[test]
fn links_are_followed_in_the_repository() {
    let tree: BTreeSet<RepoPath> = ["tea/README.md", "docs/a.md"].map(RepoPath::from).into_iter().collect();
    let known = KnownFacts { categories: Categories::NotAsked, tree: Some(&tree), own_index: None };
    let broken = |text: &str| {
        let packed = Tea::new().file("README.md", text.as_bytes()).packed().lying_at(&RepoPath::from("tea"));
        codes_of(&findings(&packed, Rules::CratesIo, &known)).contains(&Code::ReadmeLinkBroken)
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
    let codes = codes_of(&findings(&packed, Rules::Protocol, &KnownFacts::NOTHING));
    assert_eq!(codes, BTreeSet::from([Code::SecretFile]));
}

// A secret is named by its place, and nobody can read it in a finding.
#[test]
fn secrets_are_not_shown() {
    let secret = "k3Jd92mQpZ7xVb4LtRwY8sNhGfAc6uEo";
    let packed = Tea::new().lines("src/main.rs", &["", "", &format!("let t = \"cio{secret}\";")]).packed();
    let found = findings(&packed, Rules::Protocol, &KnownFacts::NOTHING);
    assert_eq!((found[0].path.as_ref().map(RepoPath::as_str), found[0].line), (Some("src/main.rs"), Some(3)));
    assert!(!format!("{found:?}").contains(secret));
}

// A finding about a key points into the manifest that people wrote.
#[test]
fn findings_point_into_the_written_manifest() {
    let written = b"[package]\nname = \"tea\"\n\nkeywords = [\n  \"a b\",\n]\n";
    let packed = Tea::new().line("keywords = [\"a b\"]").file("Cargo.toml.orig", written).packed();
    let found = findings(&packed.lying_at(&RepoPath::from("tea")), Rules::CratesIo, &KnownFacts::NOTHING);
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
    let all: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(all.len(), Code::ALL.len());
}
