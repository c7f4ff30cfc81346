//! Hook: runs the user's `pre-release-hook` in the tree it is given. The stage is pristine, so everything that a hook
//! changes there belongs to the release.

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::plan::Hook;
use crate::tools::system::process::Program;
use crate::tools::system::terminal;

use crate::apply::context::Tell;
use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::steps::hooked_changelog::DraftAside;

/// Done only with the commit that holds what it changed: until then, the stage is made anew and it runs again.
pub(crate) fn probe(context: &StepContext<'_>) -> Probe {
    if context.journal.commit().is_some() { Probe::Done(Proof::Plain) } else { Probe::ToDo }
}

/// Runs it in the package's directory, with the documented variables and without tokens. What it types and asks goes to
/// the terminal, where there is one.
pub(crate) fn perform(hook: &Hook, context: &StepContext<'_>, tell: Tell<'_>) -> Result<Proof> {
    let world = context.world;
    let Some((name, arguments)) = hook.command.split_first() else { return Ok(Proof::Plain) };
    let program = Program::new(name)
        .args(arguments)
        .dir(&world.staged(&hook.dir))
        .env("WORKSPACE_ROOT", world.staged(&world.workspace))
        .env("CRATE_ROOT", world.staged(&hook.dir))
        .env("ORIGINAL_WORKSPACE_ROOT", world.workspace.on_disk(world.checkout.dir()))
        .env("CARGO_TARGET_DIR", &world.target_dir);
    let program = hook.variables.iter().fold(program, |program, (name, value)| program.env(name, value));
    let program = if terminal::can_ask() { program.inherit_input() } else { program };
    let branch = OnBranch::attach(context)?;
    let package = hook.variables.get("CRATE_NAME").map_or("", String::as_str);
    let draft = DraftAside::take(context, package)?;
    let ended = context.run(&program, tell);
    draft.map_or(Ok(()), DraftAside::put_back)?;
    branch.detach()?;
    match ended {
        Ok(output) if output.success() => Ok(Proof::Plain),
        Ok(output) => Err(failed(hook, context).because(output.tail(20))),
        Err(unstarted) => Err(failed(hook, context).because(unstarted.to_string())),
    }
}

/// A failure that says where the hook runs, and what it may have missed there.
fn failed(hook: &Hook, context: &StepContext<'_>) -> Failure {
    let failure = Failure::blocked(format!("the pre-release hook `{}` failed", hook.command.join(" ")));
    let named = hook.command.iter().find_map(|part| {
        let path = hook.dir.resolve(part).filter(|path| !path.as_str().is_empty())?;
        let only_here = path.on_disk(context.world.checkout.dir()).exists() && !context.world.staged(&path).exists();
        only_here.then_some(path)
    });
    match named.as_ref().and_then(|path| path.below(&context.world.workspace)) {
        Some(path) => {
            let top = path.rsplit_once('/').map_or(path, |(dir, _)| dir);
            failure
                .because(format!("`{path}` is in the checkout and in no commit, so the release does not have it"))
                .help(format!("let the release copy it: `[stage] copy = [\"{}/**\"]` in `release.toml`", glob_of(top)))
        }
        None => failure
            .help("run it by hand in the package's directory, and fix what it says")
            .help("it runs on the committed files; `[stage] copy` in `release.toml` adds files that git ignores"),
    }
}

/// The directory of a package manager's that a path lies in, else the directory itself.
fn glob_of(dir: &str) -> &str {
    let end = dir.find("node_modules").map(|at| at + "node_modules".len());
    end.and_then(|end| dir.get(..end)).unwrap_or(dir)
}

/// The head of the stage on the branch that is released, while a hook runs: hooks ask for its name. The branch is put back
/// where a hook commits on it, and its commit becomes part of the release.
struct OnBranch<'a> {
    context: &'a StepContext<'a>,
    attached: Option<(BranchName, CommitId)>,
}

impl<'a> OnBranch<'a> {
    fn attach(context: &'a StepContext<'a>) -> Result<Self> {
        let stage = context.world.stage();
        let branch = context.journal.plan().base.branch.clone().filter(|_| !context.world.is_in_place());
        let Some(branch) = branch else { return Ok(Self { context, attached: None }) };
        let (tip, head) = (stage.commit_of(&format!("refs/heads/{branch}"))?, stage.commit_of("HEAD")?);
        // Where each package has its own commit, the stage is ahead of the branch after the first one.
        let attached = tip.filter(|tip| head.as_ref() == Some(tip)).map(|tip| (branch, tip));
        if let Some((branch, _)) = &attached {
            stage.attach(branch)?;
        }
        Ok(Self { context, attached })
    }

    fn detach(self) -> Result<()> {
        let Some((branch, before)) = self.attached else { return Ok(()) };
        let stage = self.context.world.stage();
        let after = stage.commit_of("HEAD")?.unwrap_or_else(|| before.clone());
        // Somebody else may have committed on the branch meanwhile; only the stage's own log has what the hook did.
        let is_hooks_own = after != before && stage.last_moved_to()?.as_ref() == Some(&after);
        stage.detach(if is_hooks_own { &after } else { &before })?;
        if is_hooks_own { stage.move_branch(&branch, &after, &before) } else { Ok(()) }
    }
}
