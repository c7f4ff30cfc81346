//! Hook: runs the user's `pre-release-hook` in the tree it is given. The stage is pristine, so everything that a hook
//! changes there belongs to the release.

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::plan::Hook;
use crate::tools::system::process::Program;

use crate::apply::context::Probe;
use crate::apply::context::Scene;
use crate::apply::context::Tell;

/// Done only with the commit that holds what it changed: until then, the stage is made anew and it runs again.
pub(crate) fn probe(scene: &Scene<'_>) -> Probe {
    if scene.journal.commit().is_some() { Probe::Done(Proof::Plain) } else { Probe::ToDo }
}

/// Runs it in the package's directory, with the documented variables and without tokens.
pub(crate) fn perform(hook: &Hook, scene: &Scene<'_>, tell: Tell<'_>) -> Result<Proof> {
    let world = scene.world;
    let Some((name, arguments)) = hook.command.split_first() else { return Ok(Proof::Plain) };
    let program = Program::new(name)
        .args(arguments)
        .dir(&world.staged(&hook.dir))
        .env("WORKSPACE_ROOT", world.staged(&world.workspace))
        .env("CRATE_ROOT", world.staged(&hook.dir))
        .env("ORIGINAL_WORKSPACE_ROOT", world.checkout.dir().join(world.workspace.as_str()));
    let program = hook.variables.iter().fold(program, |program, (name, value)| program.env(name, value));
    let output = scene.run(&program, tell)?;
    if output.success() {
        return Ok(Proof::Plain);
    }
    Err(Failure::blocked(format!("the pre-release hook `{}` failed", hook.command.join(" ")))
        .because(output.tail(20))
        .help("run it by hand in the package's directory, fix the error, then plan again"))
}
