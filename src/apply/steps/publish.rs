//! Publish: one cargo process a package, with the checksum gate in front of the upload. Cargo's exit status decides
//! nothing: the index does.

use std::time::Duration;

use crate::apply::context::build_flags;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal::Proof;
use crate::journal::Verified;
use crate::names::PackageName;
use crate::plan::Upload;
use crate::tools::cargo::credential_gate;
use crate::tools::system::clock;
use crate::tools::system::failpoint;
use crate::tools::system::files;
use crate::tools::system::interrupt;
use crate::tools::system::process::Output;
use crate::tools::system::process::Program;

use crate::apply::context::Probe;
use crate::apply::context::Scene;
use crate::apply::context::Seen;
use crate::apply::context::Tell;
use crate::apply::event::Event;
use crate::apply::publish_state;
use crate::apply::publish_state::Live;
use crate::apply::verify::lockfile;

/// How long cargo itself waits for the index, in seconds (fixed in stable cargo).
const CARGO_WAITS: u64 = 60;

/// How often the index is asked after an upload that cargo says has failed, with the time before each: a response that
/// was lost is no refusal.
const SECOND_LOOKS: [u64; 4] = [0, 1, 2, 4];

/// What was verified of this step's package.
pub(crate) fn verified<'a>(upload: &Upload, scene: &'a Scene<'_>) -> Result<(&'a PackageName, &'a Verified)> {
    let name = scene.package()?;
    let known = scene.journal.verified(name, &upload.registry);
    known.map(|known| (name, known)).ok_or_else(|| Failure::bug(format!("`{name}` was not verified before its upload")))
}

/// Done when the index or the API shows the version and it is ours.
pub(crate) fn probe(upload: &Upload, scene: &Scene<'_>) -> Result<Probe> {
    let (name, known) = verified(upload, scene)?;
    Ok(match publish_state::anywhere(known, scene)? {
        Live::Ours(proof) => Probe::Done(proof),
        Live::Theirs(failure) => Probe::Conflict(failure),
        Live::Absent => Probe::ToDo,
        Live::Unknown(why) => {
            let what = format!("`{}` does not say whether `{name} {}` is live", upload.registry, upload.version);
            Probe::Conflict(Failure::interrupted(what).because(why).help("when it does, `cargo release resume`"))
        }
    })
}

/// Uploads.
pub(crate) fn perform(upload: &Upload, scene: &Scene<'_>, tell: Tell<'_>) -> Result<Proof> {
    let (name, known) = verified(upload, scene)?;
    lockfile::ensure(scene)?;
    let pass = Pass::issue(known, scene)?;
    let program = scene.world.cargo.publish(&upload.registry, name, build_flags(&upload.build));
    let program = pass.in_front_of(scene.packing(program), scene)?;
    let mut wait = Wait { known, scene, said: false, looks: 0, silences: 0 };
    let output =
        scene.run_and_look(&program, tell, &mut || if pass.was_asked() { wait.look() } else { Seen::Nothing })?;
    failpoint::here();
    let receipt = pass.receipt()?;
    if let Some(stopped) = receipt.as_ref().filter(|receipt| !receipt.passed) {
        return Err(Failure::world(format!(
            "`{name} {}` was not uploaded: it is not what was verified",
            upload.version
        ))
        .because(format!("cargo packed {}, verified was {}", stopped.checksum, known.checksum))
        .help("the stage or the toolchain changed since; `cargo release abort` if nothing is published yet"));
    }
    let proof = settle(known, &output, scene)?;
    Ok(if receipt.is_some() { proof } else { ungated(proof) })
}

/// Says that cargo waits for the index, once the API has the version and the index has not.
fn waiting(known: &Verified, scene: &Scene<'_>) -> Option<Event> {
    let registry = scene.world.registry(&known.registry).ok()?;
    registry.by_api(&known.name, &known.version)?;
    let (step, package) = (scene.step.id.clone(), scene.step.package.clone());
    let reason = format!("it is uploaded, and cargo waits until the index of `{}` shows it", known.registry);
    Some(Event::Waiting { step, package, reason, until: clock::time_of_day(clock::now(), CARGO_WAITS) })
}

/// Cargo's wait for the index, watched: as soon as the index shows the version and it is ours, the upload is done, and
/// cargo, which would look again within a second and says no more, is not waited for.
struct Wait<'a> {
    known: &'a Verified,
    scene: &'a Scene<'a>,
    said: bool,
    looks: u32,
    /// How often nothing was heard since the last look.
    silences: u32,
}

