//! The arguments of `cargo release note`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::config::ConfigArgs;
use crate::level::Level;
use crate::names::PackageName;
use crate::plan::Request;
use crate::plan::Selection;
use crate::plan::note_level;

/// `cargo release note`
#[derive(Clone, Debug, Args)]
pub struct NoteArgs {
    /// A package that the change affects; may be repeated
    ///
    /// `NAME@LEVEL` sets the level for this package.
    #[arg(short, long = "package", value_name = "NAME[@LEVEL]", value_parser = noted, help_heading = "Note")]
    pub package: Vec<(PackageName, Option<Level>)>,
    /// How the change affects users: breaking, feature, patch
    #[arg(long, value_name = "LEVEL", value_parser = level, help_heading = "Note")]
    pub level: Option<Level>,
    /// The text for the changelog
    #[arg(short, long, value_name = "TEXT", help_heading = "Note")]
    pub message: Option<String>,
    /// The name of the file [default: the first words of the text]
    #[arg(long, value_name = "NAME", help_heading = "Note")]
    pub name: Option<String>,
    /// Use this configuration file; it takes precedence over all others
    #[arg(short, long, value_name = "PATH", help_heading = "Configuration")]
    config: Option<PathBuf>,
    /// Read no configuration file except the one from --config
    #[arg(long, help_heading = "Configuration")]
    isolated: bool,
}

impl NoteArgs {
    /// The configuration flags; of all of them, only the two that decide where notes are.
    pub fn configuration(&self) -> ConfigArgs {
        ConfigArgs { config: self.config.clone(), isolated: self.isolated, ..ConfigArgs::default() }
    }

    /// The request; `today` is the date in UTC, such as `2026-11-22`. Offline, because notes need no network.
    pub fn request(&self, today: String) -> Request {
        Request {
            levels: Vec::new(),
            selection: Selection::default(),
            pre: None,
            metadata: None,
            branch: None,
            previous_tag: None,
            unpublished: false,
            allow_breaking: false,
            offline: true,
            today,
            entries: BTreeMap::new(),
        }
    }
}

fn noted(text: &str) -> Result<(PackageName, Option<Level>), String> {
    match text.split_once('@') {
        None => Ok((PackageName::from(text), None)),
        Some((name, word)) => Ok((PackageName::from(name), Some(level(word)?))),
    }
}

fn level(text: &str) -> Result<Level, String> {
    note_level(text).map_err(|near| match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "the levels are breaking, feature, patch".to_owned(),
    })
}
