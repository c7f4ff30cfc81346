//! Forges: pull requests and releases, in the dialects of GitHub, GitLab and Forgejo (Gitea).
//!
//! One type speaks all three. A token is sent to the API's own host alone, follows no redirect, and is in no plan, no
//! journal and no message. What was sent and not answered is looked for before it is sent again: no method here repeats
//! a request that may have had an effect. This room may use `tools`, `snapshot`, `names` and `error`.

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
