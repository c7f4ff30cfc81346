//! Holds real changelogs against what a search for their headings finds, and puts a draft and a release into each:
//! `cargo bench --bench changelogs -- PATH…`. Without paths it does nothing. The package is the name of the file up to
//! its first dash.
//!
//! For each file: the sections and the versions that are read, the lines that look like headings of a release, whether
//! the text is rendered byte for byte, whether a drafted item stands under Unreleased, and whether a release takes it.

#![expect(clippy::print_stdout, clippy::disallowed_methods, clippy::expect_used, reason = "it is a script")]

use std::collections::BTreeSet;
use std::time::Instant;

use cargo_release::testing::changelog;
use cargo_release::testing::changelog::Document;
use cargo_release::testing::changelog::Marker;
use cargo_release::testing::changelog::Owner;
use cargo_release::testing::changelog::Release;
use cargo_release::testing::changelog::Unreleased;
use regex::Regex;
use semver::Version;

const DRAFT: &str = "### Fixed\n\n- a drafted item";

fn main() {
    let paths: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a text");
        let name = path.rsplit('/').next().and_then(|file| file.split('-').next()).unwrap_or("a-package");
        println!("{path}\n  {}", report(&text, &Owner::alone(&name.into())));
    }
}

fn report(text: &str, owner: &Owner) -> String {
    let begun = Instant::now();
    let document = Document::parse(text);
    let versions: BTreeSet<String> = document.releases().map(|(heading, _)| heading.version.to_string()).collect();
    let read = document.releases().count();
    let searched = searched(text);
    let missed: Vec<&String> = searched.iter().filter(|version| !versions.contains(*version)).collect();
    let drafted = drafted(text, owner);
    let flaws = changelog::flaws(text, owner, &|_| true);
    let flaws: Vec<String> = flaws.iter().map(|flaw| format!("\n    {}: {}", flaw.line, flaw.kind)).collect();
    format!(
        "{} bytes, {} sections, {read} releases, {} versions; the search finds {}, of them not read {missed:?}\n  \
         rendered equal: {}; draft: {drafted}; {:?}; {} flaws{}",
        text.len(),
        document.sections.len(),
        versions.len(),
        searched.len(),
        document.render() == text,
        begun.elapsed(),
        flaws.len(),
        flaws.concat()
    )
}

/// Versions in lines that look like headings, found by an expression that knows nothing of Markdown.
fn searched(text: &str) -> BTreeSet<String> {
    let version = r"v?(\d+\.\d+(?:\.\d+)?(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.]+)?)";
    let marked = Regex::new(&format!(r"(?m)^#{{1,3}} (?:\[|Release [a-z-]+ |[Vv]ersion |Cargo )?{version}"))
        .expect("an expression");
    let underlined = Regex::new(&format!(r"(?m)^{version}[^\n]*\n(?:=|-){{3,}}")).expect("an expression");
    let found = marked.captures_iter(text).chain(underlined.captures_iter(text));
    let whole =
        |version: &str| if version.matches('.').count() == 1 { format!("{version}.0") } else { version.to_owned() };
    found.map(|captures| whole(&captures[1])).collect()
}

fn drafted(text: &str, owner: &Owner) -> String {
    let like = Release {
        owner: owner.clone(),
        version: Version::new(999, 0, 0),
        date: jiff::civil::date(2026, 11, 22),
        previous_tag: None,
        tag: None,
        repository: None,
        draft: Some(DRAFT.to_owned()),
    };
    let marker = Marker { through: "1a2b3c4d5e6f".to_owned(), covered: BTreeSet::from(["0123abcd".to_owned()]) };
    let with = match changelog::bring_up(text, &like, Some(&marker)) {
        Ok(with) => with,
        Err(problem) => return format!("refused on line {}: {problem}", problem.line()),
    };
    let state = Unreleased::read(&with, owner).expect("it was read before");
    let there = state.entry.contains("a drafted item") && state.marker == Some(marker);
    let kept = subsequence(text, &with);
    let released = match changelog::release(&with, &like) {
        Ok(released) => released,
        Err(problem) => return format!("in place: {there}; release refused on line {}: {problem}", problem.line()),
    };
    let line = released.text.lines().position(|line| line.contains("999.0.0")).map_or(0, |line| line + 1);
    let newest = Document::parse(&released.text).releases().next().map(|(heading, _)| heading.heading.text.clone());
    format!(
        "in place: {there}, on line {:?}, nothing lost: {kept}; released on line {line} as {newest:?}, with it: {}",
        state.line,
        released.entry.contains("a drafted item") && !released.entry.contains("<!-- drafted")
    )
}

/// Whether all lines of a text stand in another, in their order.
fn subsequence(text: &str, other: &str) -> bool {
    let mut lines = other.lines();
    text.lines().all(|line| lines.any(|other| other == line))
}
