//! Every code that a finding can have: what it means, and where its rule comes from. `docs/codes.md` is made from this.

mod before;
mod packed;
mod table;

use std::fmt::Write as _;

pub use self::table::CODES;

/// A code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// As it is written.
    pub code: &'static str,
    /// What it is about.
    pub group: Group,
    /// How it is told, unless it is said otherwise.
    pub usually: Usually,
    /// What is found.
    pub what: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The repository and its remote.
    Repository,
    /// The decision: versions, requirements, changelog, replacements.
    Plan,
    /// What registries say before an upload.
    Registry,
    /// What a packed archive is refused for.
    Archive,
    /// What is regretted after a permanent publish.
    Regrets,
}

/// How a finding is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usually {
    /// It blocks.
    Error,
    /// It should be known.
    Warning,
    /// Either, as it comes.
    Either,
}

/// Something that nothing but the attempt tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtLast {
    /// What.
    pub what: &'static str,
    /// The kind of the step at which it shows.
    pub step: &'static str,
    /// What is left behind then.
    pub then: &'static str,
}

/// What cannot be found out before.
pub const ONLY_THE_ATTEMPT_TELLS: [AtLast; 9] = [
    AtLast {
        what: "whether git hooks accept the release commit, and whether the signing key can be used",
        step: "commit",
        then: "nothing was changed",
    },
    AtLast {
        what: "whether hooks of the server or a protected branch refuse the push",
        step: "reserve",
        then: "nothing is published; `cargo release abort` removes the commit and the tags",
    },
    AtLast {
        what: "whether the token is valid, may publish these crates, and may create new ones",
        step: "publish",
        then: "earlier uploads stay; `cargo release resume` continues",
    },
    AtLast {
        what: "whether the account is locked, has a verified address, and is an owner through a team",
        step: "publish",
        then: "earlier uploads stay; `cargo release resume` continues",
    },
    AtLast {
        what: "how much of the rate limit is left: other releases of the same account count, and versions of the same day",
        step: "publish",
        then: "earlier uploads stay; `cargo release resume` continues",
    },
    AtLast {
        what: "whether a name was reserved since, or deleted in the last 24 hours",
        step: "publish",
        then: "earlier uploads stay; `cargo release resume` continues",
    },
    AtLast {
        what: "whether the registry limits the number of files, has granted a crate more than the usual limits, and is up",
        step: "publish",
        then: "earlier uploads stay; `cargo release resume` continues",
    },
    AtLast {
        what: "how long the index takes to show a version",
        step: "confirm",
        then: "it is uploaded; `cargo release resume` keeps waiting",
    },
    AtLast {
        what: "whether the tags may be pushed",
        step: "push",
        then: "everything is published; `cargo release resume` pushes again",
    },
];

impl Group {
    /// In the order of the page.
    const ALL: [Self; 5] = [Self::Repository, Self::Plan, Self::Registry, Self::Archive, Self::Regrets];

    /// Whether its rules look at packed archives.
    #[cfg(test)]
    pub(super) fn is_of_archives(self) -> bool {
        matches!(self, Self::Archive | Self::Regrets)
    }

    /// Whether its rules look at facts about git and registries.
    #[cfg(test)]
    pub(crate) fn is_of_facts(self) -> bool {
        matches!(self, Self::Repository | Self::Registry)
    }

    fn title(self) -> &'static str {
        match self {
            Self::Repository => "The repository",
            Self::Plan => "The plan",
            Self::Registry => "The registry",
            Self::Archive => "The packed archive",
            Self::Regrets => "Likely mistakes",
        }
    }
}

impl Usually {
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Either => "either",
        }
    }
}

/// The code that is written so.
pub fn code(written: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code == written)
}

/// What `check --explain CODE` says.
///
/// # Errors
/// There is no such code.
pub fn explained(written: &str) -> crate::error::Result<String> {
    let code = code(written).ok_or_else(|| super::levels::no_such(written))?;
    let Code { code, group, usually, what, source } = code;
    let (word, about) = (usually.word(), group.title().to_lowercase());
    Ok(format!("{code} ({word}; {about})\n\n{what}\n\nSource: {source}\n"))
}

/// `docs/codes.md`.
pub fn page() -> String {
    let mut page = String::from(
        "# Codes of findings\n\nMade from `src/check/codes/`; `SNAPSHOTS=overwrite cargo test codes` writes it \
         anew.\n\nAn *error* blocks a release, a *warning* does not; *either* depends on the case. `cargo release check` \
         takes\n`--deny CODE`, `--warn CODE` and `--allow CODE`, and `[check]` in `release.toml` has the keys `deny`, \
         `warn` and\n`allow`; `warnings` stands for all that warn. `cargo release check --explain CODE` prints a row.\n",
    );
    for group in Group::ALL {
        push(&mut page, &format!("\n## {}\n\n| code | severity | what | source |\n|---|---|---|---|", group.title()));
        for Code { code, usually, what, source, .. } in CODES.iter().filter(|code| code.group == group) {
            let cell = |text: &str| text.replace('|', "\\|");
            push(&mut page, &format!("| `{code}` | {} | {} | {} |", usually.word(), cell(what), cell(source)));
        }
    }
    push(&mut page, "\n## What only the attempt can tell\n\n| what | step | then |\n|---|---|---|");
    for AtLast { what, step, then } in &ONLY_THE_ATTEMPT_TELLS {
        push(&mut page, &format!("| {what} | {step} | {then} |"));
    }
    page
}

/// Writing to a text cannot fail.
fn push(page: &mut String, line: &str) {
    writeln!(page, "{line}").unwrap_or(());
}
