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

    /// Adds what helps where these words, of the system or of another program, say that the disk is full or may not be
    /// written. They decide nothing but this help.
    #[must_use]
    pub fn on_the_disk(self, said: &str) -> Self {
        match disk_help(said) {
            Some(help) if !self.help.iter().any(|known| known == help) => self.help(help),
            Some(_) | None => self,
        }
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

/// What the system says of a disk, and what helps.
const DISK: [(&[&str], &str); 3] = [
    (
        &["No space left on device", "os error 28", "not enough space on the disk"],
        "the disk is full (ENOSPC): free some space, then run the same command again",
    ),
    (
        &["Disk quota exceeded", "os error 122"],
        "your disk quota is used up: free some space, then run the same command again",
    ),
    (
        &["Read-only file system", "os error 30)"],
        "the file system is read-only: release from a checkout and a target directory that can be written",
    ),
];

/// What helps where words say that the disk takes no more; none where they say no such thing.
pub(crate) fn disk_help(said: &str) -> Option<&'static str> {
    let (_, help) = DISK.iter().find(|(signs, _)| signs.iter().any(|sign| said.contains(sign)))?;
    Some(help)
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.why().iter().try_for_each(|why| write!(f, ": {why}"))
    }
}

impl std::error::Error for Failure {}

/// Says what was being done when a foreign error came up.
pub(crate) trait OrFail<T> {
    /// The world did not let us: kind [`Kind::World`].
    fn or_world(self, what: impl FnOnce() -> String) -> Result<T>;
    /// The input does not let us: kind [`Kind::Unplannable`].
    fn or_unplannable(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Into<anyhow::Error>> OrFail<T> for std::result::Result<T, E> {
    fn or_world(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| {
            let failure = Failure::world(what()).caused_by(source);
            let said = failure.why().join("\n");
            failure.on_the_disk(&said)
        })
    }

    fn or_unplannable(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| Failure::unplannable(what()).caused_by(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A full disk is called so, whoever says it first, and once.
    #[test]
    fn a_full_disk_is_called_so() {
        let full = || std::io::Error::from_raw_os_error(28);
        let failure = Err::<(), _>(full()).or_world(|| "cannot write `x`".into()).unwrap_err();
        assert_eq!(failure.helps(), ["the disk is full (ENOSPC): free some space, then run the same command again"]);
        let again = failure.on_the_disk("error: No space left on device (os error 28)");
        assert_eq!(again.helps().len(), 1);
        let read_only = Err::<(), _>(std::io::Error::from_raw_os_error(30)).or_world(|| "cannot write `x`".into());
        assert!(read_only.unwrap_err().helps()[0].contains("read-only"));
        assert_eq!(disk_help("error[E0308]: mismatched types"), None);
    }
}
