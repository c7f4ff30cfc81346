//! `cargo release audit`: compares tags, changelogs, the index, packed content and lock files.

use crate::apply;
use crate::cli::AuditArgs;
use crate::cli::Format;
use crate::commands::carry_out;
use crate::commands::session::Observed;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::manifest::lock;
use crate::names::CommitId;
use crate::names::RepoPath;
use crate::plan;
use crate::plan::Audit;
use crate::plan::AuditAnswers;
use crate::plan::AuditQuestion;
use crate::plan::Recorded;
use crate::report;
use crate::tools::git::cli::Git;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::parse_id;
use crate::tools::system::archive;
use crate::tools::system::clock;
use crate::tools::system::files;
use crate::tools::system::interrupt;

/// Files in an archive that cargo generates or rewrites, so that they differ from the commit.
const MADE_BY_CARGO: [&str; 3] = ["Cargo.toml", "Cargo.lock", ".cargo_vcs_info.json"];

/// Shows what does not agree; `--fix -x` creates missing tags.
pub(crate) fn run(session: &Session<'_>, args: &AuditArgs) -> Result<()> {
    let request = args.step.request(clock::today(&session.environment));
    let observed = session.know(request, &args.step.config, &Scope::default())?;
    let answers = answers(session, &observed)?;
    let audit = plan::audit(&observed.snapshot, &observed.config, &observed.request, &answers)?;
    let format = args.step.output.format;
    let mut out = session.terminal.stdout();
    match format {
        Format::Json => report::pretty(&mut out, &audit),
        Format::Human => report::audit(&mut out, &audit, args.fix),
    }
    .or_world(unwritten)?;
    if args.fix && args.step.execute.execute && !audit.missing_tags.is_empty() {
        carry_out::refuse_while_open(&observed.place)?;
        session.agree("Create these tags?", args.step.execute.no_confirm)?;
        fix(session, &observed, &audit)?;
    }
    in_order(&audit, args)
}

fn in_order(audit: &Audit, args: &AuditArgs) -> Result<()> {
    let fixed = if args.fix && args.step.execute.execute { audit.missing_tags.len() } else { 0 };
    let left = audit.findings.len().saturating_sub(fixed);
    if left == 0 {
        return Ok(());
    }
    let count = crate::phrase::count(left, "problem");
    Err(Failure::blocked(format!("the audit found {count}")).help("see the help of each finding"))
}

/// Creates the tags that still do not exist.
fn fix(session: &Session<'_>, observed: &Observed, audit: &Audit) -> Result<()> {
    let git = Git::at(observed.place.root());
    for missing in &audit.missing_tags {
        interrupt::stop_if_asked()?;
        if git.tagged(&missing.tag)?.is_none() {
            let message = format!("chore: Release {} version {}\n", missing.package, missing.version);
            let sign = observed.config.packages.get(&missing.package).is_some_and(|settings| settings.sign_tag);
            git.tag(&missing.tag, &missing.commit, &message, sign)?;
        }
        report::tagged(&mut session.terminal.notes(), missing).or_world(unwritten)?;
    }
    let tags: Vec<&str> = audit.missing_tags.iter().map(|missing| missing.tag.as_str()).collect();
    let remote = &observed.config.workspace.push_remote;
    report::push_hint(&mut session.terminal.notes(), remote, &tags).or_world(unwritten)
}

fn answers(session: &Session<'_>, observed: &Observed) -> Result<AuditAnswers> {
    let questions = plan::audit_questions(&observed.snapshot, &observed.config, &observed.request)?;
    let world = session.world(session.locate()?);
    let checkout = observed.place.checkout();
    let mut answers = AuditAnswers { locks: locks(observed)?, ..AuditAnswers::default() };
    for question in &questions {
        interrupt::stop_if_asked()?;
        let AuditQuestion { package, registry, version, checksum, .. } = question;
        let bytes = apply::archive(&world, registry, (package, version), checksum)?;
        let recorded = bytes.map(|bytes| recorded(checkout, question, &bytes)).transpose()?;
        answers.archives.insert((package.clone(), registry.clone(), version.clone()), recorded);
    }
    Ok(answers)
}

/// What an archive records about its commit, and its files that differ from the commit of its tag.
fn recorded(checkout: &Checkout, question: &AuditQuestion, bytes: &[u8]) -> Result<Recorded> {
    let packed = archive::entries(bytes)?;
    let record = archive::vcs_record(&packed);
    let is_here = |commit: &CommitId| parse_id(commit.as_str()).is_some_and(|id| checkout.has_commit(id));
    let commit = record.as_ref().map(|record| record.commit.clone()).filter(is_here);
    let dirty = record.is_some_and(|record| record.dirty);
    let mut differing = Vec::new();
    if let Some(id) = question.tagged.as_ref().and_then(|commit| parse_id(commit.as_str())) {
        for (name, content) in packed.iter().filter(|(name, _)| !MADE_BY_CARGO.contains(&name.as_str())) {
            let written = if name == "Cargo.toml.orig" { "Cargo.toml" } else { name };
            // A readme or license may be packed from a parent directory, so a missing file is no difference.
            let committed = checkout.bytes_at(id, &question.dir.join(written))?;
            if committed.is_some_and(|committed| plain(&committed) != plain(content)) {
                differing.push(name.clone());
            }
        }
    }
    Ok(Recorded { commit, dirty, differing })
}

/// The bytes without carriage returns, which a git filter may add.
fn plain(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| *byte != b'\r').collect()
}

/// Lock files of other workspaces in the repository, with the members that they list at another version.
fn locks(observed: &Observed) -> Result<Vec<(RepoPath, Vec<String>)>> {
    let own = observed.snapshot.workspace.dir.join("Cargo.lock");
    let git = Git::at(observed.place.root());
    let mut stale = Vec::new();
    for path in git.files(&observed.snapshot.repository.head)? {
        if path == own || !(path.as_str() == "Cargo.lock" || path.as_str().ends_with("/Cargo.lock")) {
            continue;
        }
        let Some(text) = files::read_text(&observed.place.checkout().on_disk(&path))? else { continue };
        let members = observed.snapshot.workspace.packages.iter().map(|package| (&package.name, &package.version));
        let behind = lock::behind(&text, members);
        if !behind.is_empty() {
            stale.push((path, behind));
        }
    }
    Ok(stale)
}
