//! `cargo release note` and `cargo release check --notes`. Which packages need a note is decided in `plan`.

use std::io::Write as _;

use crate::cli::CheckArgs;
use crate::cli::CheckFormat;
use crate::cli::NoteArgs;
use crate::commands::check;
use crate::commands::session::Observed;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::level::Level;
use crate::names::PackageName;
use crate::phrase;
use crate::plan;
use crate::plan::DraftedFile;
use crate::plan::Finding;
use crate::plan::NewNote;
use crate::plan::NoteChoice;
use crate::plan::NoteFile;
use crate::plan::Range;
use crate::report;
use crate::tools::git::cli::Git;
use crate::tools::system::clock;
use crate::tools::system::editor;
use crate::tools::system::files;
use crate::tools::system::terminal;

/// The name of the file that opens in the editor.
const BUFFER: &str = "CHANGE_NOTE.md";

/// `cargo release check --notes`: reports packages that changed and have no note.
pub(crate) fn check(session: &Session<'_>, args: &CheckArgs) -> Result<()> {
    let request = args.ask.request(clock::today(&session.environment))?;
    let observed = session.know(request, &args.ask.config, &Scope::default())?;
    let git = Git::at(observed.place.root());
    let since = |revision: &String| -> Result<Range> {
        let paths = git.changed_since(revision)?.into_iter().collect();
        Ok(Range { commits: git.commits_since(revision)?, paths })
    };
    let range = args.since.as_ref().map(since).transpose()?;
    let found = plan::check_notes(&observed.snapshot, &observed.config, &observed.request, range.as_ref())?;
    let found = check::levels(&observed.config.workspace.check, &args.levels)?.apply(found);
    let mut out = session.terminal.stdout();
    match args.output.format {
        CheckFormat::Json => report::pretty(&mut out, &found),
        CheckFormat::Github => report::github(&mut out, &found),
        CheckFormat::Sarif => report::sarif(&mut out, &found),
        CheckFormat::Junit => report::junit(&mut out, &[], &found),
        CheckFormat::Human if found.is_empty() => writeln!(out, "every changed package has a change note"),
        CheckFormat::Human => report::findings(&mut out, &found),
    }
    .and_then(|()| out.flush())
    .or_world(unwritten)?;
    unblocked(&found)
}

fn unblocked(found: &[Finding]) -> Result<()> {
    let errors = found.iter().filter(|finding| finding.is_error()).count();
    if errors == 0 {
        return Ok(());
    }
    Err(Failure::blocked(format!("{} in the change notes", phrase::count(errors, "error"))))
}

/// `cargo release note`: writes one.
pub(crate) fn note(session: &Session<'_>, args: &NoteArgs) -> Result<()> {
    let observed =
        session.know(args.request(clock::today(&session.environment)), &args.configuration(), &Scope::default())?;
    let choices = plan::note_choices(&observed.snapshot, &observed.config, &observed.request)?;
    let asking = NotePrompts { session, choices: &choices };
    if !terminal::can_ask() {
        asking.refuse(args)?;
    }
    let packages = asking.packages(args)?;
    // Reports an unknown name before the user writes a text for it.
    let names: Vec<PackageName> = packages.iter().map(|(name, _)| name.clone()).collect();
    plan::can_be_noted(&observed.snapshot, &observed.config, &names)?;
    let packages = asking.levels(packages, args)?;
    let text = match &args.message {
        Some(text) => text.clone(),
        None => asking.text()?,
    };
    let new = NewNote { packages, text, name: args.name.clone() };
    let written = write(&observed, &plan::new_note(&observed.snapshot, &observed.config, &observed.request, &new)?)?;
    let mut out = session.terminal.stdout();
    report::difference(&mut out, &written).and_then(|()| out.flush()).or_world(unwritten)?;
    report::note_written(&mut session.terminal.notes(), &written.path).or_world(unwritten)
}

/// Writes the note to the first free file name.
fn write(observed: &Observed, file: &NoteFile) -> Result<DraftedFile> {
    let checkout = observed.place.checkout();
    for path in file.places() {
        if files::make(&checkout.on_disk(&path), file.text.as_bytes())? {
            return Ok(DraftedFile { path, before: String::new(), after: file.text.clone() });
        }
    }
    Err(Failure::world(format!("all names like `{}` are taken", file.stem)))
}

/// The questions at the terminal.
struct NotePrompts<'a> {
    session: &'a Session<'a>,
    choices: &'a [NoteChoice],
}

impl NotePrompts<'_> {
    /// Fails if an argument is missing and there is no terminal to ask.
    fn refuse(&self, args: &NoteArgs) -> Result<()> {
        let leveled = args.level.is_some() || args.package.iter().all(|(_, level)| level.is_some());
        let missing: Vec<&str> = [
            args.package.is_empty().then_some("`-p NAME`"),
            (!leveled || (args.package.is_empty() && args.level.is_none())).then_some("`--level LEVEL`"),
            args.message.is_none().then_some("`--message TEXT`"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let example = self.choices.first().map_or("NAME", |choice| choice.name.as_str());
        Err(Failure::unplannable(format!("a note needs {} without a terminal", missing.join(" and ")))
            .because("there is no terminal")
            .help(format!(
                "pass everything: `cargo release note -p {example} --level feature -m \"What changes for users.\"`"
            )))
    }

    /// The packages, with the levels given as `NAME@LEVEL`.
    fn packages(&self, args: &NoteArgs) -> Result<Vec<(PackageName, Option<Level>)>> {
        if !args.package.is_empty() {
            return Ok(args.package.clone());
        }
        report::note_choices(&mut self.session.terminal.stderr(), self.choices).or_world(unwritten)?;
        let suggested = report::suggested(self.choices);
        loop {
            let answer = self.answer(&report::ask_packages(&suggested))?;
            match report::read_packages(&answer, self.choices, &suggested) {
                Ok(names) => return Ok(names.into_iter().map(|name| (name, None)).collect()),
                Err(why) => self.say(&why)?,
            }
        }
    }

    /// The level of each package.
    fn levels(
        &self,
        packages: Vec<(PackageName, Option<Level>)>,
        args: &NoteArgs,
    ) -> Result<Vec<(PackageName, Level)>> {
        let all = packages.into_iter().map(|(name, own)| {
            let level = own.or(args.level).map_or_else(|| self.level(&name), Ok)?;
            Ok((name, level))
        });
        all.collect()
    }

    fn level(&self, name: &PackageName) -> Result<Level> {
        let observed = self.choices.iter().find(|choice| choice.name == *name);
        let suggested = observed.map_or(Level::Patch, |choice| choice.level);
        loop {
            let answer = self.answer(&report::ask_level(name, suggested))?;
            match report::read_level(&answer, suggested) {
                Ok(level) => return Ok(level),
                Err(why) => self.say(&why)?,
            }
        }
    }

    /// One line, or what comes of the editor.
    fn text(&self) -> Result<String> {
        let line = self.answer(&report::ask_text())?;
        if !line.trim().is_empty() {
            return Ok(line);
        }
        let edited = editor::edit(&self.session.environment, BUFFER, &report::note_instructions())?;
        report::read_note(&edited)
    }

    fn answer(&self, question: &str) -> Result<String> {
        let mut out = self.session.terminal.stderr();
        out.write_all(question.as_bytes()).and_then(|()| out.flush()).or_world(unwritten)?;
        terminal::line()?.ok_or_else(|| Failure::blocked("no answer; nothing was written"))
    }

    fn say(&self, what: &str) -> Result<()> {
        writeln!(self.session.terminal.stderr(), "{what}").or_world(unwritten)
    }
}
