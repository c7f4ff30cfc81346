//! One attempt to upload: cargo with the checksum gate in front of it, heard until the registry has answered.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal::Verified;
use crate::plan::Upload;
use crate::tools::cargo::credential_gate;
use crate::tools::cargo::handover::Handover;
use crate::tools::system::clock;
use crate::tools::system::environment::Secret;
use crate::tools::system::failpoint;
use crate::tools::system::files;
use crate::tools::system::process::Go;
use crate::tools::system::process::Program;
use crate::tools::system::process::Sign;

use crate::apply::context::Tell;
use crate::apply::event::Event;
use crate::apply::step_context::StepContext;
use crate::apply::trusted::Age;
use crate::apply::upload::answer::Heard;
use crate::apply::upload::answer::UploadOutcome;

/// What came of an attempt.
pub(crate) struct SendResult {
    pub(crate) answer: UploadOutcome,
    /// The last lines that cargo said.
    pub(crate) tail: String,
    /// Whether the gate let the upload pass; `false` where cargo never asked it.
    pub(crate) gated: bool,
    /// The token that was minted for it, or for an upload before it.
    pub(crate) token: Option<(Arc<Secret>, Age)>,
}

/// Uploads once. Where tokens are minted it is with such a token, and never with one that the registry refused. Cargo's
/// wait for the index is cut short: it gives up after a minute, and the confirmation waits longer.
///
/// # Errors
/// What cargo packed is not what was verified, or cargo cannot be started.
pub(crate) fn once(
    upload: &Upload,
    known: &Verified,
    context: &StepContext<'_>,
    tell: Tell<'_>,
    refused: Option<&Secret>,
) -> Result<SendResult> {
    let api = context.world.registry(&upload.registry)?.api_address();
    let token = context.world.trusted.token(&upload.registry, api.as_deref(), &context.world.environment, refused)?;
    let handover = token.as_ref().map(|(token, _)| Handover::offer(token)).transpose()?;
    let pass = PassFile::issue(known, handover.as_ref(), context)?;
    let program = context.world.cargo.publish(&upload.registry, &known.name);
    let program = audible(pass.in_front_of(context.packing(program), context)?, upload, context)?;
    let program = context.world.holding_the_lock(program);
    let mut heard = Heard::of(known.name.as_str(), &known.version.to_string());
    let mut told = Ok(());
    let output = program.watch(&mut |sign| {
        if let Sign::Line(line) = sign {
            let is_news = heard.line(line);
            if is_news && told.is_ok() {
                told = tell(&Event::Said { step: context.step.id.clone(), line: line.to_owned() });
            }
        }
        if heard.is_accepted() { Go::Out } else { Go::On }
    })?;
    failpoint::here();
    let receipt = pass.receipt()?;
    told?;
    if let Some(stopped) = receipt.as_ref().filter(|receipt| !receipt.passed) {
        return Err(not_verified(known, stopped));
    }
    let gated = receipt.is_some();
    let answer = heard.answer(output.success(), gated, clock::now());
    Ok(SendResult { answer, tail: heard.tail(), gated, token })
}

fn not_verified(known: &Verified, stopped: &credential_gate::GateReceipt) -> Failure {
    Failure::world(format!("`{} {}` was not uploaded: it is not what was verified", known.name, known.version))
        .because(format!("cargo packed {}, verified was {}", stopped.checksum, known.checksum))
        .help("the stage or the toolchain changed since: `cargo release abort` ends this release, then release again")
}

/// Lets cargo say what we listen for, whatever its configuration says. The header of an answer that has words is only in
/// its log; over HTTP/2 that log would show the token, so it is asked for only where the registry speaks plain HTTP.
fn audible(program: Program, upload: &Upload, context: &StepContext<'_>) -> Result<Program> {
    let program = program.env("CARGO_TERM_QUIET", "false").env("CARGO_TERM_COLOR", "never");
    let program = program.without_env("CARGO_LOG");
    if !context.world.registry(&upload.registry)?.speaks_plain_http() {
        return Ok(program);
    }
    Ok(program.env("CARGO_HTTP_DEBUG", "true").env("CARGO_LOG", "network=debug"))
}

/// The pass that the gate asks for, on the disk for as long as one upload.
struct PassFile {
    path: PathBuf,
    receipt: PathBuf,
}

impl PassFile {
    fn issue(known: &Verified, handover: Option<&Handover>, context: &StepContext<'_>) -> Result<Self> {
        let file = |end: &str| context.world.room.passes().join(format!("{}-{}.{end}", known.name, known.registry));
        let this = Self { path: file("pass"), receipt: file("receipt") };
        files::remove(&this.receipt)?;
        let pass = credential_gate::UploadPass {
            name: known.name.clone(),
            version: known.version.to_string(),
            checksum: known.checksum.clone(),
            auth_required: context.world.registry(&known.registry)?.auth_required(),
            receipt: this.receipt.clone(),
            offer: handover.map(|handover| credential_gate::TokenOffer {
                registry: context.world.registries.stand_ins().used(&known.registry).to_string(),
                socket: handover.socket(),
            }),
        };
        let text = serde_json::to_vec(&pass).or_world(|| "the pass for an upload cannot be written".into())?;
        files::write_fleeting(&this.path, &text)?;
        Ok(this)
    }

    /// Puts the gate behind the user's own providers in the list, which cargo reads from its end.
    fn in_front_of(&self, program: Program, context: &StepContext<'_>) -> Result<Program> {
        let executable = context.world.environment.executable().to_str().ok_or_else(|| {
            Failure::world("the path of this program is not text").help("install it in a directory whose name is UTF-8")
        })?;
        let alias = format!("credential-alias.{}=[{}]", credential_gate::ALIAS, toml_edit::Value::from(executable));
        let own = if context.world.registries.has_providers() { "" } else { "\"cargo:token\"," };
        let list = format!("registry.global-credential-providers=[{own}\"{}\"]", credential_gate::ALIAS);
        Ok(program.env(credential_gate::VARIABLE, &self.path).args(["--config", &alias, "--config", &list]))
    }

    fn receipt(&self) -> Result<Option<credential_gate::GateReceipt>> {
        let left = files::read(&self.receipt)?;
        files::remove(&self.path)?;
        files::remove(&self.receipt)?;
        left.map(|bytes| serde_json::from_slice(&bytes).or_world(|| "the gate's receipt cannot be read".into()))
            .transpose()
    }
}
