//! The terminal: whether there is one, and what is typed at it.

use std::io::BufRead as _;
use std::io::IsTerminal as _;
use std::sync::mpsc;
use std::time::Duration;

use anstream::ColorChoice;

use super::interrupt;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;

/// How long we go on without hearing whether we should stop.
const ATTENTION: Duration = Duration::from_millis(50);

/// Whether a person watches stderr.
pub(crate) fn is_interactive() -> bool {
    std::io::stderr().is_terminal()
}

/// Whether there is a terminal that Ctrl-C comes from.
pub(crate) fn is_there() -> bool {
    std::io::stdin().is_terminal() || is_interactive()
}

/// Whether a person can be asked: types at stdin, and watches stderr.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && is_interactive()
}

/// Whether a person reads stdout, and can turn pages.
pub(crate) fn can_page() -> bool {
    std::io::stdout().is_terminal() && can_ask() && std::env::var_os("TERM").is_some_and(|term| term != "dumb")
}

/// Whether links can be followed in the terminal on stdout (OSC 8).
pub(crate) fn stdout_has_links() -> bool {
    supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
}

/// How many columns the terminal on stdout has, where there is one.
pub(crate) fn stdout_columns() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// How many rows the terminal on stdout has, where there is one.
pub(crate) fn stdout_rows() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(_, height)| usize::from(height.0))
}

/// How many columns the terminal on stderr has, where there is one.
pub(crate) fn stderr_columns() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| usize::from(width.0))
}

/// Whether somebody can answer a question: types at stdin, or has put an answer there already.
pub(crate) fn can_answer() -> bool {
    std::io::stdin().is_terminal() || has_input()
}

/// Whether there is anything to be read from stdin now; nothing where it has ended.
#[cfg(unix)]
fn has_input() -> bool {
    use std::os::fd::AsFd as _;

    use nix::poll::PollFd;
    use nix::poll::PollFlags;
    use nix::poll::PollTimeout;
    let stdin = std::io::stdin();
    let mut asked = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
    let is_ready = nix::poll::poll(&mut asked, PollTimeout::ZERO).is_ok_and(|ready| ready > 0);
    is_ready && stdin.lock().fill_buf().is_ok_and(|waiting| !waiting.is_empty())
}

#[cfg(not(unix))]
fn has_input() -> bool {
    true
}

/// Reads one line from stdin, without its ending; none at the end of input. After an interruption nothing is read.
///
/// # Errors
/// Stdin cannot be read, or we were asked to stop.
pub(crate) fn line() -> Result<Option<String>> {
    interrupt::stop_if_asked()?;
    let (typed, hear) = mpsc::channel();
    // It cannot be called off: where we stop, it goes with the process.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        typed.send(read.map(|read| (read > 0).then_some(line)))
    });
    loop {
        match hear.recv_timeout(ATTENTION) {
            // What was typed beside an interruption is no answer.
            _ if interrupt::asked() => return Err(interrupt::stopped()),
            Ok(read) => {
                let line = read.or_world(|| "cannot read the answer".into())?;
                return Ok(line.map(|line| line.trim_end_matches(['\n', '\r']).to_owned()));
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err(Failure::bug("the thread that reads is gone")),
        }
    }
}

/// Colours as cargo's `CARGO_TERM_COLOR` says; by the terminal and `NO_COLOR` where it says nothing.
pub(crate) fn colours_by_environment() -> ColorChoice {
    match std::env::var("CARGO_TERM_COLOR").as_deref() {
        Ok("always") => ColorChoice::Always,
        Ok("never") => ColorChoice::Never,
        Ok(_) | Err(_) => ColorChoice::Auto,
    }
}

/// Reads one line from stdin: whether it says yes. The end of input is a no.
///
/// # Errors
/// As [`line()`].
pub(crate) fn yes() -> Result<bool> {
    let line = line()?.unwrap_or_default();
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}