impl Wait<'_> {
    /// Looks again after a while that grows, up to two seconds.
    fn look(&mut self) -> Seen {
        self.silences += 1;
        if self.silences < self.looks.div_ceil(4).min(8) {
            return Seen::Nothing;
        }
        (self.looks, self.silences) = (self.looks + 1, 0);
        if matches!(publish_state::in_index(self.known, self.scene), Ok(Live::Ours(_))) {
            return Seen::Enough;
        }
        let news = (!self.said).then(|| waiting(self.known, self.scene)).flatten();
        self.said |= news.is_some();
        news.map_or(Seen::Nothing, Seen::News)
    }
}

/// What became of an upload.
fn settle(known: &Verified, output: &Output, scene: &Scene<'_>) -> Result<Proof> {
    let looks: &[u64] = if output.success() { &[0] } else { &SECOND_LOOKS };
    for wait in looks {
        clock::pause(Duration::from_secs(*wait));
        match publish_state::anywhere(known, scene)? {
            Live::Ours(proof) => return Ok(proof),
            Live::Theirs(failure) => return Err(failure),
            Live::Absent | Live::Unknown(_) => {}
        }
    }
    if output.success() {
        return Ok(Proof::Uploaded);
    }
    let what = format!("`{} {}` was not published to `{}`", known.name, known.version, known.registry);
    let failure = if interrupt::asked() { Failure::interrupted(what) } else { Failure::world(what) };
    Err(failure
        .because(output.tail(12))
        .because("the index does not show it")
        .help("mend what the registry says, then `cargo release resume`: what is live already is passed over"))
}

/// Says that the gate was passed by: a provider that is configured for this registry alone replaces all others.
fn ungated(proof: Proof) -> Proof {
    let remark =
        "the registry's own credential provider passed the checksum gate by; the index was compared".to_owned();
    match proof {
        Proof::Live { checksum, remark: None } => Proof::Live { checksum, remark: Some(remark) },
        other @ (Proof::Live { .. } | Proof::Plain | Proof::Commit(_) | Proof::Verified(_) | Proof::Uploaded) => other,
        other @ Proof::Remark(_) => other,
    }
}

/// The pass that the gate asks for, on the disk for as long as one upload.
struct Pass {
    path: std::path::PathBuf,
    receipt: std::path::PathBuf,
}

impl Pass {
    fn issue(known: &Verified, scene: &Scene<'_>) -> Result<Self> {
        let file = |end: &str| scene.world.room.passes().join(format!("{}-{}.{end}", known.name, known.registry));
        let this = Self { path: file("pass"), receipt: file("receipt") };
        files::remove(&this.receipt)?;
        let pass = credential_gate::Pass {
            name: known.name.clone(),
            version: known.version.to_string(),
            checksum: known.checksum.clone(),
            auth_required: scene.world.registry(&known.registry)?.auth_required(),
            receipt: this.receipt.clone(),
        };
        let text = serde_json::to_vec(&pass).or_world(|| "the pass for an upload cannot be written".into())?;
        files::write(&this.path, &text)?;
        Ok(this)
    }

    /// Puts the gate behind the user's own providers in the list, which cargo reads from its end.
    fn in_front_of(&self, program: Program, scene: &Scene<'_>) -> Result<Program> {
        let executable = scene.world.environment.executable().to_str().ok_or_else(|| {
            Failure::world("the path of this program is not text").help("install it in a directory whose name is UTF-8")
        })?;
        let alias = format!("credential-alias.{}=[{}]", credential_gate::ALIAS, toml_edit::Value::from(executable));
        let own = if scene.world.registries.has_providers() { "" } else { "\"cargo:token\"," };
        let list = format!("registry.global-credential-providers=[{own}\"{}\"]", credential_gate::ALIAS);
        Ok(program.env(credential_gate::VARIABLE, &self.path).args(["--config", &alias, "--config", &list]))
    }

    /// Whether cargo has asked the gate, which it does right before it uploads.
    fn was_asked(&self) -> bool {
        files::read(&self.receipt).is_ok_and(|left| left.is_some())
    }

    fn receipt(&self) -> Result<Option<credential_gate::Receipt>> {
        let left = files::read(&self.receipt)?;
        files::remove(&self.path)?;
        files::remove(&self.receipt)?;
        left.map(|bytes| serde_json::from_slice(&bytes).or_world(|| "the gate's receipt cannot be read".into()))
            .transpose()
    }
}
