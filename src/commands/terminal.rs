//! The terminal: the streams with their width and colours, who is told and asked, and how it ends.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::AutoStream;
use anstream::ColorChoice;

use super::bug;
use super::session::unwritten;
use crate::apply::Asking;
use crate::apply::Event;
use crate::apply::Ui;
use crate::cli::Cli;
use crate::cli::Color;
use crate::cli::FailureForm;
use crate::error::Kind;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::report;
use crate::report::Page;
use crate::report::Progress;
use crate::report::Screen;
use crate::report::USUAL_COLUMNS;
use crate::tools::cargo::run;
use crate::tools::system::broken_pipe::Lenient;
use crate::tools::system::environment::Environment;
use crate::tools::system::pager;
use crate::tools::system::terminal;

/// The streams, with the colours that were asked for.
pub(crate) struct Terminal {
    colours: ColorChoice,
    quiet: bool,
    verbose: bool,
    manifest: Option<PathBuf>,
    failures: FailureForm,
}

impl Terminal {
    /// As the flags say; `CARGO_TERM_COLOR` and `NO_COLOR` where they say nothing.
    pub(crate) fn of(cli: &Cli) -> Self {
        let colours = match cli.global.color {
            Some(Color::Always) => ColorChoice::Always,
            Some(Color::Never) => ColorChoice::Never,
            Some(Color::Auto) => ColorChoice::Auto,
            None => terminal::colours_by_environment(),
        };
        colours.write_global();
        Self {
            colours,
            quiet: cli.global.quiet > cli.global.verbose,
            verbose: cli.global.verbose > cli.global.quiet,
            manifest: cli.global.manifest_path.clone(),
            failures: cli.failure_form(),
        }
    }

    /// Where results go.
    pub(crate) fn stdout(&self) -> Page<impl Write> {
        let columns = terminal::stdout_columns().unwrap_or(USUAL_COLUMNS);
        let has_links = terminal::stdout_has_links();
        Page::new(Lenient(AutoStream::new(std::io::stdout(), self.colours)), columns).with_links(has_links)
    }

    /// Where words go.
    pub(crate) fn stderr(&self) -> Page<impl Write> {
        let columns = terminal::stderr_columns().unwrap_or(USUAL_COLUMNS);
        Page::new(Lenient(AutoStream::new(std::io::stderr(), self.colours)), columns)
    }

    /// Shows a result that may be longer than the screen: where a terminal is, in the user's pager.
    pub(crate) fn show(
        &self,
        environment: &Environment,
        write: impl FnOnce(&mut dyn Screen) -> std::io::Result<()>,
    ) -> Result<()> {
        let Some(columns) = terminal::stdout_columns().filter(|_| terminal::can_page()) else {
            let mut out = self.stdout();
            return write(&mut out).and_then(|()| out.flush()).or_world(unwritten);
        };
        let mut page = Page::new(Vec::new(), columns);
        write(&mut page).or_world(unwritten)?;
        let bytes = page.into_inner();
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if AutoStream::new(std::io::stdout(), self.colours).current_choice() == ColorChoice::Never {
            text = anstream::adapter::strip_str(&text).to_string();
        }
        let fits = terminal::stdout_rows().is_some_and(|rows| text.lines().count() < rows);
        if !fits && pager::page(environment, &text).or_world(unwritten)? {
            return Ok(());
        }
        let mut out = self.stdout();
        out.write_all(bytes.as_slice()).and_then(|()| out.flush()).or_world(unwritten)
    }

    /// Whether only results and errors are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The manifest that was named.
    pub(crate) fn manifest(&self) -> Option<PathBuf> {
        self.manifest.clone()
    }

    /// Whether all is wanted that can be said.
    pub(crate) fn verbose(&self) -> bool {
        self.verbose
    }

    /// Says how it ended.
    pub(crate) fn end(&self, ended: Result<()>) -> ExitCode {
        let Err(mut failure) = ended else { return ExitCode::SUCCESS };
        if failure.kind() == Kind::Bug {
            failure = bug::with_journal(failure, self.manifest.as_deref());
        }
        // A stream that is gone cannot be told so; the exit code still says how it ended.
        drop(match self.failures {
            FailureForm::Words => report::failure(&mut self.stderr(), &failure),
            FailureForm::Json => report::failure_json(&mut self.stderr(), &failure),
            FailureForm::Event => report::failure_json(&mut self.stdout(), &failure),
        });
        ExitCode::from(failure.kind().exit_code())
    }
}

/// Tells progress, and asks at the terminal.
pub(crate) struct Listener<'a> {
    progress: Progress<Box<dyn Write + 'a>>,
    terminal: &'a Terminal,
    no_confirm: bool,
}

impl<'a> Listener<'a> {
    /// Tells what this progress shows, and asks unless the answer is yes.
    pub(crate) fn new(progress: Progress<Box<dyn Write + 'a>>, terminal: &'a Terminal, no_confirm: bool) -> Self {
        Self { progress, terminal, no_confirm }
    }
}

impl Ui for Listener<'_> {
    fn tell(&mut self, event: &Event) -> Result<()> {
        self.progress.tell(event).or_world(unwritten)
    }

    fn ask(&mut self, asking: &Asking<'_>) -> Result<bool> {
        if self.no_confirm {
            return Ok(true);
        }
        let size = report::bytes(asking.verified.iter().map(|known| known.size).sum());
        let archives = match asking.verified.len() {
            0 => None,
            1 => Some(format!("verified 1 package, {size} packed")),
            count => Some(format!("verified {count} packages, {size} packed")),
        };
        let hooks = asking.changed_by_hooks.iter().map(|path| format!("changed by a hook: {path}"));
        let found = asking.found.iter().map(|finding| format!("{}: {}", finding.code, finding.message));
        let learnt: Vec<String> = archives.into_iter().chain(found).chain(hooks).collect();
        let mut out = self.terminal.stderr();
        report::ask(&mut out, asking.plan, &learnt).and_then(|()| out.flush()).or_world(unwritten)?;
        let answer = terminal::yes()?;
        if !terminal::is_interactive() {
            // Nobody has ended the line.
            writeln!(out).or_world(unwritten)?;
        }
        Ok(answer)
    }
}

/// Says what clap has to say: help, the version, or what is wrong with the flags.
pub(crate) fn usage(said: &clap::Error) -> ExitCode {
    drop(said.print());
    if said.kind() == clap::error::ErrorKind::DisplayVersion
        && let Ok(environment) = Environment::of_process()
        && let Ok(cargo) = run::version(&environment)
    {
        drop(writeln!(Lenient(anstream::stdout()), "{cargo}"));
    }
    ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(2))
}
