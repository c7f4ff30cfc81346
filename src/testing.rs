//! What the stories under `tests/`, the benches and the fuzz targets use of the rooms. Compiled for them only: the
//! feature `testing` is switched on by the development dependencies, and no promise is made about what is here.

pub mod changelog {
    pub use crate::changelog::Document;
    pub use crate::changelog::Marker;
    pub use crate::changelog::Owner;
    pub use crate::changelog::Release;
    pub use crate::changelog::Unreleased;
    pub use crate::changelog::bring_up;
    pub use crate::changelog::flaws;
    pub use crate::changelog::release;
}

pub mod check {
    pub use crate::check::Code;
    pub use crate::check::Rules;
}

pub mod cli {
    pub use crate::cli::Cli;
}

pub mod config {
    pub use crate::config::Config;
    pub use crate::config::ConfigFile;
    pub use crate::config::DirConfig;
    pub use crate::config::MemberFacts;
    pub use crate::config::Sources;
    pub use crate::config::VersionSource;
    pub use crate::config::example;
    pub use crate::config::resolve;
}

pub mod environment {
    pub use crate::tools::system::environment::Environment;
}

pub mod error {
    pub use crate::error::Result;
}

pub mod fuzzing {
    pub use crate::fuzzing::changelog;
    pub use crate::fuzzing::journal;
    pub use crate::fuzzing::lock_file;
    pub use crate::fuzzing::note;
}

pub mod names {
    pub use crate::names::CommitId;
    pub use crate::names::Digest;
    pub use crate::names::PackageName;
    pub use crate::names::RegistryName;
    pub use crate::names::RepoPath;
    pub use crate::names::TagName;
}

pub mod observe {
    pub use crate::observe::Options;
    pub use crate::observe::locate;
    pub use crate::observe::observe;
}

pub mod plan {
    pub use crate::plan::ReleasePlan;
    pub use crate::plan::Request;
    pub use crate::plan::decide;
    pub use crate::plan::wants;
}

pub mod registry {
    pub use crate::registry::BoxedRegistry;
    pub use crate::registry::Fault;
    pub use crate::registry::Faults;
    pub use crate::registry::Life;
    pub use crate::registry::Refusal;
    pub use crate::registry::Settings;
    pub use crate::registry::UploadLimit;
}

pub mod rehearse {
    pub use crate::rehearse::demo;
}

pub mod report {
    pub use crate::report::plan_json;
}

pub mod snapshot {
    pub use crate::snapshot::*;
}

pub mod system {
    pub use crate::tools::system::archive;
    pub use crate::tools::system::clock;
    pub use crate::tools::system::files;
    pub use crate::tools::system::process;
}
