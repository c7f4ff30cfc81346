//! The terminal: whether there is one, and what is typed at it.

use std::io::BufRead as _;
use std::io::IsTerminal as _;

use anstream::ColorChoice;

use crate::error::OrFail as _;
use crate::error::Result;

/// Whether a person watches stderr.
pub fn is_interactive() -> bool {
    std::io::stderr().is_terminal()
}

/// Whether a person can be asked: types at stdin, and watches stderr.
pub fn can_ask() -> bool {
    std::io::stdin().is_terminal() && is_interactive()
}

/// Reads one line from stdin, without its ending; none at the end of input.
///
/// # Errors
/// Stdin cannot be read.
pub fn line() -> Result<Option<String>> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line).or_world(|| "cannot read the answer".into())?;
    Ok((read > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Colours as cargo's `CARGO_TERM_COLOR` says; by the terminal and `NO_COLOR` where it says nothing.
pub fn colours_by_environment() -> ColorChoice {
    match std::env::var("CARGO_TERM_COLOR").as_deref() {
        Ok("always") => ColorChoice::Always,
        Ok("never") => ColorChoice::Never,
        Ok(_) | Err(_) => ColorChoice::Auto,
    }
}

/// Reads one line from stdin: whether it says yes. The end of input is a no.
///
/// # Errors
/// Stdin cannot be read.
pub fn yes() -> Result<bool> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).or_world(|| "cannot read the answer".into())?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}
