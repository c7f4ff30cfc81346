//! The codes of the repository and of the plan: what is known before anything is packed.

use super::Code;
use super::Group;
use super::Usually;
use super::table::row;

/// All of them.
#[rustfmt::skip]
pub(super) const BEFORE: &[Code] = &[
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
    row("late-commit", Group::Repository, Usually::Either, [
        "a commit came to the branch while the release was proposed; a warning with `[pr] late = \"include\"` and for one that came after it",
        "this program",
    ]),
    row("behind-remote", Group::Repository, Usually::Either, [
        "the remote branch has commits that are not here; a warning where nothing is edited; not reported by `check` without `--release`",
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
];
