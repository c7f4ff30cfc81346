//! What is decided about crates after their release: which versions are yanked, who owns them, and what does not fit.

mod audit;
mod init;
mod owners;
mod yanks;

pub use self::audit::Audit;
pub use self::audit::AuditAnswers;
pub use self::audit::AuditQuestion;
pub use self::audit::MissingTag;
pub use self::audit::Recorded;
pub use self::audit::audit;
pub use self::audit::audit_questions;
pub use self::init::Init;
pub use self::init::InitFacts;
pub use self::init::init;
pub use self::owners::OwnedCrate;
pub use self::owners::owned_crates;
pub use self::yanks::Yank;
pub use self::yanks::YankRequest;
pub use self::yanks::yanks;
