//! The registry in the box, used by the real cargo.

use std::path::PathBuf;
use std::time::Duration;

use cargo_release::testing::check::Rules;
use cargo_release::testing::names::Digest;
use cargo_release::testing::registry::BoxedRegistry;
use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Refusal;
use cargo_release::testing::registry::Settings;
use cargo_release::testing::system::files;
use cargo_release::testing::system::process::Output;
use cargo_release::testing::system::process::Program;
use serde_json::Value;
use tempfile::TempDir;

const TOKEN: &str = "any-token";

/// A workspace of two crates, `matcha` needing `sencha`, and a registry for it; nothing outside is read or reached.
struct Tearoom {
    dir: TempDir,
    registry: BoxedRegistry,
}

impl Tearoom {
    fn new(faults: Faults) -> Self {
        Self::with(Settings { faults, ..Settings::default() })
    }

    fn with(settings: Settings) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let registry = BoxedRegistry::start_with(&dir.path().join("registry"), settings).expect("a registry");
        let tearoom = Self { dir, registry };
        let config = format!("[registries.box]\nindex = \"{}\"\n", tearoom.registry.index_url());
        tearoom.write(".cargo/config.toml", &config);
        tearoom.write("Cargo.toml", "[workspace]\nmembers = [\"sencha\", \"matcha\"]\nresolver = \"3\"\n");
        tearoom.write_crate("sencha", "");
        let renamed = "green = { package = \"sencha\", version = \"0.1\", path = \"../sencha\", registry = \"box\" }";
        tearoom.write_crate("matcha", renamed);
        tearoom
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        files::write(&self.path("tea").join(path), text.as_bytes()).expect("a file");
    }

    fn write_crate(&self, name: &str, dependencies: &str) {
        let package = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        let manifest = format!("{package}publish = [\"box\"]\n[dependencies]\n{dependencies}\n");
        self.write(&format!("{name}/Cargo.toml"), &manifest);
        self.write(&format!("{name}/src/lib.rs"), "");
    }

    /// Runs cargo with a home of its own and a token for the registry.
    fn cargo(&self, arguments: &str) -> Output {
        let proxies = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
        let unset = ["CARGO_NET_OFFLINE", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_REGISTRY_DEFAULT"];
        let program = Program::new(env!("CARGO"))
            .args(arguments.split(' '))
            .dir(&self.path("tea"))
            .env("HOME", self.path("home"))
            .env("CARGO_HOME", self.path("cargo-home"))
            .env("CARGO_REGISTRIES_BOX_TOKEN", TOKEN);
        let sealed = proxies.iter().chain(&unset).fold(program, |program, name| program.without_env(name));
        sealed.run().expect("cargo starts")
    }

    fn publish(&self, package: &str) -> Output {
        self.cargo(&format!("publish --no-verify --allow-dirty -p {package}"))
    }

    /// The lines of the index file as it lies in the registry's directory.
    fn index(&self, path: &str) -> Vec<Value> {
        let text = files::read_text(&self.path("registry/index").join(path)).expect("readable").unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// The archive as it lies in the registry's directory.
    fn archive(&self, name: &str) -> Vec<u8> {
        let path = self.path("registry/crates").join(name).join(format!("{name}-0.1.0.crate"));
        files::read(&path).expect("readable").expect("stored")
    }

    fn uploads(&self) -> usize {
        self.registry.requests().iter().filter(|asked| asked.path == "/api/v1/crates/new").count()
    }

    fn published(&self) -> Vec<String> {
        self.registry.published().iter().map(|one| format!("{} {}", one.name, one.version)).collect()
    }
}

fn assert_done(output: &Output) {
    assert!(output.success(), "{}", output.stderr);
}

fn assert_says(output: &Output, words: &str) {
    assert!(!output.success(), "it has to fail");
    assert!(output.stderr.contains(words), "`{words}` is missing in:\n{}", output.stderr);
}

/// What cargo uploads is what lies there, the index names its checksum, and the next crate builds against it.
#[test]
fn publishes_and_serves() {
    let tearoom = Tearoom::new(Faults::none());
    assert_done(&tearoom.publish("sencha"));
    assert_done(&tearoom.cargo("publish --allow-dirty -p matcha"));
    assert_eq!(tearoom.published(), ["sencha 0.1.0", "matcha 0.1.0"]);
    let line = &tearoom.index("se/nc/sencha")[0];
    assert_eq!(line["cksum"], Digest::of(&tearoom.archive("sencha")).as_str());
    let dependency = &tearoom.index("ma/tc/matcha")[0]["deps"][0];
    assert_eq!((&dependency["name"], &dependency["package"]), (&"green".into(), &"sencha".into()));
    let downloads = tearoom.registry.requests().into_iter().filter(|asked| asked.path.ends_with("/download"));
    assert_eq!(downloads.count(), 1);
}

/// A version is taken for good: the index says so to cargo, and the registry to whoever does not look there.
#[test]
fn refuses_a_taken_version() {
    let tearoom = Tearoom::new(Faults::none().with(Fault::NeverShown));
    let first = tearoom.cargo("publish --no-verify --allow-dirty --dry-run -p sencha");
    assert_done(&first);
    tearoom.registry.set_faults(Faults::none());
    assert_done(&tearoom.publish("sencha"));
    assert_says(&tearoom.publish("sencha"), "already exists on");
    assert_done(&tearoom.cargo("yank --registry box sencha@0.1.0"));
    assert_says(&tearoom.publish("sencha"), "crate version `0.1.0` is already uploaded");
    assert_eq!(tearoom.published(), ["sencha 0.1.0"]);
}

/// Cargo waits for a late index, and finds the version when it is shown.
#[test]
fn shows_a_version_late() {
    let late = Fault::ShownAfter(Duration::from_millis(300)).on("sencha");
    let tearoom = Tearoom::new(Faults::none().with(late));
    assert_done(&tearoom.publish("sencha"));
    let asked = tearoom.registry.requests();
    let uploaded = asked.iter().position(|asked| asked.path == "/api/v1/crates/new").expect("uploaded");
    let polls = asked[uploaded..].iter().filter(|asked| asked.path == "/index/se/nc/sencha").count();
    assert!(polls >= 2, "it was shown at once");
}

/// Yanking and its opposite change nothing but the mark.
#[test]
fn yanks_and_takes_it_back() {
    let tearoom = Tearoom::new(Faults::none());
    assert_done(&tearoom.publish("sencha"));
    let before = tearoom.index("se/nc/sencha");
    assert_done(&tearoom.cargo("yank --registry box sencha@0.1.0"));
    assert_eq!(tearoom.index("se/nc/sencha")[0]["yanked"], true);
    assert_done(&tearoom.cargo("yank --undo --registry box sencha@0.1.0"));
    assert_eq!(tearoom.index("se/nc/sencha"), before);
}

/// The answer is lost, cargo fails at once, and the version is there all the same.
#[test]
fn stores_without_an_answer() {
    let tearoom = Tearoom::new(Faults::none().with(Fault::StoreThenDrop.times(1)));
    assert!(!tearoom.publish("sencha").success());
    assert_eq!((tearoom.uploads(), tearoom.published()), (1, vec!["sencha 0.1.0".to_owned()]));
    assert_eq!(tearoom.registry.published()[0].checksum, Digest::of(&tearoom.archive("sencha")));
}

/// The connection breaks before anything is stored, and the next attempt is as good as the first.
#[test]
fn drops_without_storing() {
    let tearoom = Tearoom::new(Faults::none().with(Fault::DropUnstored.on("sencha").times(1)));
    assert!(!tearoom.publish("sencha").success());
    assert!(tearoom.published().is_empty());
    assert_done(&tearoom.publish("sencha"));
}

/// Refusals reach cargo with their status and words, and store nothing.
#[test]
fn refuses_an_upload() {
    let later = Refusal { retry_after: Some(600), ..Refusal::new(429, "too many new crates") };
    let faults = Faults::none()
        .with(Fault::Refuse(later).times(1))
        .with(Fault::ErrorsWithOk("soft error".into()).times(1))
        .with(Fault::Refuse(Refusal::new(503, "closed for tea")));
    let tearoom = Tearoom::new(faults);
    for words in ["status 429 Too Many Requests): too many new crates", "soft error", "closed for tea"] {
        assert_says(&tearoom.publish("sencha"), words);
    }
    assert_eq!((tearoom.uploads(), tearoom.published().len()), (3, 0));
}

/// A closed registry shows nothing without a token, everything with it, and knows the right one.
#[test]
fn closes_the_door() {
    let settings = Settings { token: Some(TOKEN.into()), auth_required: true, ..Settings::default() };
    let tearoom = Tearoom::with(settings);
    let open = "--config registries.box.credential-provider='cargo:token'";
    let publish = "publish --no-verify --allow-dirty -p sencha";
    assert_done(&tearoom.cargo(&format!("{publish} {}", open.replace('\'', "\""))));
    assert_eq!(tearoom.published(), ["sencha 0.1.0"]);
    let wrong = Tearoom::with(Settings { token: Some("another".into()), ..Settings::default() });
    assert_says(&wrong.publish("sencha"), "authentication failed");
}

/// Cargo understands the list of owners, and an invited user is not in it.
#[test]
fn lists_and_adds_owners() {
    let tearoom = Tearoom::new(Faults::none());
    assert_done(&tearoom.publish("sencha"));
    assert_done(&tearoom.cargo("owner --registry box --add ann sencha"));
    let list = tearoom.cargo("owner --registry box --list sencha");
    assert_eq!(list.text(), "demo");
    assert_eq!(tearoom.registry.invited("sencha"), ["ann"]);
}

/// The index answers what has not changed with a word, hides what it was told to hide, and shows it in the end.
#[test]
fn answers_like_an_index() {
    let tearoom = Tearoom::with(Settings::default());
    let config = get(&tearoom, "/index/config.json", None);
    assert_eq!(config.status(), 200);
    let mark = config.headers()["etag"].to_str().expect("text").to_owned();
    assert_eq!(get(&tearoom, "/index/config.json", Some(&mark)).status(), 304);
    assert_done(&tearoom.publish("sencha"));
    assert_eq!(get(&tearoom, "/index/se/nc/sencha", None).status(), 200);
    assert_eq!(get(&tearoom, "/index/xx/nc/sencha", None).status(), 404);
    assert_eq!(get(&tearoom, "/api/v1/crates/sencha/0.1.0", None).status(), 200);
    assert_eq!(get(&tearoom, "/api/v1/crates/sencha/0.2.0", None).status(), 404);
    tearoom.registry.set_faults(Faults::none().with(Fault::IndexRefused(503).times(1)));
    assert_eq!(get(&tearoom, "/index/se/nc/sencha", None).status(), 503);
    assert_eq!(get(&tearoom, "/index/se/nc/sencha", None).status(), 200);
}

fn get(tearoom: &Tearoom, path: &str, known: Option<&str>) -> ureq::http::Response<ureq::Body> {
    let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).http_status_as_error(false).build().into();
    let request = agent.get(format!("{}{path}", tearoom.registry.api_url()));
    let request = known.into_iter().fold(request, |request, mark| request.header("If-None-Match", mark));
    request.call().expect("an answer")
}

/// Asked to, it refuses what crates.io refuses, in the same words, and stores nothing.
#[test]
fn refuses_by_the_rules() {
    let tearoom = Tearoom::with(Settings { rules: Some(Rules::CratesIo), ..Settings::default() });
    assert_says(&tearoom.publish("sencha"), "missing or empty metadata fields: description, license");
    assert!(tearoom.published().is_empty());
}
