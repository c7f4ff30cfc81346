//! One row a rule.

use tar::EntryType;

use super::SOUND;
use super::Tea;
use crate::check::Code;

/// A code, what has it, and what has not.
pub(super) type Row = (Code, Tea, Tea);

fn of_names() -> Vec<Row> {
    let tea = Tea::new;
    vec![
        (Code::CrateName, tea().called(&"a".repeat(65)), tea().called(&"a".repeat(64))),
        (Code::CrateName, tea().called("1tea"), tea().called("tea1")),
        (Code::CrateName, tea().called("_tea"), tea().called("t_ea")),
        (Code::CrateName, tea().called("té"), tea().called("t-e")),
        (Code::NameReserved, tea().called("proc-macro"), tea().called("proc-macro2")),
        (Code::NameReserved, tea().called("NUL"), tea().called("null")),
        (Code::NameReserved, tea().called("com0"), tea().called("com10")),
        (
            Code::VersionTooLong,
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
        (Code::CrateTooLarge, tea().file("a.bin", &vec![0; 10_490_000]), tea().file("a.bin", &vec![0; 10_400_000])),
        (
            Code::MetadataTooLarge,
            tea().file("README.md", &[b'a'; 1_048_576]),
            tea().file("README.md", &[b'a'; 1_048_574]),
        ),
        (Code::MetadataTooLarge, tea().file("README.md", &[b'"'; 600_000]), tea().file("README.md", &[b'a'; 600_000])),
        (Code::EntryPath, raw("tea-0.1.1/a", EntryType::Regular), raw("tea-0.1.0/a", EntryType::Regular)),
        (Code::EntryPath, raw("tea-0.1.0/../a", EntryType::Regular), raw("tea-0.1.0/..a", EntryType::Regular)),
        (Code::EntryPath, raw("/tea-0.1.0/a", EntryType::Regular), raw("tea-0.1.0/b/a", EntryType::Regular)),
        (Code::EntryType, raw("tea-0.1.0/a", EntryType::Symlink), raw("tea-0.1.0/a", EntryType::Directory)),
        (Code::EntryType, raw("tea-0.1.0/a", EntryType::Link), raw("tea-0.1.0/a", EntryType::Regular)),
        (Code::EntryType, raw("tea-0.1.0/a", EntryType::Fifo), raw("tea-0.1.0/a", EntryType::Regular)),
        (Code::ManifestFile, hidden(), tea()),
        (Code::ManifestFile, hidden().file("CARGO.TOML", sound), hidden().file("cargo.toml", sound)),
        (Code::ManifestFile, tea().file("cargo.toml", sound), tea().file("a/Cargo.toml", sound)),
        (Code::FileName, tea().file("src/a?.rs", b""), tea().file("src/a.rs", b"")),
        (Code::FileNameOnWindows, tea().file("src/aux.rs", b""), tea().file("src/auxx.rs", b"")),
    ]
}

fn of_manifests() -> Vec<Row> {
    let tea = Tea::new;
    vec![
        (Code::ManifestUnreadable, tea().manifest("[package"), tea()),
        (
            Code::ManifestUnreadable,
            tea().manifest("[workspace]\n"),
            tea().manifest(&SOUND.replace("[package]", "[project]")),
        ),
        (Code::ManifestUnreadable, tea().without("version"), tea()),
        (Code::ManifestPatch, tea().table("[patch.crates-io]\na = { path = \"a\" }"), tea().table("[patch]")),
        (Code::ManifestInherits, tea().without("version").line("version.workspace = true"), tea()),
        (Code::ManifestInherits, tea().table("[dependencies]\na = { workspace = true }"), tea()),
        (Code::ManifestType, tea().line("keywords = \"a\""), tea().line("keywords = []")),
        (Code::ManifestType, tea().line("build = [\"a.rs\", \"b.rs\"]"), tea().line("build = \"a.rs\"")),
        (Code::ManifestType, tea().table("[features]\na = \"b\""), tea().table("[features]\na = [\"b\"]")),
        (Code::ManifestType, tea().without("readme").line("readme.workspace = false"), tea()),
        (Code::ManifestType, tea().table("[lib]\ntest = 1"), tea().table("[lib]\ntest = true")),
        (
            Code::ManifestType,
            tea().table("[dependencies]\nb = { version = \"1\", optional = 1 }"),
            tea().table("[dependencies]\nb = { version = \"1\", optional = true }"),
        ),
        (Code::EditionUnknown, tea().line("edition = \"2027\""), tea().line("edition = \"2024\"")),
        (
            Code::LibraryMissing,
            tea().remove("lib.rs").table("[lib]\nname = \"tea\""),
            tea().table("[lib]\nname = \"tea\""),
        ),
        (
            Code::LibraryMissing,
            tea().remove("lib.rs").file("src/tea.rs", b"").table("[lib]\nname = \"tea\""),
            tea().remove("lib.rs").file("src/tea.rs", b"").line("edition = \"2015\"").table("[lib]\nname = \"tea\""),
        ),
        (Code::ManifestMismatch, tea().line("name = \"Tea\""), tea().line("name = \"tea\"")),
        (Code::ManifestMismatch, tea().line("version = \"0.1.1\""), tea().line("version = \"0.1.0\"")),
        (Code::MissingMetadata, tea().line("description = \"\""), tea().line("description = \" \"")),
        (Code::MissingMetadata, tea().without("license"), tea().without("license").line("license-file = \"LICENSE\"")),
        (
            Code::DescriptionTooLong,
            tea().line(&format!("description = \"{}\"", "é".repeat(501))),
            tea().line(&format!("description = \"{}\"", "é".repeat(500))),
        ),
    ]
}

fn of_values() -> Vec<Row> {
    let tea = Tea::new;
    vec![
        (Code::LicenseInvalid, tea().line("license = \"apache 2.0\""), tea().line("license = \"MIT/Apache-2.0\"")),
        (
            Code::LicenseInvalid,
            tea().line("license = \"\"").line("license-file = \"LICENSE\""),
            tea().without("license").line("license-file = \"LICENSE\""),
        ),
        (Code::LicenseInvalid, tea().line("license = \"MIT AND foobar\""), tea().line("license = \"GPL-3.0+\"")),
        (Code::LinkInvalid, tea().line("homepage = \"\""), tea().line("homepage = \"http://a\"")),
        (Code::LinkInvalid, tea().line("repository = \"HTTPS://a\""), tea().line("repository = \"https://a\"")),
        (Code::LinkInvalid, tea().line("documentation = \"https://\""), tea().line("documentation = \"https://a\"")),
        (Code::LinkInvalid, tea().line("documentation = \"ftp://a\""), tea().without("documentation")),
        (Code::RustVersionInvalid, tea().line("rust-version = \"1.85-beta\""), tea().line("rust-version = \"1.85.1\"")),
        (Code::RustVersionInvalid, tea().line("rust-version = \"\""), tea().line("rust-version = \"1\"")),
        (
            Code::TooManyKeywords,
            tea().line(&format!("keywords = [{}]", many(6, |i| format!("\"k{i}\"")))),
            tea().line(&format!("keywords = [{}]", many(5, |i| format!("\"k{i}\"")))),
        ),
        (
            Code::KeywordInvalid,
            tea().line(&format!("keywords = [\"{}\"]", "a".repeat(21))),
            tea().line(&format!("keywords = [\"{}\"]", "a".repeat(20))),
        ),
        (Code::KeywordInvalid, tea().line("keywords = [\"-a\"]"), tea().line("keywords = [\"a-\"]")),
        (Code::KeywordInvalid, tea().line("keywords = [\"a b\"]"), tea().line("keywords = [\"3d+a_b\"]")),
        (
            Code::TooManyCategories,
            tea().line("categories = [\"os\", \"gui\", \"email\", \"games\", \"wasm\", \"config\"]"),
            tea().line("categories = [\"os\", \"gui\", \"email\", \"games\", \"wasm\"]"),
        ),
        (Code::CategoryUnlisted, tea().line("categories = [\"OS\"]"), tea().line("categories = [\"os::linux-apis\"]")),
    ]
}

fn of_features_and_dependencies() -> Vec<Row> {
    let tea = Tea::new;
    let features = |text: &str| tea().table(&format!("[features]\n{text}"));
    let needs = |text: &str| tea().table(&format!("[dependencies]\n{text}"));
    let lines = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<String>();
    vec![
        (
            Code::TooManyFeatures,
            features(&lines(301, |i| format!("f{i} = []\n"))),
            features(&lines(300, |i| format!("f{i} = []\n"))),
        ),
        (
            Code::FeatureTooWide,
            features(&format!("a = [{}]", many(301, |i| format!("\"f{i}\"")))),
            features(&format!("a = [{}]", many(300, |i| format!("\"f{i}\"")))),
        ),
        (Code::FeatureName, features("\"\" = []"), features("_ = []")),
        (Code::FeatureName, features("\"+a\" = []"), features("\"a+\" = []")),
        (Code::FeatureName, features("\"a!\" = []"), features("\"1.é-a\" = []")),
        (Code::FeatureValue, features("a = [\"dep:1b\"]"), features("a = [\"dep:_b\"]")),
        (Code::FeatureValue, features("a = [\"b/c!\"]"), features("a = [\"b?/c\"]")),
        (
            Code::FeatureValue,
            needs("b = { version = \"1\", features = [\"!\"] }"),
            needs("b = { version = \"1\", features = [\"c\"] }"),
        ),
        (
            Code::TooManyDependencies,
            needs(&lines(501, |i| format!("d{i} = \"1\"\n"))),
            needs(&lines(500, |i| format!("d{i} = \"1\"\n"))),
        ),
        (
            Code::DependencyName,
            needs("b = { version = \"1\", package = \"_b\" }"),
            needs("_b = { version = \"1\", package = \"b\" }"),
        ),
        (Code::DependencyName, needs("\"1b\" = \"1\""), needs("b1 = \"1\"")),
        (
            Code::DependencyRegistry,
            needs("b = { version = \"1\", registry = \"mine\" }"),
            needs("b = { version = \"1\", registry = \"\" }"),
        ),
        (
            Code::DependencyRegistry,
            needs("b = { version = \"1\", registry-index = \"sparse+http://127.0.0.1/\" }"),
            needs(&format!("b = {{ version = \"1\", registry-index = \"{}\" }}", crates_index::git::URL)),
        ),
        (Code::RequirementInvalid, needs("b = \"one\""), needs("b = \"1\"")),
        (Code::RequirementWildcard, needs("b = \"*\""), needs("b = \"1.*\"")),
        (Code::RequirementWildcard, needs("b = { optional = true }"), needs("b = \">=0\"")),
        (
            Code::RequirementWildcard,
            tea().table("[target.'cfg(unix)'.dev-dependencies]\nb = \"*\""),
            tea().table("[target.'cfg(unix)'.dev-dependencies]\nb = \"0\""),
        ),
    ]
}

/// A pointer as the specification of Git LFS has it for an example.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

fn of_regrets() -> Vec<Row> {
    let tea = Tea::new;
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
    let pem = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
    let token = ["cio", "k3Jd92mQpZ7xVb4LtRwY8sNhGfAc6uEo"].concat();
    let aws = ["AKIA", "Q3EGVZ7RJPLX2NYW"].concat();
    vec![
        (Code::Secret, tea().lines("src/key.rs", &[&pem, body]), tea().lines("src/key.rs", &[&pem, "x"])),
        (Code::Secret, tea().lines("a.toml", &["", &token]), tea().lines("a.toml", &["", &token[..34]])),
        (Code::Secret, tea().lines("deploy.sh", &[&aws]), tea().lines("deploy.sh", &["AKIAIOSFODNN7EXAMPLE"])),
        (Code::SecretInTests, tea().lines("tests/key.pem", &[&pem, body]), tea().lines("tests/key.pem", &[&pem])),
        (Code::SecretFile, tea().file(".env", b"A=1"), tea().file(".env.example", b"A=1")),
        (Code::SecretFile, tea().file("keys/id_ed25519", b""), tea().file("keys/id_ed25519.pub", b"")),
        (Code::LfsPointer, tea().file("a.bin", LFS), tea().file("a.bin", &LFS[1..])),
        (Code::LfsPointer, tea().file("a.md", LFS), tea().file("a.md", &[LFS, &[b' '; 1024]].concat())),
        (Code::FileLarge, tea().file("a.txt", &[b'a'; 1_048_577]), tea().file("a.txt", &[b'a'; 1_048_576])),
        (Code::FileLitter, tea().file("src/lib.rs~", b""), tea().file("src/lib2.rs", b"")),
        (Code::FileLitter, tea().file("notes.orig", b""), tea().file("Cargo.toml.orig", SOUND.as_bytes())),
        (Code::FileLitter, tea().file(".idea/a.xml", b""), tea().file("idea/a.xml", b"")),
        (Code::FileMedia, tea().file("a.png", &[1; 131_072]), tea().file("a.png", &[1; 131_071])),
        (
            Code::FileMedia,
            tea().file("a.png", &[1; 131_072]),
            tea().file("a.png", &[1; 131_072]).file("src/lib.rs", b"include_bytes!(\"../a.png\")"),
        ),
        (Code::FileTestData, tea().file("tests/fixtures/a", &[1; 131_072]), tea().file("tests/a", &[1; 131_072])),
        (Code::LicenseTextMissing, tea().remove("LICENSE"), tea().remove("LICENSE").file("COPYING", b"")),
        (Code::ReadmeMissing, tea().line("readme = false"), tea()),
        (
            Code::ReadmeLinkBroken,
            tea().file("README.md", b"[a](docs/a.md)").without("repository"),
            tea().file("README.md", b"[a](docs/a.md)"),
        ),
        (
            Code::ReadmeLinkBroken,
            tea().file("README.md", b"![a](../a.png)").line("repository = \"https://git.example/a\""),
            tea()
                .file("README.md", b"[a](https://a/b.md) [b](#b) `[c](c.md)`")
                .line("repository = \"https://git.example/a\""),
        ),
        (Code::RepositoryMissing, tea().without("repository"), tea()),
        (Code::RustVersionMissing, tea().without("rust-version"), tea()),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    [of_names(), of_archives(), of_manifests(), of_values(), of_features_and_dependencies(), of_regrets()].concat()
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(", ")
}
