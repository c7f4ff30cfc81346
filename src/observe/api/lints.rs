//! The report of `cargo semver-checks`, for words only: which lints fired, and where. A line that is not understood is
//! left out.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::level::Level;
use crate::names::RepoPath;
use crate::snapshot::ApiLint;
use crate::snapshot::ApiPlace;
use crate::tools::system::process::Output;

/// `--- failure ID: TITLE ---`
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^--- failure (\w+): (.*) ---$").ok());

/// `WHAT, previously in file PATH:LINE`, in the ways that lints say it.
static PLACE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(.*?),? (?:previously )?(?:in|at) (?:file )?(/?[^ ]+\.rs):(\d+)(.*)$").ok());

/// The lints that a report names, all of them at one level. `roots` are the trees that were compared; a path that is
/// relative is one of the package in `dir`.
pub(crate) fn read(report: &str, level: Level, roots: &[&Path], dir: &RepoPath) -> Vec<ApiLint> {
    let mut found: Vec<ApiLint> = Vec::new();
    let mut in_places = false;
    for line in report.lines() {
        if let Some(head) = HEAD.as_ref().and_then(|head| head.captures(line)) {
            let (id, title) = (head[1].to_owned(), head[2].to_owned());
            found.push(ApiLint { id, title, level, places: Vec::new() });
            in_places = false;
        } else if line.starts_with("--- ") {
            // A warning, which asks for nothing: its places belong to no lint above.
            found.retain(|lint| !lint.places.is_empty() || in_places);
            in_places = false;
        } else if line.starts_with("Failed in:") {
            in_places = true;
        } else if let (true, Some(text), Some(last)) = (in_places, line.strip_prefix("  "), found.last_mut()) {
            last.places.push(place(text.trim(), roots, dir));
        }
    }
    found
}

fn place(text: &str, roots: &[&Path], dir: &RepoPath) -> ApiPlace {
    let Some(parts) = PLACE.as_ref().and_then(|place| place.captures(text)) else {
        return ApiPlace { what: text.to_owned(), path: None, line: None };
    };
    let file = Path::new(&parts[2]);
    let below = roots.iter().find_map(|root| file.strip_prefix(root).ok());
    let path = match below {
        Some(below) => below.to_str().map(|path| RepoPath::from(path.replace('\\', "/").as_str())),
        None if file.is_relative() => dir.resolve(&parts[2]),
        None => None,
    };
    ApiPlace { what: format!("{}{}", &parts[1], &parts[4]), path, line: parts[3].parse().ok() }
}

/// What the program was at when it ended, and the first error that it told then, in its own words.
pub(crate) fn why_not(output: &Output) -> String {
    let ended = output.code.map_or_else(|| "a signal".to_owned(), |code| format!("status {code}"));
    let lines: Vec<&str> = output.stderr.lines().map(str::trim).collect();
    let begun = lines.iter().rposition(|line| line.starts_with("Building "));
    let after = lines.get(begun.unwrap_or(0)..).unwrap_or_default();
    let wrapped = |line: &&&str| line.starts_with("error: running ");
    let error = after.iter().filter(|line| line.starts_with("error")).find(|line| !wrapped(line));
    let said = error.map_or_else(|| output.tail(1).trim().to_owned(), |line| (*line).to_owned());
    let at = begun.and_then(|at| lines.get(at)).map_or_else(String::new, |line| format!(" at `{line}`"));
    let said = if said.is_empty() { said } else { format!(": {said}") };
    format!("`cargo semver-checks` ended with {ended}{at}{said}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = include_str!("../../../tests/semver/report.txt");
    const BROKEN: &str = include_str!("../../../tests/semver/broken.txt");

    fn found() -> Vec<ApiLint> {
        let roots = [Path::new("/room/head"), Path::new("/room/then")];
        read(REPORT, Level::Breaking, &roots, &"core".into())
    }

    // A recorded report gives its lints with their places, as paths of the repository.
    #[test]
    fn a_report_is_read() {
        let told: Vec<String> = found()
            .iter()
            .map(|lint| {
                let place = &lint.places[0];
                let path = place.path.as_ref().map_or("-", RepoPath::as_str);
                format!("{} | {} | {} | {path}:{}", lint.id, lint.title, place.what, place.line.unwrap_or(0))
            })
            .collect();
        let expected = [
            "constructible_struct_adds_field | struct exhaustively constructible through public API adds field | \
             field S.b | core/src/lib.rs:5",
            "function_marked_deprecated | function #[deprecated] added | function toy_core::kept | core/src/lib.rs:8",
            "function_missing | pub fn removed or renamed | function toy_core::old | core/src/lib.rs:4",
            "struct_must_use_added | struct #[must_use] added | struct S | core/src/lib.rs:5",
        ];
        assert_eq!(told, expected);
    }

    // Words that nobody knows are kept as they are, and nothing is made of a report in another form.
    #[test]
    fn a_report_in_other_words_is_no_harm() {
        let roots = [Path::new("/room/head")];
        let read = |text| read(text, Level::Feature, &roots, &"core".into());
        let lints = read("--- failure new_lint: something ---\nFailed in:\n  all of it\n");
        assert_eq!((lints[0].places[0].what.as_str(), lints[0].places[0].path.as_ref()), ("all of it", None));
        assert_eq!(read("{\"format\": 2}"), []);
    }

    // What did not build is reported with the side that it was on.
    #[test]
    fn a_broken_baseline_is_told() {
        let output = Output { code: Some(101), stdout: Vec::new(), stderr: BROKEN.to_owned(), interrupted: false };
        assert_eq!(
            why_not(&output),
            "`cargo semver-checks` ended with status 101 at `Building toy-core v1.2.3 (baseline)`: error: this file \
             contains an unclosed delimiter"
        );
    }
}
