//! The codes of registries and of packed archives.

use super::Code;
use super::Group;
use super::Usually;
use super::table::row;

/// All of them.
#[rustfmt::skip]
pub(super) const PACKED: &[Code] = &[
    row("registry-not-configured", Group::Registry, Usually::Error, [
        "cargo has no index for the registry",
        "this program",
    ]),
    row("registry-not-listed", Group::Registry, Usually::Error, [
        "a package is sent to a registry that `package.publish` does not list",
        "cargo: `ops/registry/publish.rs`",
    ]),
    row("registry-without-api", Group::Registry, Usually::Error, [
        "the registry takes no uploads: its index names no `api`",
        "cargo: `ops/registry`",
    ]),
    row("registry-unknown", Group::Registry, Usually::Either, [
        "the registry was not asked, or does not say whether the version is free",
        "this program",
    ]),
    row("version-exists", Group::Registry, Usually::Error, [
        "the version is published, or was and is yanked; build metadata does not count",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("name-spelled-otherwise", Group::Registry, Usually::Error, [
        "the crate exists under another spelling (case, `-` and `_`)",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("dependency-unknown", Group::Registry, Usually::Either, [
        "a dependency is in the registry not by that name, in that spelling, or in such a version; a warning where all such versions are yanked; asked in `check` alone",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`; cargo: resolving `Cargo.lock`",
    ]),
    row("not-an-owner", Group::Registry, Usually::Error, [
        "the crate belongs to others than `[check] owners` says",
        "`rust-lang/crates.io`: `controllers/helpers/authorization.rs`",
    ]),
    row("owners-differ", Group::Registry, Usually::Warning, [
        "an owner that `[check] owners` names is missing",
        "this program",
    ]),
    row("trusted-publishing-only", Group::Registry, Usually::Warning, [
        "new versions come by trusted publishing alone, so a token is refused",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("registry-read-only", Group::Registry, Usually::Error, [
        "the registry takes no uploads for now",
        "`rust-lang/crates.io`: `controllers/site_metadata.rs`",
    ]),
    row("no-token", Group::Registry, Usually::Error, ["cargo has no token for a registry; `-x` and `check --release` look", "cargo"]),
    row("audit-untagged", Group::Registry, Usually::Warning, [
        "`audit`: a version is published, and no tag names it",
        "this program",
    ]),
    row("audit-unpublished", Group::Registry, Usually::Warning, [
        "`audit`: a tag names a version that is not published",
        "this program",
    ]),
    row("audit-content", Group::Registry, Usually::Either, [
        "`audit`: what is published is not what the tag has",
        "this program",
    ]),
    row("audit-changelog", Group::Registry, Usually::Warning, [
        "`audit`: the changelog has no entry for the newest published version",
        "this program",
    ]),
    row("audit-yanked", Group::Registry, Usually::Warning, [
        "`audit`: a version is yanked, and the changelog does not say so",
        "Keep a Changelog: yanked releases",
    ]),
    row("audit-lockfile", Group::Repository, Usually::Warning, [
        "`audit`: the lock file of a crate outside the workspace has a member at another version",
        "this program",
    ]),
    row("rate-limit", Group::Registry, Usually::Warning, [
        "more crates or versions than the registry takes at once; the rest takes this long",
        "`rust-lang/crates.io`: `config/rate_limits.rs`",
    ]),
    row("token-in-reach", Group::Registry, Usually::Warning, [
        "cargo keeps tokens in a file, which build scripts and macros that run during verification could read; they are named, and it is not read here",
        "the Cargo book: credential providers",
    ]),
    row("registry-not-asked", Group::Registry, Usually::Warning, [
        "what a registry could tell was not asked, or it did not answer",
        "this program",
    ]),
    row("verify-failed", Group::Archive, Usually::Error, [
        "cargo does not pack or build the packages: they do not compile, a build script changes the sources, a file that the manifest names is missing, a name is one that cargo keeps for itself, or dependencies do not resolve",
        "cargo: `cargo package`",
    ]),
    row("crate-name", Group::Archive, Usually::Error, [
        "the name has other than ASCII letters, digits, `-` and `_`, does not begin with a letter, or has more than 64 characters",
        "`rust-lang/crates.io`: `crates_io_validation`",
    ]),
    row("name-reserved", Group::Archive, Usually::Error, [
        "the registry keeps the name back",
        "`rust-lang/crates.io`: its migrations",
    ]),
    row("version-too-long", Group::Archive, Usually::Error, [
        "the version has more than 150 characters",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("crate-too-large", Group::Archive, Usually::Error, [
        "the archive has more than 10 MiB",
        "`rust-lang/crates.io`: `config/publish_limits.rs`",
    ]),
    row("archive-unreadable", Group::Archive, Usually::Error, [
        "cannot unpack the archive, or has 512 MiB and more then",
        "`rust-lang/crates.io`: `crates_io_tarball`",
    ]),
    row("metadata-too-large", Group::Archive, Usually::Error, [
        "the readme does not fit into the MiB of metadata that is uploaded first",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("entry-path", Group::Archive, Usually::Error, [
        "something in the archive lies outside of `NAME-VERSION/`",
        "`rust-lang/crates.io`: `crates_io_tarball`",
    ]),
    row("entry-type", Group::Archive, Usually::Error, [
        "something in the archive is neither file nor directory",
        "`rust-lang/crates.io`: `crates_io_tarball`",
    ]),
    row("file-name", Group::Archive, Usually::Error, [
        "a file has a name that some system cannot have",
        "cargo: `ops/cargo_package`",
    ]),
    row("file-name-on-windows", Group::Archive, Usually::Warning, [
        "a file has a name that Windows keeps for a device",
        "cargo: `ops/cargo_package`",
    ]),
    row("manifest-file", Group::Archive, Usually::Error, [
        "there is no `Cargo.toml`, more than one, or one in other letters",
        "`rust-lang/crates.io`: `crates_io_tarball`",
    ]),
    row("manifest-unreadable", Group::Archive, Usually::Error, [
        "the manifest is no TOML, or has no `[package]`, `name` or `version`",
        "`rust-lang/crates.io`: `crates_io_cargo_toml`",
    ]),
    row("manifest-patch", Group::Archive, Usually::Error, [
        "the manifest has `[patch]`",
        "`rust-lang/crates.io`: `crates_io_tarball`",
    ]),
    row("manifest-inherits", Group::Archive, Usually::Error, [
        "a value is still to come from a workspace",
        "`rust-lang/crates.io`: `crates_io_tarball`",
    ]),
    row("manifest-type", Group::Archive, Usually::Error, [
        "a value has the wrong type",
        "`rust-lang/crates.io`: `crates_io_cargo_toml`",
    ]),
    row("manifest-mismatch", Group::Archive, Usually::Error, [
        "the archive is uploaded under another name or version than its manifest has",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("edition-unknown", Group::Archive, Usually::Error, [
        "the registry does not know the edition",
        "`rust-lang/crates.io`: `crates_io_cargo_toml`",
    ]),
    row("library-missing", Group::Archive, Usually::Error, [
        "`[lib]` has no `path` and `src/lib.rs` is not packed",
        "`rust-lang/crates.io`: `crates_io_cargo_toml`",
    ]),
    row("missing-metadata", Group::Archive, Usually::Error, [
        "`description`, or both of `license` and `license-file`, are missing or empty",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("description-too-long", Group::Archive, Usually::Error, [
        "`description` has more than 1000 bytes",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("license-invalid", Group::Archive, Usually::Error, [
        "`license` is no SPDX expression",
        "`rust-lang/crates.io`: `licenses.rs`",
    ]),
    row("link-invalid", Group::Archive, Usually::Error, [
        "`homepage`, `documentation` or `repository` is no address with http",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("rust-version-invalid", Group::Archive, Usually::Error, [
        "`rust-version` is no version of Rust",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("too-many-keywords", Group::Archive, Usually::Error, [
        "there are more than 5 keywords",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("keyword-invalid", Group::Archive, Usually::Error, [
        "a keyword has more than 20 bytes, or other than letters, digits, `_`, `-` and `+`",
        "`rust-lang/crates.io`: `models/keyword.rs`",
    ]),
    row("too-many-categories", Group::Archive, Usually::Error, [
        "there are more than 5 categories",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("category-unknown", Group::Archive, Usually::Error, [
        "the registry has no such category",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("category-unlisted", Group::Archive, Usually::Warning, [
        "the category is not among those known here, and the registry was not asked",
        "`rust-lang/crates.io`: `boot/categories.toml`",
    ]),
    row("too-many-features", Group::Archive, Usually::Error, [
        "there are more than 300 features",
        "`rust-lang/crates.io`: `config/publish_limits.rs`",
    ]),
    row("feature-too-wide", Group::Archive, Usually::Error, [
        "a feature enables more than 300 others",
        "`rust-lang/crates.io`: `config/publish_limits.rs`",
    ]),
    row("feature-name", Group::Archive, Usually::Error, [
        "a feature has a name that none can have",
        "`rust-lang/crates.io`: `crates_io_validation`",
    ]),
    row("feature-value", Group::Archive, Usually::Error, [
        "a feature, or a dependency, asks for a feature that none can be called",
        "`rust-lang/crates.io`: `crates_io_validation`",
    ]),
    row("too-many-dependencies", Group::Archive, Usually::Error, [
        "there are more than 500 dependencies",
        "`rust-lang/crates.io`: `config/publish_limits.rs`",
    ]),
    row("dependency-name", Group::Archive, Usually::Error, [
        "a dependency has a name that no crate can have",
        "`rust-lang/crates.io`: `crates_io_validation`",
    ]),
    row("dependency-registry", Group::Archive, Usually::Error, [
        "a dependency comes from another registry",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`; cargo: `ops/registry/publish.rs`",
    ]),
    row("requirement-invalid", Group::Archive, Usually::Error, [
        "a requirement is none",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("requirement-wildcard", Group::Archive, Usually::Error, [
        "a requirement is `*`, or missing",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`",
    ]),
    row("secret", Group::Regrets, Usually::Error, [
        "a packed file holds a private key, or what looks like a token",
        "the shapes that issuers publish",
    ]),
    row("secret-in-tests", Group::Regrets, Usually::Warning, [
        "a packed file in a directory for tests holds a private key",
        "RFC 7468",
    ]),
    row("secret-file", Group::Regrets, Usually::Error, [
        "a file that is there to hold credentials is packed",
        "this program",
    ]),
    row("lfs-pointer", Group::Regrets, Usually::Error, [
        "a packed file is a pointer of Git LFS, not the file",
        "Git LFS: specification",
    ]),
    row("file-large", Group::Regrets, Usually::Warning, ["files above 1 MiB are packed", "this program"]),
    row("file-litter", Group::Regrets, Usually::Warning, [
        "files of editors, systems or tools are packed",
        "this program",
    ]),
    row("file-media", Group::Regrets, Usually::Warning, [
        "media that no packed source names are packed, 128 KiB and more",
        "this program",
    ]),
    row("file-test-data", Group::Regrets, Usually::Warning, ["test data is packed, 128 KiB and more", "this program"]),
    row("license-text-missing", Group::Regrets, Usually::Warning, [
        "no text of the licence is packed",
        "most licences: the text goes along",
    ]),
    row("readme-missing", Group::Regrets, Usually::Warning, ["there is no readme", "the Cargo book: publishing"]),
    row("readme-link-broken", Group::Regrets, Usually::Warning, [
        "relative links of the readme lead nowhere once it is published",
        "`rust-lang/crates.io`: `crates_io_markdown`",
    ]),
    row("repository-missing", Group::Regrets, Usually::Warning, [
        "`repository` is missing",
        "the Cargo book: publishing",
    ]),
    row("rust-version-missing", Group::Regrets, Usually::Warning, [
        "`rust-version` is missing",
        "the Cargo book: Rust version",
    ]),
];
