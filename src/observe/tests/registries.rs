//! Registries: how cargo's configuration names them, and what a sparse index on the loopback interface lists.

use std::ffi::OsString;
use std::thread::JoinHandle;

use tiny_http::Header;
use tiny_http::Response;
use tiny_http::Server;

use super::*;
use crate::names::Digest;
use crate::names::RegistryName;
use crate::observe::registries::index;
use crate::snapshot::Listing;
use crate::snapshot::PublishTo;
use crate::snapshot::Token;
use crate::tools::registry::web_api::Api;

fn environment(home: &Path, variables: &[(&str, &str)]) -> Environment {
    let home = [("CARGO_HOME", home.as_os_str().to_owned())];
    let given = variables.iter().map(|(name, value)| (*name, OsString::from(value)));
    let all = home.into_iter().chain(given).map(|(name, value)| (name.into(), value));
    Environment::new(all, Path::new("/"), Path::new("/"))
}

/// An argument wins over a variable, that over the nearest file, that over the others, and cargo's home comes last.
#[test]
fn nearest_configuration_wins() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, index: &str| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = format!("[registries]\nmy-own = {{ index = '{index}' }}\n[registry]\ndefault = '{index}'\n");
        std::fs::write(path, text).unwrap();
    };
    let own = RegistryName::from("my-own");
    let index = |variables: &[(&str, &str)], arguments: &[String]| {
        let environment = environment(&dir.path().join("home"), variables);
        CargoConfig::read(&environment, &dir.path().join("a/b"), arguments).unwrap().index(&own)
    };
    assert_eq!(index(&[], &[]), None);
    write("home/config.toml", "home");
    assert_eq!(index(&[], &[]).as_deref(), Some("home"));
    write("a/.cargo/config.toml", "above");
    assert_eq!(index(&[], &[]).as_deref(), Some("above"));
    write("a/b/.cargo/config.toml", "near");
    write("a/b/.cargo/config", "old");
    assert_eq!(index(&[], &[]).as_deref(), Some("old"));
    let variable = [("CARGO_REGISTRIES_MY_OWN_INDEX", "variable")];
    assert_eq!(index(&variable, &[]).as_deref(), Some("variable"));
    assert_eq!(index(&variable, &["registries.my-own.index=\"argument\"".into()]).as_deref(), Some("argument"));
}

/// crates.io has the library's address whatever is configured, unless cargo's own tests say otherwise; a token is present
/// where its variable is set.
#[test]
fn default_registry_and_tokens() {
    let home = tempfile::tempdir().unwrap();
    let read =
        |variables: &[(&str, &str)]| CargoConfig::read(&environment(home.path(), variables), home.path(), &[]).unwrap();
    let (default, other) = (RegistryName::crates_io(), RegistryName::from("my-own"));
    assert_eq!(read(&[]).index(&default).as_deref(), Some(crates_index::sparse::URL));
    let hook = [("__CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS", "sparse+http://127.0.0.1:1/")];
    assert_eq!(read(&hook).index(&default).as_deref(), Some("sparse+http://127.0.0.1:1/"));
    let tokens = read(&[("CARGO_REGISTRIES_MY_OWN_TOKEN", "t")]);
    assert!(tokens.has_token_variable(&other) && !tokens.has_token_variable(&default));
    assert_eq!(read(&[("CARGO_REGISTRY_DEFAULT", "my-own")]).default_registry(), Some(other));
}

/// Configuration beats the manifest's list, which beats the default; a package that may not go anywhere does not.
#[test]
fn destinations_of_a_package() {
    let (one, two) = (RegistryName::from("one"), RegistryName::from("two"));
    let only = PublishTo::Only(vec![one.clone(), two.clone()]);
    assert_eq!(PublishTo::Anywhere.destinations(true, None, None), [RegistryName::crates_io()]);
    assert_eq!(PublishTo::Anywhere.destinations(true, None, Some(&one)), std::slice::from_ref(&one));
    assert_eq!(only.destinations(true, None, Some(&one)), [one.clone(), two.clone()]);
    assert_eq!(only.destinations(true, Some(&two), Some(&one)), std::slice::from_ref(&two));
    assert!(only.destinations(false, None, None).is_empty());
    assert!(PublishTo::Nowhere.destinations(true, Some(&two), None).is_empty());
}

