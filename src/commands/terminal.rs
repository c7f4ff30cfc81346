//! The terminal: output streams, prompts, and the exit code.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::AutoStream;
use anstream::ColorChoice;

use super::bug;
use super::session::unwritten;
use crate::apply::Event;
use crate::apply::Prompt;
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

/// The output streams, with the width and colors of the terminal.
pub(crate) struct Terminal {
    colours: ColorChoice,
    quiet: bool,
    verbose: bool,
    manifest: Option<PathBuf>,
    failures: FailureForm,
}

impl Terminal {
    /// Reads the flags; without `--color`, `CARGO_TERM_COLOR` and `NO_COLOR` decide.
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

    /// The stream for results.
    pub(crate) fn stdout(&self) -> Page<impl Write> {
        let columns = terminal::stdout_columns().unwrap_or(USUAL_COLUMNS);
        let has_links = terminal::stdout_has_links();
        Page::new(Lenient(AutoStream::new(std::io::stdout(), self.colours)), columns).with_links(has_links)
    }

    /// The stream for prompts and errors.
    pub(crate) fn stderr(&self) -> Page<impl Write> {
        let columns = terminal::stderr_columns().unwrap_or(USUAL_COLUMNS);
        Page::new(Lenient(AutoStream::new(std::io::stderr(), self.colours)), columns)
    }

    /// The stream for status lines and notes, which `--quiet` turns off as it does in cargo.
    pub(crate) fn notes(&self) -> Page<Box<dyn Write>> {
        let columns = terminal::stderr_columns().unwrap_or(USUAL_COLUMNS);
        let out: Box<dyn Write> = match self.quiet {
            true => Box::new(std::io::sink()),
            false => Box::new(Lenient(AutoStream::new(std::io::stderr(), self.colours))),
        };
        Page::new(out, columns)
    }

    /// Shows a result; on a terminal that it does not fit, in the user's pager.
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

    /// Whether `--quiet` was given.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The value of `--manifest-path`.
    pub(crate) fn manifest(&self) -> Option<PathBuf> {
        self.manifest.clone()
    }

    /// Whether `--verbose` was given.
    pub(crate) fn verbose(&self) -> bool {
        self.verbose
    }

    /// Prints a failure and returns the exit code.
    pub(crate) fn end(&self, ended: Result<()>) -> ExitCode {
        let Err(mut failure) = ended else { return ExitCode::SUCCESS };
        if failure.kind() == Kind::Bug {
            failure = bug::with_journal(failure, self.manifest.as_deref());
        }
        // An error on stderr cannot be reported anywhere; the exit code still tells how it ended.
        drop(match self.failures {
            FailureForm::Words => report::failure(&mut self.stderr(), &failure, terminal::stderr_columns()),
            FailureForm::Json => report::failure_json(&mut self.stderr(), &failure),
            FailureForm::Event => report::failure_json(&mut self.stdout(), &failure),
        });
        ExitCode::from(failure.kind().exit_code())
    }
}

/// Shows progress and asks for confirmation.
pub(crate) struct TerminalUi<'a> {
    progress: Progress<Box<dyn Write + 'a>>,
    terminal: &'a Terminal,
    no_confirm: bool,
}

impl<'a> TerminalUi<'a> {
    /// A listener that asks unless `no_confirm` is set.
    pub(crate) fn new(progress: Progress<Box<dyn Write + 'a>>, terminal: &'a Terminal, no_confirm: bool) -> Self {
        Self { progress, terminal, no_confirm }
    }
}

impl Drop for TerminalUi<'_> {
    fn drop(&mut self) {
        // A terminal that is gone has nothing to be tidied.
        self.progress.end().unwrap_or(());
    }
}

impl Ui for TerminalUi<'_> {
    fn tell(&mut self, event: &Event) -> Result<()> {
        self.progress.tell(event).or_world(unwritten)
    }

    fn ask(&mut self, asking: &Prompt<'_>) -> Result<bool> {
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
        let lines: Vec<String> = archives.into_iter().chain(hooks).collect();
        let learnt = report::Learnt { lines: &lines, findings: &asking.found };
        self.progress.pause();
        let mut out = self.terminal.stderr();
        report::ask(&mut out, asking.plan, &learnt).and_then(|()| out.flush()).or_world(unwritten)?;
        let answer = terminal::yes();
        if answer.is_err() || !terminal::is_interactive() {
            // No Enter key has ended the line of the prompt.
            writeln!(out).or_world(unwritten)?;
        }
        answer
    }
}

/// Prints clap's help, version or usage error, and returns its exit code.
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
