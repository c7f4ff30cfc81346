//! Verify: packs and builds packages from the release commit, all of a group at once, without any token in the
//! environment, and remembers each archive's checksum.

use crate::apply::step_context::build_flags;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::error::disk_help;
use crate::journal::Proof;
use crate::journal::Verified;
use crate::names::Digest;
use crate::names::PackageName;
use crate::plan::Build;
use crate::plan::Packed;
use crate::plan::Verify;
use crate::tools::system::archive;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::files;
use crate::tools::system::process::Go;
use crate::tools::system::process::Program;
use crate::tools::system::process::Sign;

use crate::apply::context::Tell;
use crate::apply::event::Event;
use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::verify::built_before::BuiltBefore;
use crate::apply::verify::cargo_time::CargoTime;
use crate::apply::verify::lockfile;
use crate::apply::verify::overlay_registry::Overlay;
use crate::apply::verify::prefetch;
use crate::apply::worktree::stage_diff;

/// Done when checksums are recorded. They hold for the release commit, which does not change once it is made, and for
/// the archives that were kept.
pub(crate) fn probe(context: &StepContext<'_>) -> Result<Probe> {
    let Some(proof) = context.journal.proof(&context.step.id) else { return Ok(Probe::ToDo) };
    for known in proof.verified() {
        let kept = files::read(&context.world.kept_archive(known))?;
        if kept.is_none_or(|bytes| Digest::of(&bytes) != known.checksum) {
            return Ok(Probe::ToDo);
        }
    }
    Ok(Probe::Done(proof.clone()))
}

/// Packs and builds.
pub(crate) fn perform(verify: &Verify, context: &StepContext<'_>, tell: Tell<'_>) -> Result<Proof> {
    let watch = Stopwatch::start();
    let verified = verified(verify, context, tell);
    context.world.verified_for(CargoTime { whole: watch.elapsed(), ..CargoTime::default() });
    verified.map(Proof::Verified)
}

fn verified(verify: &Verify, context: &StepContext<'_>, tell: Tell<'_>) -> Result<Vec<Verified>> {
    // An overlay that an earlier run left makes cargo fail with "no hash listed" (rust-lang/cargo#14396).
    files::remove(&context.world.cargo.index_of_packed())?;
    lockfile::ensure(context)?;
    // Where nothing will be uploaded the plan has told what would be missing.
    if !context.world.only_looks() {
        stage_diff::agree(verify, context)?;
    }
    let before = BuiltBefore::of(verify, context)?;
    let is_built = before.as_ref().map_or(Ok(false), BuiltBefore::is_known)?;
    let packed = packed_before(verify, context);
    if is_built {
        let then = if packed.is_some() { "" } else { "; packing" };
        let line = format!("built before from the same sources by the same toolchain{then}");
        tell(&Event::Said { step: context.step.id.clone(), line })?;
    }
    let all = match packed {
        Some(packed) if is_built => packed,
        None | Some(_) => {
            let build = Build { compile: verify.build.compile && !is_built, ..verify.build.clone() };
            package(verify, &build, context, tell)?
        }
    };
    before.iter().for_each(BuiltBefore::remember);
    Ok(all)
}

/// What the verifications before this one packed, where that is all of it.
fn packed_before(verify: &Verify, context: &StepContext<'_>) -> Option<Vec<Verified>> {
    let known = |packed: &Packed| context.journal.verified(&packed.name, &verify.registry).cloned();
    verify.packages.iter().map(known).collect()
}

/// Packs and builds all of them in one call.
fn package(verify: &Verify, build: &Build, context: &StepContext<'_>, tell: Tell<'_>) -> Result<Vec<Verified>> {
    let names: Vec<&PackageName> = verify.packages.iter().map(|packed| &packed.name).collect();
    let overlay = if verify.overlaid { Some(Overlay::open(verify, context)?) } else { None };
    let program = match &overlay {
        Some(overlay) => overlay.package(&names, build),
        None => from_what_is_live(verify, &names, build, context, tell)?,
    };
    run(&program, context, tell)?;
    let mut all = Vec::new();
    for packed in &verify.packages {
        let known = keep(packed, verify, context)?;
        overlay.iter().try_for_each(|overlay| overlay.keep(&known))?;
        all.push(known);
    }
    Ok(all)
}

