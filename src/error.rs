//! What went wrong, why, and what to do, as one value. This room uses nothing of ours and prints nothing: `report` does.

use std::fmt;

/// The outcome of anything that can be refused.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// The kind of a failure; it decides the exit status and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Findings stand in the way, or the answer was no: nothing was done (1).
    Blocked,
    /// It cannot be planned: usage, configuration, no repository, a manifest that does not parse (2).
    Unplannable,
    /// Interrupted, or a wait ran out: `resume` continues (3).
    Interrupted,
    /// The world is not as the plan expects (4).
    World,
    /// A bug of ours (70).
    Bug,
}

impl Kind {
    /// The documented exit status.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Blocked => 1,
            Self::Unplannable => 2,
            Self::Interrupted => 3,
            Self::World => 4,
            Self::Bug => 70,
        }
    }
}

/// What could not be done, why, and what would help.
///
/// Words are lower-case, without a final period. There is no constructor without words.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    what: String,
    why: Vec<String>,
    help: Vec<String>,
    source: Option<anyhow::Error>,
}

impl Failure {
    /// A failure of this kind.
    pub fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), why: Vec::new(), help: Vec::new(), source: None }
    }

    /// Findings stand in the way, or the answer was no.
    pub fn blocked(what: impl Into<String>) -> Self {
        Self::new(Kind::Blocked, what)
    }

    /// It cannot be planned as asked.
    pub fn unplannable(what: impl Into<String>) -> Self {
        Self::new(Kind::Unplannable, what)
    }

    /// It was cut short and can be resumed.
    pub fn interrupted(what: impl Into<String>) -> Self {
        Self::new(Kind::Interrupted, what)
    }

    /// The world is not as expected.
    pub fn world(what: impl Into<String>) -> Self {
        Self::new(Kind::World, what)
    }

    /// Something that we hold to be impossible.
    pub fn bug(what: impl Into<String>) -> Self {
        Self::new(Kind::Bug, what)
    }

    /// Adds a line that says why.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why.push(why.into());
        self
    }

    /// Adds a line that says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Keeps the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What could not be done.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Why: the lines given, then the chain of causes.
    pub fn why(&self) -> Vec<String> {
        let causes = self.source.iter().flat_map(|source| source.chain().map(ToString::to_string));
        self.why.iter().cloned().chain(causes).collect()
    }

    /// What to do.
    pub fn helps(&self) -> &[String] {
        &self.help
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.why().iter().try_for_each(|why| write!(f, ": {why}"))
    }
}

impl std::error::Error for Failure {}

/// Says what was being done when a foreign error came up.
pub trait OrFail<T> {
    /// The world did not let us: kind [`Kind::World`].
    fn or_world(self, what: impl FnOnce() -> String) -> Result<T>;
    /// The input does not let us: kind [`Kind::Unplannable`].
    fn or_unplannable(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Into<anyhow::Error>> OrFail<T> for std::result::Result<T, E> {
    fn or_world(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| Failure::world(what()).caused_by(source))
    }

    fn or_unplannable(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| Failure::unplannable(what()).caused_by(source))
    }
}
