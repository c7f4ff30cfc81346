//! `cargo release owner`: compares the owners of all crates of a workspace with the configured owners, and changes them.

use std::collections::BTreeSet;

use crate::apply;
use crate::apply::OwnerChange;
use crate::cli::Format;
use crate::cli::OwnerAction;
use crate::cli::OwnerArgs;
use crate::commands::carry_out;
use crate::commands::session::Observed;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;
use crate::plan;
use crate::plan::OwnedCrate;
use crate::report;
use crate::report::OwnerLine;
use crate::report::OwnerRow;
use crate::tools::system::clock;

/// Shows owners; with `-x`, adds and removes them.
pub(crate) fn run(session: &Session<'_>, args: &OwnerArgs) -> Result<()> {
    let request = args.step.request(clock::today(&session.environment));
    let observed = session.know(request, &args.step.config, &Scope::default())?;
    let rows = rows(session, &observed)?;
    if let Some(action) = args.action {
        return look(session, args, action, &rows);
    }
    carry_out::refuse_while_open(&observed.place)?;
    let lines = due(&rows, &args.add, &args.remove);
    let format = args.step.output.format;
    if !args.step.execute.execute || lines.is_empty() {
        let mut out = session.terminal.stdout();
        match format {
            Format::Json => report::pretty(&mut out, &lines),
            Format::Human => report::owner_plan(&mut out, &rows, &lines),
        }
        .or_world(unwritten)?;
        return if lines.is_empty() || format == Format::Json {
            Ok(())
        } else {
            report::only_shown(&mut session.terminal.notes()).or_world(unwritten)
        };
    }
    report::owner_plan(&mut session.terminal.stderr(), &rows, &lines).or_world(unwritten)?;
    session.agree("Change owners?", args.step.execute.no_confirm)?;
    let lines = change(session, observed, lines)?;
    if format == Format::Json {
        report::pretty(&mut session.terminal.stdout(), &lines).or_world(unwritten)?;
    }
    none_refused(&lines)
}

/// The crates that are in a registry, with their owners there.
fn rows(session: &Session<'_>, observed: &Observed) -> Result<Vec<OwnerRow>> {
    let crates = plan::owned_crates(&observed.snapshot, &observed.config, &observed.request)?;
    let world = session.world(session.locate()?);
    let row = |of: OwnedCrate| {
        let there = if of.is_there { apply::owners(&world, &of.registry, &of.package)? } else { None };
        Ok(OwnerRow { of, there })
    };
    crates.into_iter().map(row).collect()
}

fn look(session: &Session<'_>, args: &OwnerArgs, action: OwnerAction, rows: &[OwnerRow]) -> Result<()> {
    let mut out = session.terminal.stdout();
    match args.step.output.format {
        Format::Json => report::pretty(&mut out, &rows),
        Format::Human => report::owners(&mut out, rows),
    }
    .or_world(unwritten)?;
    let lacking: Vec<String> =
        rows.iter().filter(|row| !row.missing().is_empty()).map(|row| format!("`{}`", row.of.package)).collect();
    if action == OwnerAction::List || lacking.is_empty() {
        return Ok(());
    }
    Err(Failure::blocked(format!("{} lack a configured owner", lacking.join(", ")))
        .help("run `cargo release owner -x` to add them; invited users must accept first"))
}

/// The changes to make: those of the flags, otherwise the missing configured owners.
fn due(rows: &[OwnerRow], add: &[String], remove: &[String]) -> Vec<OwnerLine> {
    let configured = add.is_empty() && remove.is_empty();
    let mut lines = Vec::new();
    for row in rows.iter().filter(|row| row.of.is_there) {
        let listed: BTreeSet<String> = row.there.iter().flatten().map(|owner| owner.to_lowercase()).collect();
        let is_known = row.there.is_some();
        let wanted = if configured { row.of.configured.as_slice() } else { add };
        let line = |login: &String, removes| OwnerLine {
            package: row.of.package.clone(),
            registry: row.of.registry.clone(),
            login: login.clone(),
            removes,
            outcome: None,
        };
        lines.extend(
            wanted.iter().filter(|login| !listed.contains(&login.to_lowercase())).map(|login| line(login, false)),
        );
        let leaving = remove.iter().filter(|login| !is_known || listed.contains(&login.to_lowercase()));
        lines.extend(leaving.map(|login| line(login, true)));
    }
    lines
}

fn change(session: &Session<'_>, observed: Observed, mut lines: Vec<OwnerLine>) -> Result<Vec<OwnerLine>> {
    let world = session.world(observed.place);
    for line in &mut lines {
        let change = if line.removes { apply::remove_owner } else { apply::add_owner };
        line.outcome = Some(change(&world, &line.registry, &line.package, &line.login)?);
        report::owner_done(&mut session.terminal.stderr(), line).or_world(unwritten)?;
    }
    Ok(lines)
}

fn none_refused(lines: &[OwnerLine]) -> Result<()> {
    let refused = |line: &&OwnerLine| matches!(line.outcome, Some(OwnerChange::Refused(_)));
    let refused: Vec<&OwnerLine> = lines.iter().filter(refused).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let names: BTreeSet<&PackageName> = refused.iter().map(|line| &line.package).collect();
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let failure = Failure::world(format!(
        "the registry refused {} of {} changes, for {}",
        refused.len(),
        lines.len(),
        names.join(", ")
    ))
    .help("the other changes are done; run the same command again to retry the refused ones");
    let is_team = refused.iter().any(|line| line.login.contains(':'));
    Err(if is_team {
        failure.help(
            "write a team as `github:ORG:TEAM`; crates.io sees a team only if you are a member and the organization allows \
             the crates.io app (github.com: Settings, Applications, Authorized OAuth Apps)",
        )
    } else {
        failure
    })
}
