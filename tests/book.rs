//! `docs/semver.md` is the table of `tests/semver/book.rs` in words.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "the page is a file")]

#[path = "semver/book.rs"]
mod book;
mod support;

use std::fmt::Write as _;

use book::Book;
use book::ROWS;
use book::Row;
use book::Seen;
use support::is_kept;

const HEAD: &str = "\
# How a change decides the level

A release gets the highest level that anything calls for: its commits, its manifest compared with that of the last
release, the API check, and the dependencies that it needs in a new version. This page goes through the chapter
[SemVer Compatibility](https://doc.rust-lang.org/cargo/reference/semver.html) of the Cargo book and says which changes are
detected even if no commit mentions them, and which are not.

The tables are generated from those that the tests run: `SNAPSHOTS=overwrite cargo test --test book`. What the API check
detects is tested with the real program (version 0.51.0) by `cargo test --features e2e --test semver_checks`, with one
example of each change; other forms of the same change may go undetected. Lints that only warn do not raise the level.

## The API check

Set `[bump] semver-check` in `release.toml`, or pass `--semver-check`: `off`, `auto` or `require`. The check runs
[cargo-semver-checks](https://crates.io/crates/cargo-semver-checks) 0.51 or newer if it is installed
(`cargo install cargo-semver-checks --locked`), or the program that `CARGO_SEMVER_CHECKS` names.

- A library is checked if it changed since its last release, unless other evidence already says that it breaks or its next
  version counts as breaking anyway. A pre-release is compared with the last stable version.
- The check compares the commit that is checked out with the commit of the last release. Both are extracted below the git
  directory: nothing is built in the checkout, and uncommitted changes are not compared. If the old commit does not have
  the package, its version on crates.io is used.
- The result is one of three: compatible; at least this level, with the lints and their places; or not compared, and why.
  The third never counts as the first: it is a warning with `auto` and an error with `require` (`api-not-compared`).
  Without a setting, a missing program is not mentioned.
- Nothing is compared, and `require` does not fail, if there is no library or no earlier release, or if every version is
  breaking (0.0.z). The check cannot see the API of a procedural macro: with `require`, set `semver-check = \"off\"` for
  such a package.
- If both versions can be documented, the signatures of all public items are compared as well: the types of parameters,
  results, fields and constants, bounds, and type parameters. A change that certainly breaks callers is breaking; one that
  may or may not (references, `impl Trait`, type parameters) is the warning `signature-changed`. This documents the library
  twice, which takes from seconds to half a minute ([performance.md](performance.md#the-api-check-with-signatures)). The
  same documentation shows which crates have types in the API: `[bump] public-dependencies = [\"auto\"]`.
- Building documentation runs build scripts; their environment contains no tokens. Both versions share
  `target/cargo-release/api`. Dependencies are downloaded as cargo does; with `--offline`, only those that are there already
  are used. A comparison is given up after 20 minutes.
- Configure lints as for the program itself: `[package.metadata.cargo-semver-checks.lints]`.

";

const REPLAYED: &str = "
## Compared with real releases

For each of the last ten releases of a workspace, `benches/replay.sh` plans the commit before it, offline and without the
API check. Of the packages that the maintainers released:

| workspace | released | the same version | another version | not released |
|---|---|---|---|---|
| clap | 11 | 9 | 2 | 0 |
| gitoxide | 160 | 75 | 73 | 12 |
| gitoxide, with `[bump] public-dependencies` | 160 | 153 | 2 | 5 |

- clap released two `feat`s as patches; `[bump] rules` can do the same.
- The crates of gitoxide have each other's types in their APIs, which offline only `public-dependencies` (the glob `gix-*`)
  says. Without it, a crate that depends on a broken one gets a patch.
- The remaining two go from 0.0.0 to 0.1.0, a step that is only made on request. Of the five not released, four changed
  nothing that they ship (tests, a fuzz target, a changelog, requirements that match the same versions), and one is new and
  already tagged.
- Each time, the maintainers named some of the packages that had changed; a plan without names releases all of them.
";

/// The page.
fn page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("## What is detected\n\n| change | the book | detected by | level |\n|---|---|---|---|\n");
    for row in ROWS {
        let (by, level) = match row.seen {
            Seen::Api(level) => ("API check", level),
            Seen::Manifest(level) => ("manifest", level),
            Seen::Signatures(level) => ("signatures", level),
            Seen::Nobody => continue,
        };
        writeln!(page, "{} {by} | {level} |", start(row)).unwrap();
    }
    page.push_str(
        "\n## What is not detected\n\nA commit has to say so: `!` or a footer `BREAKING CHANGE:` for what breaks,",
    );
    page.push_str(" `feat` for what is added.\n\n| change | the book |\n|---|---|\n");
    for breaks in [true, false] {
        let unseen = ROWS.iter().filter(|row| row.seen == Seen::Nobody && (row.book == Book::Minor) != breaks);
        unseen.for_each(|row| writeln!(page, "{}", start(row).trim_end()).unwrap());
    }
    page.push_str(REPLAYED);
    page
}

fn start(row: &Row) -> String {
    let book = match row.book {
        Book::Major => "major",
        Book::Minor => "minor",
        Book::Possibly => "possibly breaking",
    };
    let Row { anchor, what, .. } = row;
    format!("| [{what}](https://doc.rust-lang.org/cargo/reference/semver.html#{anchor}) | {book} |")
}

// The page is what the table says, and the table has each change once.
#[test]
fn the_page_is_current() {
    is_kept("docs/semver.md", &page());
    let mut anchors: Vec<&str> = ROWS.iter().map(|row| row.anchor).collect();
    anchors.sort_unstable();
    anchors.dedup();
    assert_eq!(anchors.len(), ROWS.len());
    // All sections of the chapter, `type-layout` by its parts.
    assert_eq!(ROWS.len(), 54);
}
