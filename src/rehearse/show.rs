//! Runs the demo: a local registry, an example workspace, two releases, and hints where to look.

use std::io::Write;
use std::path::Path;

use super::demo;
use super::demo::Demo;
use super::directory;
use super::unwritten;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::RegistryName;
use crate::registry::BoxedRegistry;
use crate::registry::Settings;
use crate::tools::cargo::semver_checks;
use crate::tools::system::environment::Environment;
use crate::tools::system::process::Program;

/// The name of the registry in the demo's workspace.
const NAME: &str = "tea-shop";

/// Releases the demo twice in the given directory, or in a new temporary one. Both are kept.
///
/// # Errors
/// The directory is not empty, a program is missing, or a release fails.
pub(crate) fn show(environment: &Environment, keep: Option<&Path>, out: &mut dyn Write) -> Result<()> {
    let dir = directory(environment, keep, "cargo-release-demo-")?;
    let name = RegistryName::from(NAME);
    let registry = BoxedRegistry::start_with(&dir.join("registry"), Settings::default())?;
    let stage = Stage { environment, dir: &dir };

    say(out, "Created: a workspace of six crates, a bare remote, and a registry on 127.0.0.1")?;
    let demo = demo::create(&dir, &registry.index_url(), &name)?;
    say(out, "First release: cargo release --execute --no-confirm")?;
    stage.release(&demo, &["--execute", "--no-confirm"])?;

    say(out, "New commits")?;
    for subject in demo::change(&demo)? {
        writeln!(out, "  {subject}").or_world(unwritten)?;
    }
    say(out, "Second release: cargo release --execute --no-confirm")?;
    stage.release(&demo, &["--execute", "--no-confirm"])?;
    say(out, "Nothing left: cargo release")?;
    stage.release(&demo, &[])?;
    where_to_look(out, &dir, &demo, &registry)
}

/// The directory and environment of the releases.
struct Stage<'a> {
    environment: &'a Environment,
    dir: &'a Path,
}

impl Stage<'_> {
    /// Runs this program in the demo's checkout, as a user would.
    fn release(&self, demo: &Demo, arguments: &[&str]) -> Result<()> {
        let variable = format!("CARGO_REGISTRIES_{}_TOKEN", NAME.to_uppercase().replace('-', "_"));
        let program = Program::new(self.environment.executable())
            .arg("release")
            .args(arguments)
            .dir(&demo.checkout)
            .env(variable, "a-token-that-opens-nothing-else")
            .env("CARGO_TARGET_DIR", self.dir.join("target"))
            // The demo prints the same whether or not cargo-semver-checks is installed.
            .env(semver_checks::VARIABLE, "")
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1");
        match program.hand_over()? {
            Some(0) => Ok(()),
            code => Err(Failure::world("the release of the demo failed")
                .because(
                    code.map_or("it was killed by a signal".to_owned(), |code| format!("it exited with status {code}")),
                )
                .help(format!("the workspace is kept in `{}`", demo.checkout.display()))),
        }
    }
}

fn where_to_look(out: &mut dyn Write, dir: &Path, demo: &Demo, registry: &BoxedRegistry) -> Result<()> {
    say(out, "Published versions, in upload order")?;
    let mut lines = String::new();
    for live in registry.published() {
        lines.push_str(&format!("  {:<10} {:<6} sha256 {}\n", live.name, live.version, live.checksum));
    }
    let checkout = demo.checkout.display();
    let remote = demo.remote.display();
    let files = dir.join("registry").join("crates");
    lines.push_str(&format!(
        "\nWhere to look:\n  \
         git -C {checkout} log --oneline --decorate\n  \
         git -C {checkout} show tea-leaf-v0.4.0\n  \
         git -C {remote} for-each-ref\n  \
         ls -R {}\n\
         Nothing else was changed. Remove everything with: rm -r {}\n",
        files.display(),
        dir.display(),
    ));
    out.write_all(lines.as_bytes()).or_world(unwritten)
}

fn say(out: &mut dyn Write, heading: &str) -> Result<()> {
    let style = anstyle::Style::new().bold();
    writeln!(out, "\n{style}== {heading}{style:#}").and_then(|()| out.flush()).or_world(unwritten)
}