const CHECKSUM: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn answer(path: &str) -> (u16, String) {
    let line = |version: &str, yanked: bool| {
        format!(
            "{{\"name\":\"zz-core\",\"vers\":\"{version}\",\"deps\":[],\"cksum\":\"{CHECKSUM}\",\"features\":{{}},\
             \"yanked\":{yanked}}}\n"
        )
    };
    match path {
        "/config.json" => (200, "{\"dl\":\"http://127.0.0.1/dl\",\"api\":\"http://127.0.0.1/api\"}".into()),
        "/private/config.json" => (200, "{\"dl\":\"x\",\"auth-required\":true}".into()),
        "/refuses/config.json" => (401, String::new()),
        "/zz/-c/zz-core" => (200, line("0.1.0", true) + &line("0.1.1", false)),
        "/br/ok/broken" => (500, "no".into()),
        "/api/v1/crates/zz-core/0.1.1" => (
            200,
            format!(
                "{{\"version\":{{\"crate\":\"zz-core\",\"num\":\"0.1.1\",\"checksum\":\"{CHECKSUM}\",\"yanked\":false}}}}"
            ),
        ),
        "/api/v1/crates/zz-core/owners" => (200, "{\"users\":[{\"id\":1,\"login\":\"ann\",\"name\":null}]}".into()),
        _ => (404, "{\"errors\":[]}".into()),
    }
}

/// Answers until it is told to stop; what was asked, and by whom.
fn serve(server: &Server) -> Vec<String> {
    let mut asked = Vec::new();
    for request in server.incoming_requests() {
        let (status, body) = answer(request.url());
        let stop = request.url() == "/stop";
        let agent = request.headers().iter().find(|header: &&Header| header.field.equiv("User-Agent"));
        asked.push(format!("{} {}", request.url(), agent.map_or("", |header| header.value.as_str())));
        request.respond(Response::from_string(body).with_status_code(status)).unwrap();
        if stop {
            asked.pop();
            break;
        }
    }
    asked
}

/// A server that answers by path and keeps what was asked, until it is told to stop.
struct Box {
    address: String,
    serving: Option<JoinHandle<Vec<String>>>,
}

impl Box {
    fn open() -> Self {
        let server = Server::http("127.0.0.1:0").unwrap();
        let address = format!("http://{}", server.server_addr());
        let serving = std::thread::spawn(move || serve(&server));
        Self { address, serving: Some(serving) }
    }

    /// Stops it; what it was asked.
    fn close(mut self) -> Vec<String> {
        Web::new().get(&format!("{}/stop", self.address)).unwrap();
        self.serving.take().unwrap().join().unwrap()
    }
}

fn read(address: &str, names: &[PackageName], offline: bool) -> Registry {
    let home = tempfile::tempdir().unwrap();
    let arguments = [format!("registries.ours.index='sparse+{address}/'")];
    let config = CargoConfig::read(&environment(home.path(), &[]), home.path(), &arguments).unwrap();
    index::read(&config, &Web::new(), &asked(&"ours".into(), names, offline))
}

fn asked<'a>(name: &'a RegistryName, of: &'a [PackageName], offline: bool) -> index::RegistryQuery<'a> {
    index::RegistryQuery { name, of, needed: &[], offline, credentials: false, answered: &|_| {} }
}

/// What is listed, what is absent and what cannot be known are three answers; each question says who asks.
#[test]
fn index_is_read() {
    sealed(module_path!(), "index_is_read", |_| {
        let server = Box::open();
        let names: Vec<PackageName> = ["zz-core", "absent", "broken"].map(PackageName::from).into();
        let registry = read(&server.address, &names, false);
        assert_eq!((registry.api.as_deref(), registry.token), (Some("http://127.0.0.1/api"), Token::Unknown));
        let yanked = registry.listings["zz-core"].find(&semver::Version::new(0, 1, 0)).unwrap();
        assert_eq!((yanked.yanked, &yanked.checksum), (true, &Digest::from(CHECKSUM)));
        assert_eq!(registry.listings["absent"], Listing::Absent);
        assert!(matches!(&registry.listings["broken"], Listing::Unknown(why) if why.contains("500")));
        let asked = server.close();
        // What is broken is asked for twice more.
        assert_eq!(asked.len(), 6);
        assert!(asked.iter().all(|line| line.contains(crate::tools::registry::web::USER_AGENT)), "{asked:?}");
    });
}

