//! Printing a plan in each format, and explaining it.

use std::io::Write as _;

use super::session::Observed;
use super::session::Session;
use super::session::unwritten;
use crate::cli::Format;
use crate::cli::PlanArgs;
use crate::cli::PlanFormat;
use crate::cli::ShowArgs;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::observe::Located;
use crate::phrase;
use crate::plan;
use crate::plan::DraftedFile;
use crate::plan::ReleasePlan;
use crate::report;
use crate::report::Screen;

/// Prints a plan in the format of `--format`.
pub(crate) fn shown_as(session: &Session<'_>, place: &Located, plan: &ReleasePlan, args: &PlanArgs) -> Result<()> {
    let draw = match args.output.format {
        PlanFormat::Human => return show(session, place, plan, (Format::Human, args.show)),
        PlanFormat::Json => return show(session, place, plan, (Format::Json, args.show)),
        PlanFormat::Markdown => report::markdown,
        PlanFormat::Mermaid => report::mermaid,
        PlanFormat::Dot => report::dot,
        PlanFormat::Svg => report::svg,
        PlanFormat::Html => report::html,
    };
    let mut out = session.terminal.stdout();
    draw(&mut out, plan).and_then(|()| out.flush()).or_world(unwritten)?;
    unblocked(plan)
}

/// Explains the version of the package `of`, or of all released packages if `of` is empty.
pub(crate) fn explain(session: &Session<'_>, observed: &Observed, plan: &ReleasePlan, of: &str) -> Result<()> {
    let Observed { place: _, config, snapshot, request, announces_on: _ } = observed;
    let mut told = plan::explain(snapshot, config, request, plan)?;
    let names: Vec<String> = told.iter().map(|explanation| explanation.name.to_string()).collect();
    told.retain(|explanation| match of {
        "" => explanation.to.is_some(),
        of => explanation.name.as_str() == of,
    });
    if told.is_empty() && !of.is_empty() {
        let failure = Failure::unplannable(format!("there is no package `{of}` in this workspace"));
        let near = phrase::similar(of, names.iter().map(String::as_str));
        return Err(match near {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure,
        });
    }
    if told.is_empty() {
        return show(session, &observed.place, plan, (Format::Human, ShowArgs::default()));
    }
    let at_length = session.terminal.verbose();
    session.terminal.show(&session.environment, |out| report::explain(out, &told, at_length))
}

/// Prints a plan; fails if findings block it.
pub(crate) fn show(session: &Session<'_>, place: &Located, plan: &ReleasePlan, how: (Format, ShowArgs)) -> Result<()> {
    match how {
        (Format::Human, more) => {
            let files = if more.diff { plan::edited(plan, &place.workspace.texts)? } else { Vec::new() };
            session.terminal.show(&session.environment, |out| in_words(out, plan, more.changelog, &files))?;
        }
        (Format::Json, _) => {
            let mut out = session.terminal.stdout();
            report::plan_json(&mut out, plan).and_then(|()| out.flush()).or_world(unwritten)?;
        }
    }
    unblocked(plan)
}

/// Writes the plan, optionally the changelog entries, and the diffs of these files.
pub(crate) fn in_words(
    out: &mut dyn Screen,
    plan: &ReleasePlan,
    entries: bool,
    files: &[DraftedFile],
) -> std::io::Result<()> {
    report::plan(out, plan)?;
    if entries {
        report::plan_entries(out, plan)?;
    }
    for file in files {
        writeln!(out)?;
        report::difference(out, file)?;
    }
    Ok(())
}

/// Fails if findings block the release.
pub(crate) fn unblocked(plan: &ReleasePlan) -> Result<()> {
    if !plan.is_blocked() {
        return Ok(());
    }
    Err(report::blocked("cannot release", &plan.findings)
        .help("nothing was changed; fix each error above, then plan again"))
}