/// `cargo package` of packages that need nothing but each other and what is live.
fn from_what_is_live(
    verify: &Verify,
    names: &[&PackageName],
    build: &Build,
    context: &StepContext<'_>,
    tell: Tell<'_>,
) -> Result<Program> {
    let program = context.packing(context.world.cargo.package(&verify.registry, names, build_flags(build)));
    // One that does not answer here shows cargo nothing either, and what cargo says of it then counts.
    if context.world.registry(&verify.registry).is_ok_and(|registry| registry.auth_required()) {
        prefetch::ahead(verify, context, tell)?;
        return Ok(program.arg("--offline"));
    }
    Ok(program)
}

/// How many lines of cargo's are told when it fails.
const TOLD: usize = 30;

fn run(program: &Program, context: &StepContext<'_>, tell: Tell<'_>) -> Result<()> {
    let watch = Stopwatch::start();
    let mut packed_after = None;
    let output = context.run_and_look(program, tell, &mut |sign| {
        if matches!(sign, Sign::Line(line) if line.trim_start().starts_with("Verifying ")) {
            packed_after.get_or_insert_with(|| watch.elapsed());
        }
        Go::On
    })?;
    context.world.verified_for(CargoTime::call(watch.elapsed(), packed_after));
    if output.success() {
        return Ok(());
    }
    if let Some(help) = disk_help(&output.stderr) {
        let failure = Failure::world("cargo could not write while it packed and built the packages");
        return Err(failure.because(output.tail(TOLD)).help(help));
    }
    let failure = Failure::blocked("the packages do not verify").because(output.tail(TOLD));
    let failure = match last_begun(&output.stderr) {
        Some(in_flight) => failure.because(format!("cargo was at: {in_flight}")),
        None => failure,
    };
    Err(failure.help("fix the error above, commit, then plan again"))
}

/// What cargo says that it packs or verifies, the last of it: which of many packages does not build stands far above the
/// error. It is quoted, and decides nothing.
fn last_begun(said: &str) -> Option<&str> {
    let begins = |line: &&str| ["Packaging ", "Verifying "].iter().any(|word| line.starts_with(word));
    let line = said.lines().map(str::trim_start).rfind(begins)?;
    Some(line.split_once(" (").map_or(line, |(in_flight, _where)| in_flight))
}

/// Holds an archive against the release commit, and keeps it.
fn keep(packed: &Packed, verify: &Verify, context: &StepContext<'_>) -> Result<Verified> {
    let path = context.world.cargo.archive(&packed.name, &packed.version);
    let bytes = files::read(&path)?.ok_or_else(|| {
        Failure::world(format!("cargo packed `{}` but left no archive", packed.name))
            .because(format!("`{}` does not exist", path.display()))
    })?;
    let record = archive::vcs_record(&archive::entries(&bytes)?);
    let commit = context.commit()?;
    // What was copied into the stage is in no commit, and cargo says so; nothing else may be.
    let copied = !context.journal.plan().base.copied.is_empty() && context.world.stage().is_clean()?;
    if record.as_ref().is_none_or(|record| record.commit != *commit || (record.dirty && !copied)) {
        return Err(Failure::blocked(format!(
            "the archive of `{}` was not packed from the release commit",
            packed.name
        ))
        .because(match record {
            Some(record) if record.dirty => "files changed while it was packed".to_owned(),
            Some(record) => format!("it records {}, the release commit is {}", record.commit.short(), commit.short()),
            None => "it has no record of a commit".to_owned(),
        })
        .help("look for a build script or a hook that writes into the sources, then plan again"));
    }
    let known = Verified {
        name: packed.name.clone(),
        version: packed.version.clone(),
        registry: verify.registry.clone(),
        checksum: Digest::of(&bytes),
        size: u64::try_from(bytes.len()).or_world(|| "the archive is too large".into())?,
    };
    match context.journal.verified(&packed.name, &verify.registry) {
        Some(before) if before.checksum != known.checksum => Err(packed_otherwise(before, &known)),
        Some(_) | None => files::write(&context.world.kept_archive(&known), &bytes).map(|()| known),
    }
}

/// What other packages were packed on top of is not what was built.
fn packed_otherwise(before: &Verified, now: &Verified) -> Failure {
    Failure::blocked(format!("`{} {}` was packed twice, and not the same", now.name, now.version))
        .because(format!("first {}, then {}", before.checksum, now.checksum))
        .help("look for a build script that writes into the sources, or a registry that changed meanwhile, then plan again")
}
