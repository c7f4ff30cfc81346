//! The table of codes.

use super::Code;
use super::Group;
use super::Usually;

/// A row of the table.
const fn row(code: &'static str, group: Group, usually: Usually, texts: [&'static str; 2]) -> Code {
    let [what, source] = texts;
    Code { code, group, usually, what, source }
}

/// All codes, by what they are about.
#[rustfmt::skip]
pub const CODES: &[Code] = &[
    row("dirty-tree", Group::Repository, Usually::Error, ["files are not committed", "this program"]),
    row("git-operation", Group::Repository, Usually::Error, [
        "a merge, rebase or the like is not finished",
        "this program",
    ]),
    row("shallow-clone", Group::Repository, Usually::Either, [
        "the clone is shallow, so changes since the last release are unknown; a warning where a level is given, and in `check` without `--release`",
        "this program",
    ]),
    row("detached-head", Group::Repository, Usually::Either, [
        "no branch is checked out; a warning where `allow-branch` allows `HEAD`, and not reported by `check` without `--release`",
        "this program",
    ]),
    row("branch-not-allowed", Group::Repository, Usually::Error, [
        "the branch does not match `allow-branch`; not reported by `check` without `--release`",
        "this program",
    ]),
    row("no-remote", Group::Repository, Usually::Error, [
        "the remote that would be pushed to does not exist; not reported by `check` without `--release`",
        "this program",
    ]),
    row("behind-remote", Group::Repository, Usually::Error, [
        "the remote branch has commits that are not here; not reported by `check` without `--release`",
        "this program",
    ]),
    row("remote-unknown", Group::Repository, Usually::Either, [
        "the remote was not asked or did not answer; not reported by `check` without `--release`",
        "this program",
    ]),
    row("stale-lockfile", Group::Repository, Usually::Error, [
        "`Cargo.lock` does not match the manifests",
        "cargo: `--locked`",
    ]),
    row("tag-name", Group::Repository, Usually::Error, ["git takes no tag of that name, or not beside another tag", "git: `check-ref-format`"]),
    row("lock-resolved", Group::Plan, Usually::Warning, ["a package of a registry, which `[patch]` gives a member, requires an older version than the new one, so that cargo resolves `Cargo.lock` again", "cargo: `[patch]`"]),
    row("unknown-feature", Group::Plan, Usually::Error, ["packages are to be verified with a feature that none of them has", "cargo: `--features`"]),
    row("other-upstream", Group::Repository, Usually::Warning, ["the branch tracks one of another name on the remote, and the release goes to the one of its own name", "git: `push.default`"]),
    row("tag-conflict", Group::Repository, Usually::Error, ["the tag of a release is a directory of another tag, or the other way round, here or on the remote", "git: refs are kept by path"]),
    row("tag-exists", Group::Repository, Usually::Error, [
        "the tag of a release exists, here or on the remote",
        "this program",
    ]),
    row("tag-missing", Group::Repository, Usually::Error, [
        "`cargo release push` was to push a tag that does not exist",
        "this program",
    ]),
    row("tag-spelling", Group::Repository, Usually::Warning, [
        "the tag of the last release is named otherwise than the new one would be",
        "this program",
    ]),
    row("tag-of-two-versions", Group::Repository, Usually::Error, [
        "packages of different versions would share one tag",
        "this program",
    ]),
    row("stage-differs", Group::Repository, Usually::Error, [
        "a package would lack files of the checkout: `include` names them and git ignores them",
        "this program",
    ]),
    row("outside-repository", Group::Repository, Usually::Error, [
        "a manifest takes a dependency, the readme or the licence from outside the repository, which no commit holds",
        "this program",
    ]),
    row("push-refused", Group::Repository, Usually::Error, [
        "the remote takes no push from here; asked in `check --release` alone, and of its hooks and protected branches nothing is asked",
        "git: `push --dry-run`",
    ]),
    row("commit-identity", Group::Repository, Usually::Either, [
        "git does not know who commits (an error), or would make an address up; not reported by `check` without `--release`",
        "git: `user.name`, `user.email`",
    ]),
    row("cannot-sign", Group::Repository, Usually::Error, [
        "commits or tags are to be signed, and the key or the program for it is missing, or does not sign when `check --release` tries; not reported by `check` without `--release`",
        "git: `user.signingKey`, `gpg.format`",
    ]),
    row("hook-not-executable", Group::Repository, Usually::Warning, [
        "a hook of git that a release comes by is not executable, so git goes on without it",
        "git: githooks",
    ]),
    row("in-submodule", Group::Repository, Usually::Error, ["a package that is released, or a file that a release would edit, lies in a submodule, whose commits are another repository's", "git: submodules"]),
    row("submodule-empty", Group::Repository, Usually::Warning, [
        "a submodule below a published package is not checked out, so nothing of it is packed",
        "this program",
    ]),
    row("below-evidence", Group::Plan, Usually::Either, [
        "the version says less than the changes do; an error where cargo would take a breaking change for a compatible one",
        "the Cargo book: SemVer compatibility",
    ]),
    row("api-not-compared", Group::Plan, Usually::Either, [
        "the API of a library that changed could not be compared with its last release; an error where `semver-check` is \"require\"",
        "cargo-semver-checks",
    ]),
    row("version-goes-down", Group::Plan, Usually::Error, ["the version is below the current one", "this program"]),
    row("unreleased-version", Group::Plan, Usually::Either, [
        "a level was given on top of a version that was never released; a warning before the first release",
        "this program",
    ]),
    row("unreleased-pre-release", Group::Plan, Usually::Warning, [
        "a pre-release that was never released is left as it is",
        "this program",
    ]),
    row("commit-near-miss", Group::Plan, Usually::Warning, ["a commit looks as if it was meant to say that something breaks, and does not count as such", "conventionalcommits.org"]),
    row("release-as", Group::Plan, Usually::Warning, [
        "a footer `Release-As:` asks for a version that cannot be gone to",
        "this program",
    ]),
    row("release-without-tag", Group::Plan, Usually::Warning, [
        "a version is published, and no tag names it",
        "this program",
    ]),
    row("tag-without-release", Group::Plan, Usually::Warning, [
        "a tag names a version that is not published",
        "this program",
    ]),
    row("requirement-understated", Group::Plan, Usually::Warning, [
        "a member got something new, and dependents that may use it admit versions without it",
        "the Cargo book: specifying dependencies",
    ]),
    row("requirement-range", Group::Plan, Usually::Error, [
        "a requirement that has to change has several parts, and only its author knows what is meant",
        "this program",
    ]),
    row("dependent-left-out", Group::Plan, Usually::Warning, [
        "a package needs a new requirement and is not released",
        "this program",
    ]),
    row("dependency-circle", Group::Plan, Usually::Error, [
        "packages need each other to be published first",
        "cargo: publishing order",
    ]),
    row("dependency-without-version", Group::Plan, Usually::Error, [
        "a published package depends on another by its path or repository alone",
        "cargo: `ops/cargo_package`",
    ]),
    row("dependency-not-published", Group::Plan, Usually::Error, [
        "a published package needs a member in a version that no registry has",
        "cargo: `ops/cargo_package`",
    ]),
    row("changelog-empty", Group::Plan, Usually::Warning, [
        "there is nothing to say in the changelog",
        "this program",
    ]),
    row("changelog-breaking", Group::Plan, Usually::Warning, [
        "something breaks, and the changelog entry does not say so",
        "this program",
    ]),
    row("changelog-declares-breaking", Group::Plan, Usually::Error, [
        "the changelog entry declares a breaking change, and the version is taken as compatible",
        "this program",
    ]),
    row("changelog-uncovered", Group::Plan, Usually::Warning, [
        "commits or change notes that the changelog entry does not speak of",
        "this program",
    ]),
    row("changelog-version-exists", Group::Plan, Usually::Warning, [
        "the changelog has the version already",
        "this program",
    ]),
    row("changelog-unreadable", Group::Plan, Usually::Error, ["a changelog cannot be understood", "this program"]),
    row("note-form", Group::Plan, Usually::Error, ["a change note cannot be understood", "this program"]),
    row("note-package", Group::Plan, Usually::Error, ["a change note names a package that does not exist", "this program"]),
    row("note-unreadable", Group::Plan, Usually::Error, ["a change note is not a text", "this program"]),
    row("note-untold", Group::Plan, Usually::Warning, [
        "a release consumes change notes and writes no changelog entry, or one that does not speak of them",
        "this program",
    ]),
    row("note-missing", Group::Plan, Usually::Error, [
        "a package changed and has no change note; told by `check --notes` alone",
        "this program",
    ]),
    row("changelog-none", Group::Plan, Usually::Warning, ["a package has no changelog, was released without one before, and gets none", "this program"]),
    row("signature-changed", Group::Plan, Usually::Warning, ["a signature of a public item changed, which may break callers and may not", "rust-lang.github.io/rfcs/1105"]),
    row("cliff-failed", Group::Plan, Usually::Warning, ["`cliff.toml` or its template fails, so entries are drafted by the built-in template", "git-cliff"]),
    row("cliff-command", Group::Plan, Usually::Warning, [
        "`cliff.toml` names a command, which is not run",
        "this program",
    ]),
    row("replacement-file", Group::Plan, Usually::Error, [
        "a file that `pre-release-replacements` names cannot be had",
        "this program",
    ]),
    row("replacement-search", Group::Plan, Usually::Error, ["`search` is no regular expression", "this program"]),
    row("replacement-count", Group::Plan, Usually::Error, [
        "`search` is found too often or too seldom",
        "this program",
    ]),
    row("unchanged", Group::Plan, Usually::Warning, ["a package is released though nothing changed in it", "this program"]),
    row("lockfile", Group::Plan, Usually::Error, ["`Cargo.lock` cannot be edited", "this program"]),
    row("workspace-patch", Group::Plan, Usually::Warning, [
        "`[patch]` in the workspace: what was tested here is not what users get",
        "the Cargo book: overriding dependencies",
    ]),
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
