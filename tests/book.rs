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
# What is seen of a change

The level of a release is the highest that anything asks for: the commits, the manifest compared with that of the last
release, the API check, what dependencies force on a package. This page says which of the changes in the Cargo book's
chapter [SemVer Compatibility](https://doc.rust-lang.org/cargo/reference/semver.html) are seen without anybody saying so
in a commit, and which are not.

It is generated from the table that the tests run: `SNAPSHOTS=overwrite cargo test --test book`. What the API check sees
is asked of the real one (version 0.51.0) by `cargo test --features e2e --test semver_checks`, with one example for each
change: other forms of the same change may be seen or not. Lints that only warn ask for nothing.

## The API check

`[bump] semver-check` in `release.toml`, or `--semver-check`: `off`, `auto`, `require`. The program
[cargo-semver-checks](https://crates.io/crates/cargo-semver-checks) 0.51 or newer is used where it is installed
(`cargo install cargo-semver-checks --locked`), or the one that the variable `CARGO_SEMVER_CHECKS` names.

- Asked are libraries that changed since their last release, where nothing else says already that they break and where
  their version could be taken for compatible. For a pre-release, the last stable version is compared with.
- Compared are the commit that is checked out and the commit of the last release, both laid out below the git directory;
  nothing is built in the checkout, and what is not committed is not compared. Where that commit does not have the
  package, the version on crates.io is compared with.
- There are three answers: compatible; at least this level, with the lints and their places; could not be compared,
  and why. The third is never taken for the first: it is a warning with `auto`, and blocks with `require`
  (`api-not-compared`). Without a setting, nothing is said where the program is not installed.
- Nothing is compared, and `require` does not block, where there is no library, no earlier release, or where every step
  breaks (0.0.z). Procedural macros have an API that the check does not see: with `require`, they need
  `semver-check = \"off\"` of their own.
- With it, where both sides can be documented, the signatures of all public items are compared: types of parameters,
  results, fields and constants, bounds, and type parameters. What surely breaks callers is breaking; what may or may not
  (references, `impl Trait`, type parameters) is the warning `signature-changed`. This needs the library documented twice,
  which takes seconds to half a minute ([performance.md](performance.md#the-api-check-with-signatures)). The same
  documentation tells which crates have types in the API: `[bump] public-dependencies = [\"auto\"]`.
- It builds documentation, and so runs build scripts; no token is in their environment. Both sides share
  `target/cargo-release/api`. Dependencies are downloaded as cargo does, with `--offline` only used where they are there.
  A comparison that takes longer than 20 minutes has no answer.
- Lints are configured as for the program by itself: `[package.metadata.cargo-semver-checks.lints]`.

";

const REPLAYED: &str = "
## Held against real releases

`benches/replay.sh` plans, for each of the last ten releases of a workspace, at the commit before it, offline and without
the API check. Of the packages that their maintainers released:

| workspace | released | the same version | another version | not seen |
|---|---|---|---|---|
| clap | 11 | 9 | 2 | 0 |
| gitoxide | 160 | 75 | 73 | 12 |
| gitoxide, with `[bump] public-dependencies` | 160 | 153 | 2 | 5 |

- clap released two `feat`s as patches; `[bump] rules` says so where that is meant.
- The crates of gitoxide have each other's types in their APIs. Nothing tells that but `public-dependencies`
  (`gix-*`, as a glob); without it, who depends on what broke gets a patch.
- The two left are steps from 0.0.0 to 0.1.0, which are only ever asked for. Of the five not seen, four changed nothing
  that they ship (tests, a fuzz target, a changelog, requirements that admit the same), and one is new with its tag.
- Both released a part of what had changed each time, with the packages named; a plan without any takes all of it.
";

/// The page.
fn page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("## What is seen\n\n| change | the book | seen by | as |\n|---|---|---|---|\n");
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
        "\n## What nobody sees\n\nA commit has to say so: `!` or a footer `BREAKING CHANGE:` for what breaks,",
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
