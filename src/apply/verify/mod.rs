//! What verification needs beside the step: prefetching for closed registries, the registry as it will be on the day of the
//! upload, the lock file of a workspace that commits none, and what is found in the packed archives.

pub(crate) mod archive_findings;
pub(crate) mod built_before;
pub(crate) mod cargo_time;
pub(crate) mod lockfile;
pub(crate) mod overlay_registry;
pub(crate) mod prefetch;
pub(crate) mod token_exposure;
