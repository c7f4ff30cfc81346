//! What is decided about crates after their release: which versions are yanked, who owns them, and what does not fit.

mod audit;
mod init;
mod owners;
mod yanks;

pub(crate) use self::audit::Audit;
pub(crate) use self::audit::AuditAnswers;
pub(crate) use self::audit::AuditQuestion;
pub(crate) use self::audit::MissingTag;
pub(crate) use self::audit::Recorded;
pub(crate) use self::audit::audit;
pub(crate) use self::audit::audit_questions;
pub(crate) use self::init::Init;
pub(crate) use self::init::InitFacts;
pub(crate) use self::init::init;
pub(crate) use self::owners::OwnedCrate;
pub(crate) use self::owners::owned_crates;
pub(crate) use self::yanks::Yank;
pub(crate) use self::yanks::YankRequest;
pub(crate) use self::yanks::yanks;
