//! The summary of a rehearsal: what would be published, in which order, and how long each phase took.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::unwritten;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::RegistryName;
use crate::registry::Published;

/// A phase of a release, such as `verify`, and how long it took.
pub(crate) type Phase = (&'static str, Duration);

/// The result of a rehearsal.
pub(crate) struct Ending<'a> {
    /// The uploads in order, each with the registry it was meant for.
    pub(crate) live: Vec<(RegistryName, Published)>,
    pub(crate) prepared: Duration,
    pub(crate) whole: Duration,
    pub(crate) phases: Vec<Phase>,
    /// The directory that is kept.
    pub(crate) kept: Option<&'a Path>,
}

impl Ending<'_> {
    /// Writes it as text or as one line of JSON.
    pub(crate) fn tell(&self, as_json: bool, out: &mut dyn Write) -> Result<()> {
        let said = if as_json { self.json() } else { self.words() };
        out.write_all(said.as_bytes()).and_then(|()| out.flush()).or_world(unwritten)
    }

    fn words(&self) -> String {
        let style = anstyle::Style::new().bold();
        let mut said = format!("\n{style}A release would publish, in this order{style:#}\n");
        for (meant, one) in &self.live {
            let registry = meant.shown();
            said.push_str(&format!("  {} {} to {registry}, sha256 {}\n", one.name, one.version, one.checksum));
        }
        if self.live.is_empty() {
            said.push_str("  nothing\n");
        }
        let known: Duration = self.phases.iter().map(|(_, took)| *took).sum();
        let planned = self.whole.saturating_sub(self.prepared).saturating_sub(known);
        let phases: String = self.phases.iter().map(|(what, took)| format!(", {} to {what}", seconds(*took))).collect();
        let (whole, prepared) = (seconds(self.whole), seconds(self.prepared));
        // The journal of a failed release is gone, and with it the duration of its phases.
        let rest = if self.phases.is_empty() { "for the release" } else { "to plan" };
        said.push_str(&format!("Rehearsed in {whole}: {prepared} to prepare, {} {rest}{phases}.\n", seconds(planned)));
        said.push_str("Your checkout, its remote and the registries were not changed.\n");
        said
    }

    fn json(&self) -> String {
        let live = self.live.iter().map(|(meant, one)| {
            json!({ "package": one.name, "version": one.version, "registry": meant, "checksum": one.checksum })
        });
        let live: Vec<_> = live.collect();
        let phases: serde_json::Map<_, _> =
            self.phases.iter().map(|(what, took)| ((*what).to_owned(), milliseconds(*took).into())).collect();
        let ending = json!({
            "event": "rehearsed",
            "live": live,
            "prepared_milliseconds": milliseconds(self.prepared),
            "milliseconds": milliseconds(self.whole),
            "phases": phases,
            "kept": self.kept,
        });
        format!("{ending}\n")
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    // A rehearsal that uploads nothing says so, and what took how long.
    #[test]
    fn says_what_took_how_long() {
        let ending = Ending {
            live: Vec::new(),
            prepared: Duration::from_millis(1500),
            whole: Duration::from_secs(9),
            phases: vec![("verify", Duration::from_secs(7))],
            kept: None,
        };
        let words = ending.words();
        assert!(
            words.contains("  nothing\n") && words.contains("9.0 s: 1.5 s to prepare, 0.5 s to plan, 7.0 s to verify."),
            "{words}"
        );
        let failed = Ending { phases: Vec::new(), live: Vec::new(), ..ending };
        assert!(failed.words().contains("1.5 s to prepare, 7.5 s for the release."), "{}", failed.words());
        let ending = Ending { phases: vec![("verify", Duration::from_secs(7))], ..failed };
        let said: serde_json::Value = serde_json::from_str(&ending.json()).unwrap();
        assert_eq!(said["phases"], json!({ "verify": 7000 }));
    }
}
