//! The workspace that is checked: two crates, sealed off, bound for a registry on loopback in the place of crates.io.

use std::path::PathBuf;

use cargo_release::testing::registry::BoxedRegistry;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Settings;
use cargo_release::testing::system::files;
use cargo_release::testing::system::process::Output;
use cargo_release::testing::system::process::Program;
use serde_json::Value;
use tempfile::TempDir;

/// A workspace of `sencha` and of `matcha`, which needs it, bound for a crates.io that is on loopback.
pub(crate) struct Tearoom {
    dir: TempDir,
    pub(crate) registry: BoxedRegistry,
    closed: bool,
}

impl Tearoom {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let registry = BoxedRegistry::start(&dir.path().join("registry"), Faults::none()).expect("a registry");
        let tearoom = Self { dir, registry, closed: false };
        tearoom.furnished()
    }

    /// Bound for a registry of its own, which shows nothing without a token.
    pub(crate) fn closed() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let settings = Settings { auth_required: true, ..Settings::default() };
        let registry = BoxedRegistry::start_with(&dir.path().join("registry"), settings).expect("a registry");
        let tearoom = Self { dir, registry, closed: true };
        let index = tearoom.registry.index_url();
        let provider = "[registry]\nglobal-credential-providers = [\"cargo:token\"]\n";
        tearoom.write(".cargo/config.toml", &format!("[registries.box]\nindex = \"{index}\"\n{provider}"));
        let tearoom = tearoom.furnished();
        tearoom.write("release.toml", "registry = \"box\"\n");
        for name in ["sencha", "matcha"] {
            let path = tearoom.path(&format!("{name}/Cargo.toml"));
            let text = files::read_text(&path).expect("it is there").unwrap_or_default();
            files::write(
                &path,
                text.replace("path = \"../sencha\"", "path = \"../sencha\", registry = \"box\"").as_bytes(),
            )
            .expect("a file");
        }
        tearoom.commit();
        tearoom
    }

    fn furnished(self) -> Self {
        let tearoom = self;
        tearoom.write("Cargo.toml", "[workspace]\nmembers = [\"sencha\", \"matcha\"]\nresolver = \"3\"\n");
        tearoom.write(".gitignore", "target\n");
        tearoom.krate("sencha", "");
        tearoom.krate("matcha", "[dependencies]\nsencha = { version = \"0.1\", path = \"../sencha\" }\n");
        for line in ["init -q -b main", "config user.name Tea", "config user.email tea@example.invalid"] {
            tearoom.run("git", line);
        }
        tearoom.run("cargo", "generate-lockfile");
        tearoom.commit();
        tearoom
    }

    pub(crate) fn krate(&self, name: &str, more: &str) {
        let package = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        let texts = "description = \"tea\"\nlicense = \"MIT\"\nrepository = \"https://github.com/tea/tea\"\n";
        self.write(&format!("{name}/Cargo.toml"), &format!("{package}rust-version = \"1.85\"\n{texts}{more}"));
        self.write(&format!("{name}/src/lib.rs"), "//! Tea.\n");
        self.write(&format!("{name}/README.md"), "# Tea\n");
        self.write(&format!("{name}/LICENSE"), "MIT\n");
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join("tea").join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        files::write(&self.path(path), text.as_bytes()).expect("a file");
    }

    pub(crate) fn append(&self, path: &str, text: &str) {
        files::append(&self.path(path), text.as_bytes()).expect("a file");
    }

    pub(crate) fn program(&self, program: &str) -> Program {
        let index = if self.closed { "http://127.0.0.1:1/".to_owned() } else { self.registry.index_url() };
        let index = index.trim_start_matches("sparse+");
        let proxies = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
        let unset = ["CARGO_NET_OFFLINE", "CARGO_BUILD_TARGET_DIR", "CARGO_REGISTRY_DEFAULT"];
        let program = Program::new(program)
            .dir(&self.path(""))
            .env("HOME", self.dir.path().join("home"))
            .env("CARGO_HOME", self.dir.path().join("home/cargo"))
            .env("CARGO_TARGET_DIR", self.path("target"))
            .env("CARGO", env!("CARGO"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("CARGO_REGISTRIES_BOX_TOKEN", "any-token")
            .env("CARGO_REGISTRY_TOKEN", "any-token")
            .env("__CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS", format!("sparse+{index}"));
        proxies.iter().chain(&unset).fold(program, |program, name| program.without_env(name))
    }

    pub(crate) fn run(&self, program: &str, line: &str) -> Output {
        let output = self.program(program).args(line.split(' ')).run().expect("it starts");
        assert!(output.success(), "{program} {line}: {}", output.stderr);
        output
    }

    /// Uploads a package that is no member.
    pub(crate) fn publish_in(&self, dir: &str) {
        let manifest = format!("{dir}/Cargo.toml");
        let line = ["publish", "--no-verify", "--allow-dirty", "--manifest-path", &manifest];
        let program = self.program("cargo").args(line);
        let output = program.run().expect("it starts");
        assert!(output.success(), "{}", output.stderr);
    }

    /// Uploads a crate as it is.
    pub(crate) fn publish(&self, name: &str) -> &Self {
        let line = ["publish", "--no-verify", "-p", name];
        let program = self.program("cargo").args(line);
        let output = program.run().expect("it starts");
        assert!(output.success(), "{}", output.stderr);
        self
    }

    pub(crate) fn commit(&self) {
        self.run("git", "add -A");
        self.run("git", "commit -q -m tea");
    }

    pub(crate) fn check(&self, line: &str) -> Output {
        let arguments = ["release", "check"].into_iter().chain(line.split_whitespace());
        self.program(env!("CARGO_BIN_EXE_cargo-release")).args(arguments).run().expect("it starts")
    }

    /// The codes that are found, with their severities.
    pub(crate) fn codes(&self, line: &str) -> Vec<String> {
        let output = self.check(&format!("{line} --format json"));
        let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", output.stderr));
        let findings = found["findings"].as_array().expect("findings");
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        findings.iter().map(|finding| format!("{} {}", word(&finding["severity"]), word(&finding["code"]))).collect()
    }
}
