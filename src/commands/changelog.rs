//! `cargo release changelog …`, and editing of entries. The text of an entry is decided in `plan`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::Write as _;

use crate::check::Finding;
use crate::cli::AskArgs;
use crate::cli::ChangelogCheckArgs;
use crate::cli::ChangelogDraftArgs;
use crate::cli::ChangelogOf;
use crate::cli::ChangelogShowArgs;
use crate::cli::ChangelogVerb;
use crate::cli::EntryFormat;
use crate::cli::Format;
use crate::commands::session::Observed;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;
use crate::observe::Located;
use crate::phrase;
use crate::plan;
use crate::plan::Drafts;
use crate::plan::ReleasePlan;
use crate::plan::Which;
use crate::report;
use crate::tools::system::clock;
use crate::tools::system::editor;
use crate::tools::system::files;

/// The name of the file that opens in the editor.
const BUFFER: &str = "CHANGELOG_ENTRIES.md";

/// `cargo release changelog …`
pub(crate) fn run(session: &Session<'_>, verb: &ChangelogVerb) -> Result<()> {
    match verb {
        ChangelogVerb::Draft(args) => draft(session, args),
        ChangelogVerb::Check(args) => check(session, args),
        ChangelogVerb::Show(args) => show(session, args),
    }
}

/// Decides the plan, opens its entries in an editor, and decides again with the edited entries.
pub(crate) fn edited(session: &Session<'_>, ask: &AskArgs) -> Result<(Located, ReleasePlan)> {
    let mut observed = session.observe_for(ask, &Scope::default())?;
    let first = plan::decide(&observed.snapshot, &observed.config, &observed.request)?;
    let mut seen = BTreeSet::new();
    let mut entries = BTreeMap::new();
    for package in &first.packages {
        let Some(changelog) = &package.changelog else { continue };
        // Packages that share an entry show it once.
        if seen.insert((&changelog.path, &changelog.entry)) {
            entries.insert(package.name.clone(), changelog.entry.clone());
        }
    }
    if first.is_blocked() || entries.is_empty() {
        return Ok((observed.place, first));
    }
    observed.request.entries = edit(session, &entries)?;
    let plan = plan::decide(&observed.snapshot, &observed.config, &observed.request)?;
    Ok((observed.place, plan))
}

fn draft(session: &Session<'_>, args: &ChangelogDraftArgs) -> Result<()> {
    let mut observed = know(session, &args.of, &Scope { forge: true, ..Scope::default() })?;
    let mut drafts = drafts(session, &observed)?;
    if args.edit && !drafts.entries.is_empty() {
        observed.request.entries = edit(session, &drafts.entries)?;
        drafts = plan::draft_changelogs(&observed.snapshot, &observed.config, &observed.request)?;
        refuse(session, &drafts.findings)?;
    }
    let mut out = session.terminal.stdout();
    for file in &drafts.files {
        files::write(&observed.place.checkout().on_disk(&file.path), file.after.as_bytes())?;
        report::difference(&mut out, file).or_world(unwritten)?;
    }
    if drafts.files.is_empty() {
        let mut words = session.terminal.notes();
        return writeln!(words, "nothing to draft: every commit is in a changelog").or_world(unwritten);
    }
    out.flush().or_world(unwritten)
}

fn drafts(session: &Session<'_>, observed: &Observed) -> Result<Drafts> {
    let drafts = plan::draft_changelogs(&observed.snapshot, &observed.config, &observed.request)?;
    refuse(session, &drafts.findings)?;
    Ok(drafts)
}

fn check(session: &Session<'_>, args: &ChangelogCheckArgs) -> Result<()> {
    let observed = know(session, &args.of, &Scope::default())?;
    let found = plan::check_changelogs(&observed.snapshot, &observed.config, &observed.request)?;
    let mut out = session.terminal.stdout();
    match args.output.format {
        Format::Json => report::pretty(&mut out, &found),
        Format::Human if found.is_empty() => writeln!(out, "no problems found"),
        Format::Human => report::findings(&mut out, &found),
    }
    .and_then(|()| out.flush())
    .or_world(unwritten)?;
    blocked(&found)
}

fn show(session: &Session<'_>, args: &ChangelogShowArgs) -> Result<()> {
    let observed = know(session, &args.of, &Scope::default())?;
    let which = args.which.clone().unwrap_or(Which::Newest);
    let shown = plan::show_changelogs(&observed.snapshot, &observed.config, &observed.request, &which)?;
    let mut out = session.terminal.stdout();
    match args.format {
        EntryFormat::Markdown => report::entries(&mut out, &shown),
        EntryFormat::Json => report::entries_json(&mut out, &shown),
    }
    .and_then(|()| out.flush())
    .or_world(unwritten)
}

fn know(session: &Session<'_>, of: &ChangelogOf, scope: &Scope<'_>) -> Result<Observed> {
    session.know(of.request(clock::today(&session.environment)), &of.config, scope)
}

fn edit(session: &Session<'_>, entries: &BTreeMap<PackageName, String>) -> Result<BTreeMap<PackageName, String>> {
    let edited = editor::edit(&session.environment, BUFFER, &report::entry_list(entries))?;
    report::read_entry_list(&edited, entries)
}

/// Prints findings; fails if there is an error among them.
fn refuse(session: &Session<'_>, found: &[Finding]) -> Result<()> {
    report::findings(&mut session.terminal.stderr(), found).or_world(unwritten)?;
    blocked(found)
}

fn blocked(found: &[Finding]) -> Result<()> {
    let errors = found.iter().filter(|finding| finding.is_error()).count();
    if errors == 0 {
        return Ok(());
    }
    let count = phrase::count(errors, "error");
    Err(Failure::blocked(format!("{count} in the changelogs"))
        .help("nothing was changed; fix them and run this command again"))
}