/// An index that wants a token, that is not there, that is not configured or that must not be asked is unknown, not empty.
#[test]
fn what_was_not_read_is_unknown() {
    sealed(module_path!(), "what_was_not_read_is_unknown", |_| {
        let server = Box::open();
        let names = [PackageName::from("zz-core")];
        let unknown = |registry: &Registry| matches!(registry.listings["zz-core"], Listing::Unknown(_));
        for path in ["private", "refuses"] {
            let registry = read(&format!("{}/{path}", server.address), &names, false);
            assert!(registry.auth_required && unknown(&registry), "{path}");
        }
        assert!(unknown(&read(&server.address, &names, true)));
        let config = CargoConfig::read(&environment(Path::new("/nowhere"), &[]), Path::new("/"), &[]).unwrap();
        let registry = index::read(&config, &Web::new(), &asked(&"gone".into(), &names, false));
        assert!(registry.index.is_none() && unknown(&registry));
        // Each closed index was asked by us, and then by cargo.
        assert_eq!(server.close().len(), 4);
        assert!(unknown(&read("http://127.0.0.1:1", &names, false)));
    });
}

/// An index that is a git repository is read by cargo: what is there with all its versions, what is not as absent; and
/// where cargo would look elsewhere, or there is no repository, nothing is known.
#[test]
fn git_index_is_read_by_cargo() {
    sealed(module_path!(), "git_index_is_read_by_cargo", |world| {
        let yanked = answer("/zz/-c/zz-core").1;
        world
            .write("config.json", "{\"dl\":\"http://127.0.0.1:1/dl\"}")
            .write("zz/-c/zz-core", &yanked)
            .commit("index");
        let names: Vec<PackageName> = ["zz-core", "absent"].map(PackageName::from).into();
        let read = |address: &str, more: &[&str]| {
            let index = format!("registries.ours.index='{address}'");
            let arguments: Vec<String> = more.iter().map(|one| (*one).to_owned()).chain([index]).collect();
            let directory = world.dir.path();
            let config = CargoConfig::read(&world.environment(), directory, &arguments).unwrap();
            index::read(&config, &Web::new(), &asked(&"ours".into(), &names, false)).listings
        };
        let address = format!("file://{}", world.root().display());
        let listings = read(&address, &["net.offline=true"]);
        let version = |patch| listings["zz-core"].find(&semver::Version::new(0, 1, patch)).unwrap();
        assert_eq!((version(0).yanked, &version(1).checksum), (true, &Digest::from(CHECKSUM)));
        assert_eq!(listings["absent"], Listing::Absent);
        let unknown = |listings: &BTreeMap<PackageName, Listing>| {
            listings.values().all(|listing| matches!(listing, Listing::Unknown(_)))
        };
        assert!(unknown(&read(&format!("{address}-gone"), &[])));
        assert!(unknown(&read(&address, &["source.ours.replace-with='mirror'"])));
    });
}

/// The web API tells of versions and owners, and tells absent from refused.
#[test]
fn web_api_is_read() {
    sealed(module_path!(), "web_api_is_read", |_| {
        let server = Box::open();
        let api = Api::new(Web::new(), &format!("{}/", server.address));
        let name = PackageName::from("zz-core");
        let record = api.version(&name, &semver::Version::new(0, 1, 1)).unwrap().unwrap();
        assert_eq!((record.checksum, record.yanked), (Some(CHECKSUM.into()), false));
        assert_eq!(api.version(&name, &semver::Version::new(9, 0, 0)).unwrap(), None);
        assert_eq!(api.owners(&name).unwrap(), Some(vec!["ann".to_owned()]));
        server.close();
        assert!(Api::new(Web::new(), "http://127.0.0.1:1").owners(&name).is_err());
    });
}
