//! Forges: pull requests and releases on GitHub, GitLab and Forgejo (Gitea).
//!
//! One type supports all three APIs. Tokens are sent only to the host of the API, never follow a redirect, and never appear
//! in a plan, a journal or a message. No method repeats a request that may have had an effect: if an answer is missing, the
//! caller looks for the effect first. This room may use `tools`, `snapshot`, `names` and `error`.

mod assets;
mod people;
mod pulls;
mod releases;
mod site;
mod wire;

pub use self::assets::Asset;
pub use self::pulls::NewPull;
pub use self::releases::ForgeRelease;
pub use self::releases::NewRelease;
pub use self::site::Settings;
pub use self::site::site;
pub use self::wire::Forge;
