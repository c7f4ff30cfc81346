//! `cargo release doctor`: information for a bug report. It succeeds even if everything else fails.

use crate::cli::ConfigArgs;
use crate::cli::Format;
use crate::cli::OutputArgs;
use crate::commands::session;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal::Journal;
use crate::observe;
use crate::observe::Located;
use crate::report;
use crate::snapshot::Section;

/// Prints the diagnosis.
pub(crate) fn doctor(session: &Session<'_>, args: OutputArgs) -> Result<()> {
    let place = session.locate();
    let flags = ConfigArgs::default();
    let configure = |place: &Located| session.configuration(place, &flags);
    let mut diagnosis = observe::diagnose(&session.environment, &place, &configure);
    diagnosis.sections.extend(place.ok().map(|place| release(&place)));
    let out = &mut session.terminal.stdout();
    match args.format {
        Format::Human => report::doctor(out, &diagnosis),
        Format::Json => report::pretty(out, &diagnosis),
    }
    .or_world(unwritten)
}

/// The state of the last release in this workspace.
fn release(place: &Located) -> Section {
    let room = session::room(place);
    let mut section = Section::new("release");
    section.add("directory", room.dir().display().to_string());
    let is_open = Journal::is_open(&room).unwrap_or(false);
    match Journal::latest(&room) {
        Ok(None) => section.add("journal", "none"),
        Ok(Some(journal)) => {
            let state = if is_open { "unfinished" } else { "ended" };
            section.add("plan", format!("{} ({state})", journal.plan().id));
            section.add("made by", journal.opening().program.clone());
            let path = if is_open { room.journal() } else { room.last_journal() };
            section.add("journal", path.display().to_string());
        }
        Err(failure) => section.add("journal", failure.to_string()),
    }
    section
}
