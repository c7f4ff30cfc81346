//! The table of codes, in the order of the page: a code is one row here, and nothing else names its text.
//!
//! `Code::Unchanged` is written `"unchanged"`; then what it is about, how it is usually told, what is found, and where
//! the rule comes from.

use super::codes;

codes! {
    DirtyTree = "dirty-tree", Repository, Error, "files are not committed", "this program";
    GitOperation = "git-operation", Repository, Error, "a merge, rebase or the like is not finished", "this program";
    ShallowClone = "shallow-clone", Repository, Either,
        "the clone is shallow, so changes since the last release are unknown; a warning where a level is given, and in `check` without `--release`",
        "this program";
    DetachedHead = "detached-head", Repository, Either,
        "no branch is checked out; a warning where `allow-branch` allows `HEAD`, and not reported by `check` without `--release`",
        "this program";
    BranchNotAllowed = "branch-not-allowed", Repository, Error,
        "the branch does not match `allow-branch`; not reported by `check` without `--release`",
        "this program";
    NoRemote = "no-remote", Repository, Error,
        "the remote that would be pushed to does not exist; not reported by `check` without `--release`",
        "this program";
    LateCommit = "late-commit", Repository, Either,
        "a commit came to the branch while the release was proposed; a warning with `[pr] late = \"include\"` and for one that came after it",
        "this program";
    NotProposed = "not-proposed", Repository, Error,
        "`[pr] required`: a version did not come by a merged pull request of `cargo release pr`; not reported by `check` without `--release`",
        "this program";
    CommitByGit = "commit-by-git", Repository, Warning,
        "`[pr] sign = \"api\"`: the branch of the proposal has commits by other people, so git makes the update, as a merge",
        "GitHub: `createCommitOnBranch`";
    BehindRemote = "behind-remote", Repository, Either,
        "the remote branch has commits that are not here; a warning where nothing is edited; not reported by `check` without `--release`",
        "this program";
    RemoteUnknown = "remote-unknown", Repository, Either,
        "the remote was not asked or did not answer; not reported by `check` without `--release`",
        "this program";
    StaleLockfile = "stale-lockfile", Repository, Error,
        "`Cargo.lock` does not match the manifests",
        "cargo: `--locked`";
    TagName = "tag-name", Repository, Error,
        "git takes no tag of that name, or not beside another tag",
        "git: `check-ref-format`";
    LockResolved = "lock-resolved", Plan, Warning,
        "a package of a registry, which `[patch]` gives a member, requires an older version than the new one, so that cargo resolves `Cargo.lock` again",
        "cargo: `[patch]`";
    UnknownFeature = "unknown-feature", Plan, Error,
        "packages are to be verified with a feature that none of them has",
        "cargo: `--features`";
    OtherUpstream = "other-upstream", Repository, Warning,
        "the branch tracks a remote branch with another name; the release goes to the remote branch with the same name",
        "git: `push.default`";
    TagConflict = "tag-conflict", Repository, Error,
        "the tag of a release is a directory of another tag, or the other way round, here or on the remote",
        "git: refs are kept by path";
    TagExists = "tag-exists", Repository, Error, "the tag of a release exists, here or on the remote", "this program";
    TagMissing = "tag-missing", Repository, Error,
        "`cargo release push` was to push a tag that does not exist",
        "this program";
    TagSpelling = "tag-spelling", Repository, Warning,
        "the tag of the last release is named otherwise than the new one would be",
        "this program";
    TagOfTwoVersions = "tag-of-two-versions", Repository, Error,
        "packages of different versions would share one tag",
        "this program";
    StageDiffers = "stage-differs", Repository, Either,
        "a package would lack files of the checkout: `include` names them and git ignores them; a warning for directories that tools make for themselves, such as virtual environments and other repositories",
        "this program";
    OutsideRepository = "outside-repository", Repository, Error,
        "a manifest takes a dependency, the readme or the licence from outside the repository, which no commit holds",
        "this program";
    PushRefused = "push-refused", Repository, Error,
        "the remote takes no push from here; asked in `check --release` alone, and of its hooks and protected branches nothing is asked",
        "git: `push --dry-run`";
    CommitIdentity = "commit-identity", Repository, Either,
        "git does not know who commits (an error), or would make an address up; not reported by `check` without `--release`",
        "git: `user.name`, `user.email`";
    CannotSign = "cannot-sign", Repository, Error,
        "commits or tags are to be signed, and the key or the program for it is missing, or does not sign when `check --release` tries; not reported by `check` without `--release`",
        "git: `user.signingKey`, `gpg.format`";
    HookNotExecutable = "hook-not-executable", Repository, Warning,
        "a hook of git that a release comes by is not executable, so git goes on without it",
        "git: githooks";
    InSubmodule = "in-submodule", Repository, Error,
        "a package that is released, or a file that a release would edit, lies in a submodule, whose commits are another repository's",
        "git: submodules";
    SubmoduleEmpty = "submodule-empty", Repository, Warning,
        "a submodule below a published package is not checked out, so nothing of it is packed",
        "this program";
    BelowEvidence = "below-evidence", Plan, Either,
        "the version says less than the changes do; an error where cargo would take a breaking change for a compatible one",
        "the Cargo book: SemVer compatibility";
    ApiNotCompared = "api-not-compared", Plan, Either,
        "the API of a library that changed could not be compared with its last release; an error where `semver-check` is \"require\"",
        "cargo-semver-checks";
    VersionGoesDown = "version-goes-down", Plan, Either,
        "the version is below the current one, or below the last release; a warning where it was given and is below a tag alone",
        "this program";
    MetadataDropped = "metadata-dropped", Plan, Warning,
        "the current version has build metadata and the next one has none", "semver.org";
    UnreleasedVersion = "unreleased-version", Plan, Either,
        "a level was given on top of a version that was never released; a warning before the first release",
        "this program";
    UnreleasedPreRelease = "unreleased-pre-release", Plan, Warning,
        "a pre-release that was never released is left as it is",
        "this program";
    CommitNearMiss = "commit-near-miss", Plan, Warning,
        "a commit looks as if it was meant to say that something breaks, and does not count as such",
        "conventionalcommits.org";
    ReleaseAs = "release-as", Plan, Warning,
        "a footer `Release-As:` asks for a version that cannot be gone to",
        "this program";
    ReleaseWithoutTag = "release-without-tag", Plan, Warning,
        "a version is published, and no tag names it",
        "this program";
    TagWithoutRelease = "tag-without-release", Plan, Warning,
        "a tag names a version that is not published",
        "this program";
    RequirementUnderstated = "requirement-understated", Plan, Warning,
        "a member got something new, and dependents that may use it admit versions without it",
        "the Cargo book: specifying dependencies";
    RequirementRange = "requirement-range", Plan, Error,
        "a requirement that has to change has several parts, and only its author knows what is meant",
        "this program";
    DependentLeftOut = "dependent-left-out", Plan, Warning,
        "a package needs a new requirement and is not released",
        "this program";
    DependencyCircle = "dependency-circle", Plan, Error,
        "packages need each other to be published first",
        "cargo: publishing order";
    DependencyWithoutVersion = "dependency-without-version", Plan, Error,
        "a published package depends on another by its path or repository alone",
        "cargo: `ops/cargo_package`";
    DependencyNotPublished = "dependency-not-published", Plan, Error,
        "a published package needs a member in a version that no registry has",
        "cargo: `ops/cargo_package`";
    ChangelogEmpty = "changelog-empty", Plan, Warning, "there is nothing to say in the changelog", "this program";
    ChangelogBreaking = "changelog-breaking", Plan, Warning,
        "something breaks, and the changelog entry does not say so",
        "this program";
    ChangelogDeclaresBreaking = "changelog-declares-breaking", Plan, Error,
        "the changelog entry declares a breaking change, and the version is taken as compatible",
        "this program";
    ChangelogUncovered = "changelog-uncovered", Plan, Warning,
        "commits or change notes that the changelog entry does not speak of",
        "this program";
    ChangelogVersionExists = "changelog-version-exists", Plan, Warning,
        "the changelog has the version already",
        "this program";
    ChangelogUnreadable = "changelog-unreadable", Plan, Error, "a changelog cannot be understood", "this program";
    ChangelogConflict = "changelog-conflict", Plan, Error, "a changelog has markers of a merge", "this program";
    ChangelogTwoUnreleased = "changelog-two-unreleased", Plan, Error,
        "unreleased changes of one package are under two headings",
        "this program";
    ChangelogUnclosed = "changelog-unclosed", Plan, Error,
        "a code block or comment of a changelog does not end",
        "this program";
    ChangelogUnfit = "changelog-unfit", Plan, Error,
        "an entry would not be read back as it was written: a heading in it would end it",
        "this program";
    ChangelogNoHeading = "changelog-no-heading", Plan, Warning,
        "no heading of a changelog is that of a release or of unreleased changes",
        "this program";
    ChangelogHeading = "changelog-heading", Plan, Warning,
        "a heading looks like that of a release and cannot be parsed",
        "this program";
    ChangelogVersionTwice = "changelog-version-twice", Plan, Warning, "a version has two headings", "this program";
    ChangelogDates = "changelog-dates", Plan, Warning, "a release is dated before an older one", "this program";
    ChangelogDeadLink = "changelog-dead-link", Plan, Warning, "links compare tags that do not exist", "this program";
    ChangelogUnassigned = "changelog-unassigned", Plan, Warning,
        "in a changelog of several packages, unreleased changes name no package",
        "this program";
    NoteForm = "note-form", Plan, Error, "a change note cannot be understood", "this program";
    NotePackage = "note-package", Plan, Error, "a change note names a package that does not exist", "this program";
    NoteUnreadable = "note-unreadable", Plan, Error, "a change note is not a text", "this program";
    NoteUntold = "note-untold", Plan, Warning,
        "a release consumes change notes and writes no changelog entry, or one that does not speak of them",
        "this program";
    NoteMissing = "note-missing", Plan, Error,
        "a package changed and has no change note; told by `check --notes` alone",
        "this program";
    ChangelogNone = "changelog-none", Plan, Warning,
        "a package has no changelog, was released without one before, and gets none",
        "this program";
    ChangelogForeign = "changelog-foreign", Plan, Warning,
        "a changelog is not Markdown, so no entry is written",
        "this program";
    SignatureChanged = "signature-changed", Plan, Warning,
        "a signature of a public item changed, which may break callers and may not",
        "rust-lang.github.io/rfcs/1105";
    CliffFailed = "cliff-failed", Plan, Warning,
        "`cliff.toml` or its template fails, so entries are drafted by the built-in template",
        "git-cliff";
    CliffCommand = "cliff-command", Plan, Warning, "`cliff.toml` names a command, which is not run", "this program";
    ReplacementFile = "replacement-file", Plan, Error,
        "a file that `pre-release-replacements` names cannot be had",
        "this program";
    ReplacementSearch = "replacement-search", Plan, Error, "`search` is no regular expression", "this program";
    ReplacementCount = "replacement-count", Plan, Error, "`search` is found too often or too seldom", "this program";
    Unchanged = "unchanged", Plan, Warning, "a package is released though nothing changed in it", "this program";
    Lockfile = "lockfile", Plan, Error, "`Cargo.lock` cannot be edited", "this program";
    WorkspacePatch = "workspace-patch", Plan, Warning,
        "`[patch]` in the workspace: what was tested here is not what users get",
        "the Cargo book: overriding dependencies";
    RegistryNotConfigured = "registry-not-configured", Registry, Error,
        "cargo has no index for the registry",
        "this program";
    RegistryNotListed = "registry-not-listed", Registry, Error,
        "a package is sent to a registry that `package.publish` does not list",
        "cargo: `ops/registry/publish.rs`";
    RegistryWithoutApi = "registry-without-api", Registry, Error,
        "the registry takes no uploads: its index names no `api`",
        "cargo: `ops/registry`";
    RegistryUnknown = "registry-unknown", Registry, Either,
        "the registry was not asked, or does not say whether the version is free",
        "this program";
    VersionExists = "version-exists", Registry, Error,
        "the version is published, or was and is yanked; build metadata does not count",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    NameSpelledOtherwise = "name-spelled-otherwise", Registry, Error,
        "the crate exists under another spelling (case, `-` and `_`)",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    DependencyUnknown = "dependency-unknown", Registry, Either,
        "a dependency is in the registry not by that name, in that spelling, or in such a version; a warning where all such versions are yanked; asked in `check` alone",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`; cargo: resolving `Cargo.lock`";
    NotAnOwner = "not-an-owner", Registry, Error,
        "the crate belongs to others than `[check] owners` says",
        "`rust-lang/crates.io`: `controllers/helpers/authorization.rs`";
    OwnersDiffer = "owners-differ", Registry, Warning,
        "an owner that `[check] owners` names is missing",
        "this program";
    TrustedPublishingOnly = "trusted-publishing-only", Registry, Warning,
        "new versions come by trusted publishing alone, so a token is refused",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    RegistryReadOnly = "registry-read-only", Registry, Error,
        "the registry takes no uploads for now",
        "`rust-lang/crates.io`: `controllers/site_metadata.rs`";
    NoToken = "no-token", Registry, Error,
        "cargo has no token for a registry; `-x` and `check --release` look",
        "cargo";
    AuditUntagged = "audit-untagged", Registry, Warning,
        "`audit`: a version is published, and no tag names it",
        "this program";
    AuditUnpublished = "audit-unpublished", Registry, Warning,
        "`audit`: a tag names a version that is not published",
        "this program";
    AuditContent = "audit-content", Registry, Either,
        "`audit`: what is published is not what the tag has",
        "this program";
    AuditChangelog = "audit-changelog", Registry, Warning,
        "`audit`: the changelog has no entry for the newest published version",
        "this program";
    AuditYanked = "audit-yanked", Registry, Warning,
        "`audit`: a version is yanked, and the changelog does not say so",
        "Keep a Changelog: yanked releases";
    AuditLockfile = "audit-lockfile", Repository, Warning,
        "`audit`: the lock file of a crate outside the workspace has a member at another version",
        "this program";
    RateLimit = "rate-limit", Registry, Warning,
        "more crates or versions than the registry takes at once; the rest takes this long",
        "`rust-lang/crates.io`: `config/rate_limits.rs`";
    TokenInReach = "token-in-reach", Registry, Warning,
        "cargo keeps tokens in a file, which build scripts and macros that run during verification could read; they are named, and it is not read here",
        "the Cargo book: credential providers";
    RegistryNotAsked = "registry-not-asked", Registry, Warning,
        "what a registry could tell was not asked, or it did not answer",
        "this program";
    VerifyFailed = "verify-failed", Archive, Error,
        "cargo does not pack or build the packages: they do not compile, a build script changes the sources, a file that the manifest names is missing, a name is one that cargo keeps for itself, or dependencies do not resolve",
        "cargo: `cargo package`";
    CrateName = "crate-name", Archive, Error,
        "the name has other than ASCII letters, digits, `-` and `_`, does not begin with a letter, or has more than 64 characters",
        "`rust-lang/crates.io`: `crates_io_validation`";
    NameReserved = "name-reserved", Archive, Error,
        "the registry keeps the name back",
        "`rust-lang/crates.io`: its migrations";
    VersionTooLong = "version-too-long", Archive, Error,
        "the version has more than 150 characters",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    CrateTooLarge = "crate-too-large", Archive, Error,
        "the archive has more than 10 MiB",
        "`rust-lang/crates.io`: `config/publish_limits.rs`";
    ArchiveUnreadable = "archive-unreadable", Archive, Error,
        "cannot unpack the archive, or has 512 MiB and more then",
        "`rust-lang/crates.io`: `crates_io_tarball`";
    MetadataTooLarge = "metadata-too-large", Archive, Error,
        "the readme does not fit into the MiB of metadata that is uploaded first",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    EntryPath = "entry-path", Archive, Error,
        "something in the archive lies outside of `NAME-VERSION/`",
        "`rust-lang/crates.io`: `crates_io_tarball`";
    EntryType = "entry-type", Archive, Error,
        "something in the archive is neither file nor directory",
        "`rust-lang/crates.io`: `crates_io_tarball`";
    FileName = "file-name", Archive, Error,
        "a file has a name that some system cannot have",
        "cargo: `ops/cargo_package`";
    FileNameOnWindows = "file-name-on-windows", Archive, Warning,
        "a file has a name that Windows keeps for a device",
        "cargo: `ops/cargo_package`";
    ManifestFile = "manifest-file", Archive, Error,
        "there is no `Cargo.toml`, more than one, or one in other letters",
        "`rust-lang/crates.io`: `crates_io_tarball`";
    ManifestUnreadable = "manifest-unreadable", Archive, Error,
        "the manifest is no TOML, or has no `[package]`, `name` or `version`",
        "`rust-lang/crates.io`: `crates_io_cargo_toml`";
    ManifestPatch = "manifest-patch", Archive, Error,
        "the manifest has `[patch]`",
        "`rust-lang/crates.io`: `crates_io_tarball`";
    ManifestInherits = "manifest-inherits", Archive, Error,
        "a value is still to come from a workspace",
        "`rust-lang/crates.io`: `crates_io_tarball`";
    ManifestType = "manifest-type", Archive, Error,
        "a value has the wrong type",
        "`rust-lang/crates.io`: `crates_io_cargo_toml`";
    ManifestMismatch = "manifest-mismatch", Archive, Error,
        "the archive is uploaded under another name or version than its manifest has",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    EditionUnknown = "edition-unknown", Archive, Error,
        "the registry does not know the edition",
        "`rust-lang/crates.io`: `crates_io_cargo_toml`";
    LibraryMissing = "library-missing", Archive, Error,
        "`[lib]` has no `path` and `src/lib.rs` is not packed",
        "`rust-lang/crates.io`: `crates_io_cargo_toml`";
    MissingMetadata = "missing-metadata", Archive, Error,
        "`description`, or both of `license` and `license-file`, are missing or empty",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    DescriptionTooLong = "description-too-long", Archive, Error,
        "`description` has more than 1000 bytes",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    LicenseInvalid = "license-invalid", Archive, Error,
        "`license` is no SPDX expression",
        "`rust-lang/crates.io`: `licenses.rs`";
    LinkInvalid = "link-invalid", Archive, Error,
        "`homepage`, `documentation` or `repository` is no address with http",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    RustVersionInvalid = "rust-version-invalid", Archive, Error,
        "`rust-version` is no version of Rust",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    TooManyKeywords = "too-many-keywords", Archive, Error,
        "there are more than 5 keywords",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    KeywordInvalid = "keyword-invalid", Archive, Error,
        "a keyword has more than 20 bytes, or other than letters, digits, `_`, `-` and `+`",
        "`rust-lang/crates.io`: `models/keyword.rs`";
    TooManyCategories = "too-many-categories", Archive, Error,
        "there are more than 5 categories",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    CategoryUnknown = "category-unknown", Archive, Error,
        "the registry has no such category",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    CategoryUnlisted = "category-unlisted", Archive, Warning,
        "the category is not among those known here, and the registry was not asked",
        "`rust-lang/crates.io`: `boot/categories.toml`";
    TooManyFeatures = "too-many-features", Archive, Error,
        "there are more than 300 features",
        "`rust-lang/crates.io`: `config/publish_limits.rs`";
    FeatureTooWide = "feature-too-wide", Archive, Error,
        "a feature enables more than 300 others",
        "`rust-lang/crates.io`: `config/publish_limits.rs`";
    FeatureName = "feature-name", Archive, Error,
        "a feature has a name that none can have",
        "`rust-lang/crates.io`: `crates_io_validation`";
    FeatureValue = "feature-value", Archive, Error,
        "a feature, or a dependency, asks for a feature that none can be called",
        "`rust-lang/crates.io`: `crates_io_validation`";
    TooManyDependencies = "too-many-dependencies", Archive, Error,
        "there are more than 500 dependencies",
        "`rust-lang/crates.io`: `config/publish_limits.rs`";
    DependencyName = "dependency-name", Archive, Error,
        "a dependency has a name that no crate can have",
        "`rust-lang/crates.io`: `crates_io_validation`";
    DependencyRegistry = "dependency-registry", Archive, Error,
        "a dependency comes from another registry",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`; cargo: `ops/registry/publish.rs`";
    RequirementInvalid = "requirement-invalid", Archive, Error,
        "a requirement is none",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    RequirementWildcard = "requirement-wildcard", Archive, Error,
        "a requirement is `*`, or missing",
        "`rust-lang/crates.io`: `controllers/krate/publish.rs`";
    Secret = "secret", Regrets, Error,
        "a packed file holds a private key, or what looks like a token",
        "the shapes that issuers publish";
    SecretInTests = "secret-in-tests", Regrets, Warning,
        "a packed file in a directory for tests holds a private key",
        "RFC 7468";
    SecretFile = "secret-file", Regrets, Error, "a file that is there to hold credentials is packed", "this program";
    LfsPointer = "lfs-pointer", Regrets, Error,
        "a packed file is a pointer of Git LFS, not the file",
        "Git LFS: specification";
    FileLarge = "file-large", Regrets, Warning, "files above 1 MiB are packed", "this program";
    FileLitter = "file-litter", Regrets, Warning, "files of editors, systems or tools are packed", "this program";
    FileMedia = "file-media", Regrets, Warning,
        "media that no packed source names are packed, 128 KiB and more",
        "this program";
    FileTestData = "file-test-data", Regrets, Warning, "test data is packed, 128 KiB and more", "this program";
    LicenseTextMissing = "license-text-missing", Regrets, Warning,
        "no text of the licence is packed",
        "most licences: the text goes along";
    ReadmeMissing = "readme-missing", Regrets, Warning, "there is no readme", "the Cargo book: publishing";
    ReadmeLinkBroken = "readme-link-broken", Regrets, Warning,
        "relative links of the readme lead nowhere once it is published",
        "`rust-lang/crates.io`: `crates_io_markdown`";
    RepositoryMissing = "repository-missing", Regrets, Warning,
        "`repository` is missing",
        "the Cargo book: publishing";
    RustVersionMissing = "rust-version-missing", Regrets, Warning,
        "`rust-version` is missing",
        "the Cargo book: Rust version";
}
