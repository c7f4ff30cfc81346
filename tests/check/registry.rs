//! What `check` says of registries, asked for real on loopback.

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::system::files;

use crate::tearoom::Tearoom;

impl Tearoom {
    /// With both crates published, and a change of `sencha` since.
    fn published() -> Self {
        let tearoom = Self::new();
        tearoom.publish("sencha").publish("matcha");
        tearoom.run("git", "tag sencha-v0.1.0");
        tearoom.run("git", "tag matcha-v0.1.0");
        tearoom.append("sencha/src/lib.rs", "//! Green.\n");
        tearoom.commit();
        tearoom
    }

    /// A package that is no member, beside the members.
    fn stranger(&self, name: &str, version: &str) {
        self.write(&format!("{name}/src/lib.rs"), "");
        let texts = "description = \"tea\"\nlicense = \"MIT\"\nedition = \"2024\"\n";
        self.write("Cargo.toml", &format!("[workspace]\nmembers = [\"sencha\", \"matcha\"]\nexclude = [\"{name}\"]\n"));
        self.write(
            &format!("{name}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n{texts}"),
        );
    }

    /// Lets `matcha` need it, by its path and a version.
    fn needs(&self, name: &str, requirement: &str) {
        self.append(
            "matcha/Cargo.toml",
            &format!("{name} = {{ path = \"../{name}\", version = \"{requirement}\" }}\n"),
        );
        self.run("cargo", "generate-lockfile");
        self.commit();
    }

    fn faults(&self, faults: Faults) {
        self.registry.set_faults(faults);
    }
}

/// A dependency must be in the registry by its name, and in such a version.
#[test]
fn dependencies_have_to_be_there() {
    let tearoom = Tearoom::new();
    tearoom.stranger("oolong", "1.0.0");
    tearoom.needs("oolong", "1");
    let unknown = |tearoom: &Tearoom| tearoom.codes("").contains(&"error dependency-unknown".to_owned());
    assert!(unknown(&tearoom));
    tearoom.stranger("oolong", "0.9.0");
    tearoom.publish_in("oolong");
    tearoom.stranger("oolong", "1.0.0");
    assert!(unknown(&tearoom));
    tearoom.publish_in("oolong");
    assert_eq!(tearoom.codes("--allow dirty-tree"), [""; 0]);
}

/// Who owns a crate is held against who the configuration says should: nobody of them, some of them, all of them.
#[test]
fn owners_are_compared() {
    let tearoom = Tearoom::published();
    let owners = |names: &str| {
        tearoom.write("release.toml", &format!("[check]\nowners = [{names}]\nallow = [\"changelog-none\"]\n"));
        tearoom.commit();
        tearoom.codes("")
    };
    assert_eq!(owners("\"ann\""), ["error not-an-owner"]);
    assert_eq!(owners("\"ann\", \"demo\""), ["warning owners-differ"]);
    assert_eq!(owners("\"Demo\""), [""; 0]);
}

/// What the registry says of itself and of our crates is found while nothing is uploaded.
#[test]
fn the_registry_says_what_it_takes() {
    let tearoom = Tearoom::published();
    tearoom.faults(Faults::none().with(Fault::TrustedOnly.on("sencha")));
    assert_eq!(tearoom.codes("--allow changelog-none"), ["warning trusted-publishing-only"]);
    tearoom.faults(Faults::none().with(Fault::ReadOnly));
    assert_eq!(tearoom.codes("--allow changelog-none"), ["error registry-read-only"]);
    tearoom.faults(Faults::none());
    assert_eq!(tearoom.codes("--allow changelog-none"), [""; 0]);
}

/// A registry that asks to come back later is waited for and that is told; where it asks for too long, nothing is known,
/// which is never a yes.
#[test]
fn later_is_waited_for_within_limits() {
    let tearoom = Tearoom::published();
    let checked = || tearoom.check("--no-verify");
    tearoom.faults(Faults::none().with(Fault::Later(0).times(2)));
    let output = checked();
    assert!(output.success(), "{}\n{}", output.text(), output.stderr);
    assert_eq!(output.stderr.matches("is rate-limiting; retrying in 0 s").count(), 2, "{}", output.stderr);
    tearoom.faults(Faults::none().with(Fault::Later(3600).on("sencha")));
    let output = checked();
    assert!(output.text().contains("error[registry-unknown]"), "{}", output.text());
    assert!(output.text().contains("rate-limited"), "{}", output.text());
    assert!(!output.stderr.contains("retrying in"), "{}", output.stderr);
}

