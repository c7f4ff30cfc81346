//! Every code that a finding can have: what it means, and where its rule comes from. `docs/codes.md` is made from this.

mod table;

use std::fmt;
#[cfg(test)]
use std::fmt::Write as _;
use std::str::FromStr;

pub use self::table::Code;

/// Makes `Code` from the rows of the table, so that a code without a row, or a row without a code, does not compile.
macro_rules! codes {
    ($($code:ident = $text:literal, $group:ident, $usually:ident, $what:literal, $source:literal;)+) => {
        /// The code of a finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(into = "&'static str", try_from = "String")]
        pub enum Code {
            $(#[doc = $what] $code,)+
        }

        impl Code {
            /// All of them, in the order of the page.
            pub const ALL: &[Self] = &[$(Self::$code,)+];

            /// As it is written: `dirty-tree`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$code => $text,)+ }
            }

            /// What it is about.
            pub(crate) fn group(self) -> super::CodeGroup {
                match self { $(Self::$code => super::CodeGroup::$group,)+ }
            }

            /// How it is told, unless it is said otherwise.
            pub(super) fn usually(self) -> super::Usually {
                match self { $(Self::$code => super::Usually::$usually,)+ }
            }

            /// What is found.
            pub fn what(self) -> &'static str {
                match self { $(Self::$code => $what,)+ }
            }

            /// Where the rule comes from.
            pub(super) fn source(self) -> &'static str {
                match self { $(Self::$code => $source,)+ }
            }
        }
    };
}
use codes;

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<Code> for &'static str {
    fn from(code: Code) -> Self {
        code.as_str()
    }
}

impl FromStr for Code {
    type Err = crate::error::Failure;

    fn from_str(written: &str) -> crate::error::Result<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == written).ok_or_else(|| super::levels::no_such(written))
    }
}

impl TryFrom<String> for Code {
    type Error = crate::error::Failure;

    fn try_from(written: String) -> crate::error::Result<Self> {
        written.parse()
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeGroup {
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
pub(super) enum Usually {
    /// It blocks.
    Error,
    /// It should be known.
    Warning,
    /// Either, as it comes.
    Either,
}

/// Something that nothing but the attempt tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AtLast {
    /// What.
    pub what: &'static str,
    /// The kind of the step at which it shows.
    pub step: &'static str,
    /// What is left behind then.
    pub then: &'static str,
}

/// What cannot be found out before.
pub(crate) const ONLY_THE_ATTEMPT_TELLS: [AtLast; 9] = [
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

impl CodeGroup {
    /// In the order of the page.
    #[cfg(test)]
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

/// What `check --explain CODE` says.
///
/// # Errors
/// There is no such code.
pub(crate) fn explained(written: &str) -> crate::error::Result<String> {
    let code: Code = written.parse()?;
    let (word, about) = (code.usually().word(), code.group().title().to_lowercase());
    let (what, source) = (code.what(), code.source());
    Ok(format!("{code} ({word}; {about})\n\n{what}\n\nSource: {source}\n"))
}

/// `docs/codes.md`.
#[cfg(test)]
pub(crate) fn page() -> String {
    let mut page = String::from(
        "# Codes of findings\n\nMade from `src/check/codes/`; `SNAPSHOTS=overwrite cargo test codes` writes it \
         anew.\n\nAn *error* blocks a release, a *warning* does not; *either* depends on the case. `cargo release check` \
         takes\n`--deny CODE`, `--warn CODE` and `--allow CODE`, and `[check]` in `release.toml` has the keys `deny`, \
         `warn` and\n`allow`; `warnings` stands for all that warn. `cargo release check --explain CODE` prints a row.\n",
    );
    for group in CodeGroup::ALL {
        push(&mut page, &format!("\n## {}\n\n| code | severity | what | source |\n|---|---|---|---|", group.title()));
        for code in Code::ALL.iter().filter(|code| code.group() == group) {
            let cell = |text: &str| text.replace('|', "\\|");
            let (word, what, source) = (code.usually().word(), cell(code.what()), cell(code.source()));
            push(&mut page, &format!("| `{code}` | {word} | {what} | {source} |"));
        }
    }
    push(&mut page, "\n## What only the attempt can tell\n\n| what | step | then |\n|---|---|---|");
    for AtLast { what, step, then } in &ONLY_THE_ATTEMPT_TELLS {
        push(&mut page, &format!("| {what} | {step} | {then} |"));
    }
    page
}

/// Writing to a text cannot fail.
#[cfg(test)]
fn push(page: &mut String, line: &str) {
    writeln!(page, "{line}").unwrap_or(());
}
