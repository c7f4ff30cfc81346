//! The pager of the user: long results are read in it, as git's are.

#![expect(clippy::disallowed_methods, reason = "here programs are started")]

use std::io;
use std::io::Write as _;
use std::process::Command;
use std::process::Stdio;

use super::environment::Environment;

/// What is used where `$PAGER` says nothing.
const USUAL: &str = "less";
/// What `less` does where `$LESS` says nothing: ends where everything fits, shows colours, leaves the text on the screen.
const LESS: &str = "FRX";

/// Shows a text in the pager, and waits for its end. False where there is none, or it does not start: nothing was shown.
///
/// # Errors
/// The pager started and could not be waited for.
pub(crate) fn page(environment: &Environment, text: &str) -> io::Result<bool> {
    let command = environment.get("PAGER").and_then(|value| value.to_str()).unwrap_or(USUAL).trim();
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or("cat");
    if program == "cat" {
        return Ok(false);
    }
    let mut starting = Command::new(program);
    starting.args(words).stdin(Stdio::piped());
    if environment.get("LESS").is_none() {
        starting.env("LESS", LESS);
    }
    let Ok(mut child) = starting.spawn() else { return Ok(false) };
    if let Some(mut stdin) = child.stdin.take() {
        // Whoever leaves the pager before the end has seen enough.
        drop(stdin.write_all(text.as_bytes()));
    }
    child.wait().map(|_ended| true)
}
