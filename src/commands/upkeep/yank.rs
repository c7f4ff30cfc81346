//! `cargo release yank`: one version, or all of a release, dependents first. Run again, it goes on where it stopped.

use semver::Version;

use crate::apply;
use crate::apply::Yanked;
use crate::cli::Format;
use crate::cli::YankArgs;
use crate::commands::carry_out;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::TagName;
use crate::plan;
use crate::plan::Yank;
use crate::plan::YankRequest;
use crate::report;
use crate::report::YankLine;
use crate::tools::system::clock;

/// Shows which versions are yanked; with `-x` yanks them.
pub(crate) fn run(session: &Session<'_>, args: &YankArgs) -> Result<()> {
    let request = args.step.request(clock::today(&session.environment));
    let asked = asked(args)?;
    let known = session.know(request, &args.step.config, &Scope::default())?;
    carry_out::refuse_while_open(&known.place)?;
    let targets = plan::yanks(&known.snapshot, &known.config, &known.request, &asked)?;
    let mut lines: Vec<YankLine> = targets.into_iter().map(|(target, is_so)| YankLine::new(target, is_so)).collect();
    let is_due = lines.iter().any(|line| !line.is_done());
    let format = args.step.output.format;
    if !args.step.execute.execute || !is_due {
        show(session, &lines, format, asked.undo)?;
        return if is_due && format == Format::Human {
            report::only_shown(&mut session.terminal.notes()).or_world(unwritten)
        } else {
            Ok(())
        };
    }
    report::yanks(&mut session.terminal.stderr(), &lines, asked.undo).or_world(unwritten)?;
    let question = if asked.undo { "Unyank these versions?" } else { "Yank these versions?" };
    session.agree(question, args.step.execute.no_confirm)?;
    let world = session.world(known.place);
    for line in &mut lines {
        line.outcome = Some(apply::yank(&world, &line.target)?);
        report::yank_done(&mut session.terminal.notes(), line).or_world(unwritten)?;
    }
    if format == Format::Json {
        report::pretty(&mut session.terminal.stdout(), &lines).or_world(unwritten)?;
    }
    all_shown(&lines)
}

/// A yank that the index does not show yet is not known to be one.
fn all_shown(lines: &[YankLine]) -> Result<()> {
    let open = lines.iter().filter(|line| line.outcome == Some(Yanked::Taken)).count();
    if open == 0 {
        return Ok(());
    }
    Err(Failure::interrupted(format!("the index does not show {open} of them yet"))
        .because("the registry accepted the requests")
        .help("run the same command again later to check"))
}

fn show(session: &Session<'_>, lines: &[YankLine], format: Format, undo: bool) -> Result<()> {
    let mut out = session.terminal.stdout();
    match format {
        Format::Json => report::pretty(&mut out, &lines),
        Format::Human => report::yanks(&mut out, lines, undo),
    }
    .or_world(unwritten)
}

fn asked(args: &YankArgs) -> Result<YankRequest> {
    let versions = args.versions.iter().map(|text| version(text)).collect::<Result<_>>()?;
    Ok(YankRequest { versions, release: args.release.as_deref().map(TagName::from), undo: args.undo })
}

fn version(text: &str) -> Result<(Option<PackageName>, Version)> {
    let (name, version) = match text.split_once('@') {
        Some((name, version)) => (Some(PackageName::from(name)), version),
        None => (None, text),
    };
    let version = Version::parse(version)
        .or_unplannable(|| format!("`{version}` is not a version"))
        .map_err(|failure| failure.help("write `cargo release yank 1.2.0`, or `core@1.2.0` for one package"))?;
    Ok((name, version))
}

impl YankLine {
    fn new(target: Yank, is_so: bool) -> Self {
        Self { target, outcome: is_so.then_some(Yanked::Already) }
    }
}
