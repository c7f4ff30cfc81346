//! Failures: the error, its causes, and what to do.

use std::io;
use std::io::Write;
use std::time::Duration;

use anstyle::Style;

use crate::error::Failure;
use crate::error::Kind;
use crate::report::screen::style;
use crate::report::screen::text;

/// Writes a failure: `error: …`, its causes and its help. On a terminal, lines are broken between words to fit its columns.
///
/// # Errors
/// The stream does not take it.
pub(crate) fn failure(out: &mut dyn Write, failure: &Failure, columns: Option<usize>) -> io::Result<()> {
    let mut lines = |style: Option<Style>, label: &str, text: &str| lines(out, (style, label), text, columns);
    lines(Some(style::ERROR), "error:", failure.what())?;
    for why in failure.why() {
        lines(None, "  caused by:", &why)?;
    }
    for help in failure.helps() {
        lines(Some(style::HELP), "help:", help)?;
    }
    match failure.kind() {
        Kind::Bug => {
            let words = "this is a bug in cargo-release; please report it with the lines above and the output of \
                         `cargo release doctor`";
            lines(Some(style::NOTE), "note:", words)
        }
        Kind::Blocked | Kind::Unplannable | Kind::Interrupted | Kind::World => Ok(()),
    }
}

/// Writes a failure as one line of JSON, in the form of an event.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn failure_json(out: &mut dyn Write, failure: &Failure) -> io::Result<()> {
    let kind = match failure.kind() {
        Kind::Blocked => "blocked",
        Kind::Unplannable => "unplannable",
        Kind::Interrupted => "interrupted",
        Kind::World => "world",
        Kind::Bug => "bug",
    };
    let line = serde_json::json!({
        "event": "error",
        "kind": kind,
        "exit_code": failure.kind().exit_code(),
        "message": failure.what(),
        "causes": failure.why(),
        "help": failure.helps(),
    });
    writeln!(out, "{line}")
}

/// Writes that a server is rate-limiting, and when the next try is.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn later(out: &mut dyn Write, host: &str, wait: Duration) -> io::Result<()> {
    let seconds = wait.as_millis().div_ceil(1000);
    let words = format!("{} is rate-limiting; retrying in {seconds} s", text::clean(host));
    writeln!(out, "{} {words}", style::paint(style::NOTE, "note:"))
}

/// A label with a text; further lines of the text, which are quoted from programs, are indented below it as they are.
fn lines(
    out: &mut dyn Write,
    (style, label): (Option<Style>, &str),
    text: &str,
    columns: Option<usize>,
) -> io::Result<()> {
    let mut lines = text.trim_end().lines().map(text::clean);
    let first = lines.next().unwrap_or_default();
    let hanging = " ".repeat(text::width(label) + 1);
    let first = match columns {
        Some(columns) => text::wrap(&first, columns.saturating_sub(hanging.len())),
        None => vec![first],
    };
    let label = style.map_or_else(|| label.to_owned(), |style| style::paint(style, label));
    writeln!(out, "{label} {}", first.join(&format!("\n{hanging}")))?;
    lines.try_for_each(|line| if line.is_empty() { writeln!(out) } else { writeln!(out, "    {line}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &Failure) -> String {
        let mut out = Vec::new();
        failure(&mut out, value, None).unwrap();
        String::from_utf8(out).unwrap()
    }

    // What, each cause with all its lines, then what to do.
    #[test]
    fn says_what_why_and_what_to_do() {
        let cause = anyhow::Error::new(io::Error::other("connection reset")).context("the remote hung up");
        let value = Failure::world("`git push` ended with status 1")
            .because("! [rejected] main -> main\n  (protected branch)\n")
            .caused_by(cause)
            .help("let the branch take pushes, then run `cargo release resume`")
            .help("or take everything back with `cargo release abort`");
        snapbox::assert_data_eq!(
            anstream::adapter::strip_str(&shown(&value)).to_string(),
            snapbox::str![[r#"
error: `git push` ended with status 1
  caused by: ! [rejected] main -> main
      (protected branch)
  caused by: the remote hung up
  caused by: connection reset
help: let the branch take pushes, then run `cargo release resume`
help: or take everything back with `cargo release abort`

"#]]
        );
    }

    // Programs that asked for JSON get a failure as JSON, too.
    #[test]
    fn a_failure_as_json() {
        let mut out = Vec::new();
        failure_json(&mut out, &Failure::unplannable("no level").because("it is `x`").help("say `minor`")).unwrap();
        let said: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((&said["event"], &said["exit_code"]), (&"error".into(), &2.into()));
        assert_eq!((&said["causes"][0], &said["help"][0]), (&"it is `x`".into(), &"say `minor`".into()));
    }

    // A bug asks to be reported.
    #[test]
    fn a_bug_asks_to_be_reported() {
        snapbox::assert_data_eq!(
            anstream::adapter::strip_str(&shown(&Failure::bug("a step needs itself"))).to_string(),
            snapbox::str![[r#"
error: a step needs itself
note: this is a bug in cargo-release; please report it with the lines above and the output of `cargo release doctor`

"#]]
        );
    }

    // The colours are cargo's: `error:` in bold red.
    #[test]
    fn error_is_bold_red() {
        assert!(shown(&Failure::bug("x")).starts_with("\u{1b}[1m\u{1b}[91merror:\u{1b}[0m x\n"));
    }
}
