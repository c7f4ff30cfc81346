//! Forges: pull requests and releases on GitHub, GitLab and Forgejo (Gitea).
//!
//! One type supports all three APIs. Tokens are sent only to the host of the API, never follow a redirect, and never appear
//! in a plan, a journal or a message. No method repeats a request that may have had an effect: if an answer is missing, the
//! caller looks for the effect first. This room may use `tools`, `snapshot`, `names` and `error`.

mod assets;
mod commits;
mod people;
mod pulls;
mod releases;
mod signed_commits;
mod site;
mod wire;

pub(crate) use self::pulls::NewPull;
pub(crate) use self::releases::ForgeRelease;
pub(crate) use self::releases::NewRelease;
pub(crate) use self::signed_commits::NewCommit;
pub(crate) use self::site::SiteSettings;
pub(crate) use self::site::site;
pub(crate) use self::wire::Forge;
