//! One row a rule.

use tar::EntryType;

use super::SOUND;
use super::Tea;

/// A code, what has it, and what has not.
pub(super) type Row = (&'static str, Tea, Tea);

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
        ("manifest-type", tea().without("readme").line("readme.workspace = false"), tea()),
        ("manifest-type", tea().table("[lib]\ntest = 1"), tea().table("[lib]\ntest = true")),
        (
            "manifest-type",
            tea().table("[dependencies]\nb = { version = \"1\", optional = 1 }"),
            tea().table("[dependencies]\nb = { version = \"1\", optional = true }"),
        ),
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
        (
            "license-invalid",
            tea().line("license = \"\"").line("license-file = \"LICENSE\""),
            tea().without("license").line("license-file = \"LICENSE\""),
        ),
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

/// A pointer as the specification of Git LFS has it for an example.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

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
        ("lfs-pointer", tea().file("a.bin", LFS), tea().file("a.bin", &LFS[1..])),
        ("lfs-pointer", tea().file("a.md", LFS), tea().file("a.md", &[LFS, &[b' '; 1024]].concat())),
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

pub(super) fn rows() -> Vec<Row> {
    [of_names(), of_archives(), of_manifests(), of_values(), of_features_and_dependencies(), of_regrets()].concat()
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(", ")
}