/// A file of tokens counts where something runs that could read it; what of the workspace runs is named.
#[test]
fn tokens_in_reach_of_what_runs() {
    let tearoom = Tearoom::new();
    let credentials = tearoom.path("../home/cargo/credentials.toml");
    files::write(&credentials, b"[registry]\ntoken = \"any\"\n").expect("a file");
    assert_eq!(tearoom.codes(""), [""; 0]);
    tearoom.write("sencha/build.rs", "fn main() {}\n");
    tearoom.commit();
    let output = tearoom.check("");
    assert!(output.success() && output.text().contains("warning[token-in-reach]"), "{}", output.text());
    assert!(output.text().contains("the build script of `sencha`"), "{}", output.text());
    assert_eq!(tearoom.codes("--no-verify"), [""; 0]);
    files::remove(&credentials).expect("it goes");
    assert_eq!(tearoom.codes(""), [""; 0]);
}

/// Of a registry that shows nothing without a token, it is said what is not known.
#[test]
fn a_closed_registry_is_not_guessed_at() {
    let tearoom = Tearoom::closed();
    let output = tearoom.check("");
    assert!(output.success(), "{}\n{}", output.text(), output.stderr);
    assert!(output.text().contains("warning[registry-not-asked]"), "{}", output.text());
    assert!(output.text().contains("shows nothing without a token"), "{}", output.text());
    let asked = tearoom.registry.requests();
    assert!(!asked.iter().any(|asked| asked.path.starts_with("/api/v1/crates/sencha")), "{asked:?}");
}

/// What the registry says against a release is heard before anything is moved, without a `check` before it: read-only
/// mode, trusted publishing only, somebody else's crate, a name that is taken in another spelling.
#[test]
fn a_release_asks_the_registry_before_it_moves_anything() {
    let owners = "[check]\nowners = [\"ann\"]\n";
    let table = [
        (Faults::none().with(Fault::ReadOnly), "", Some("read-only mode")),
        (Faults::none().with(Fault::TrustedOnly.on("sencha")), "", Some("only from trusted publishing")),
        (Faults::none(), owners, Some("don't seem to be an owner")),
        (Faults::none(), "", None),
    ];
    for (faults, config, says) in table {
        let tearoom = Tearoom::published();
        tearoom.write("release.toml", &format!("push = false\n{config}"));
        tearoom.commit();
        tearoom.faults(faults);
        let before = tearoom.run("git", "rev-parse HEAD").text();
        let line = ["release", "-x", "--no-confirm"];
        let output = tearoom.program(env!("CARGO_BIN_EXE_cargo-release")).args(line).run().expect("it starts");
        let Some(says) = says else {
            assert!(output.success(), "{}", output.stderr);
            continue;
        };
        assert!(output.stderr.contains(says), "{}", output.stderr);
        assert_eq!(output.code, Some(1), "{}", output.stderr);
        assert_eq!(tearoom.run("git", "rev-parse HEAD").text(), before);
        assert!(!tearoom.path(".git/cargo-release/root/journal.jsonl").exists());
    }
}

/// A name that the registry has in another spelling is known before anything is moved.
#[test]
fn a_name_in_another_spelling_is_heard_of() {
    let tearoom = Tearoom::new();
    tearoom.stranger("Sencha", "0.0.1");
    tearoom.publish_in("Sencha");
    files::remove(&tearoom.path("Sencha")).expect("it goes");
    tearoom.write("Cargo.toml", "[workspace]\nmembers = [\"sencha\", \"matcha\"]\nresolver = \"3\"\n");
    tearoom.write("release.toml", "push = false\n");
    tearoom.commit();
    let line = ["release", "-x", "--no-confirm"];
    let output = tearoom.program(env!("CARGO_BIN_EXE_cargo-release")).args(line).run().expect("it starts");
    assert!(
        output.stderr.contains("crate was previously named `Sencha`") || output.text().contains("Sencha"),
        "{}",
        output.stderr
    );
    assert_eq!(output.code, Some(1), "{}", output.stderr);
}
