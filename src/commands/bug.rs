//! Bugs in this program. A panic becomes a failure with its location, and every bug tells what to attach to a report: a
//! user in the middle of a release needs more than a backtrace.

use std::backtrace::Backtrace;
use std::backtrace::BacktraceStatus;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::error::Failure;
use crate::tools::git::read::Checkout;
use crate::tools::system::environment::Environment;

/// The message and location of the last panic.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Installs a panic hook that stores panics for [`of_panic`], and prints them only if `RUST_BACKTRACE` is set.
pub(crate) fn keep_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload_as_str().unwrap_or("without a message");
        let place = panic.location().map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = Some(format!("{said}{place}"));
        if Backtrace::capture().status() == BacktraceStatus::Captured {
            print(panic);
        }
    }));
}

/// A failure for the panic that ended the program.
pub(crate) fn of_panic() -> Failure {
    let said = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take();
    Failure::bug(format!("internal error: {}", said.as_deref().unwrap_or("unknown")))
}

/// Adds a hint to attach the journal, if there may be one. `near` is the value of `--manifest-path`.
pub(crate) fn with_journal(failure: Failure, near: Option<&Path>) -> Failure {
    let Some(dir) = journals(near) else { return failure };
    let dir = dir.display();
    failure
        .help("run `cargo release status` to see whether a release is unfinished")
        .help(format!("attach the journal to your report: `journal.jsonl` or else `last.jsonl` in `{dir}`"))
}

fn journals(near: Option<&Path>) -> Option<PathBuf> {
    let here = Environment::of_process().ok()?.directory().to_owned();
    let near = near.and_then(Path::parent).map_or_else(|| here.clone(), |dir| here.join(dir));
    let dir = Checkout::discover(&near).ok()?.common_dir().join("cargo-release");
    dir.is_dir().then_some(dir)
}
