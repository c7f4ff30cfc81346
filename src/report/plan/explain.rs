//! The reasons for each version (`cargo release plan --explain`).

use std::io;

use crate::level::Level;
use crate::plan::Evidence;
use crate::plan::Explanation;
use crate::plan::Ignored;
use crate::plan::Reason;
use crate::plan::WhyNot;
use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::style::field;
use crate::report::screen::text;

/// How many reasons, and how many commits that do not count, are listed without `-v`.
const REASONS: usize = 10;
const NOT_COUNTED: usize = 5;

/// Writes why each of these packages is or is not released: its reasons with their sources, and the commits that do not
/// count. Lists only the first few of each unless `at_length` is set.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn explain(out: &mut dyn Screen, explanations: &[Explanation], at_length: bool) -> io::Result<()> {
    for (at, explanation) in explanations.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        one(out, explanation, at_length)?;
    }
    Ok(())
}

/// The first lines, and the number of remaining ones.
fn some(lines: Vec<String>, at_most: usize, at_length: bool) -> Vec<String> {
    let more = lines.len().saturating_sub(at_most);
    if at_length || more < 2 {
        return lines;
    }
    lines.into_iter().take(at_most).chain([format!("and {more} more (-v lists them)")]).collect()
}

fn one(out: &mut dyn Screen, explanation: &Explanation, at_length: bool) -> io::Result<()> {
    let Explanation { name, last, told_by, stable, to, left_out, reasons, earlier, api, ignored } = explanation;
    let end = match (to, left_out) {
        (Some(to), _) => format!(" -> {to}"),
        (None, Some(why)) => format!(": {}", not(*why)),
        (None, None) => String::new(),
    };
    let from = last.as_ref().map_or_else(String::new, |(version, _)| format!(" {version}"));
    for line in text::wrap(&text::clean(&format!("{name}{from}{end}")), out.text_columns()) {
        writeln!(out, "{}", style::paint(style::TITLE, line))?;
    }
    let since = match (last, told_by) {
        (Some((version, commit)), Some(tag)) => format!("{version}, at {} (tag {tag})", commit.short()),
        (Some((version, commit)), None) => format!("{version}, at {} (published archive)", commit.short()),
        (None, _) => "none".to_owned(),
    };
    let stable = stable.as_ref().map_or_else(String::new, |stable| format!("; the next version is based on {stable}"));
    field(out, "Last release", &[format!("{since}{stable}")])?;
    let none = || vec!["no change needs a release".to_owned()];
    let told: Vec<String> = reasons.iter().map(told).collect();
    let told = if told.is_empty() { none() } else { some(told, REASONS, at_length) };
    field(out, "Reasons", &told)?;
    field(out, "Before", &some(earlier.iter().map(self::told).collect(), NOT_COUNTED, at_length))?;
    field(out, "API", std::slice::from_ref(api))?;
    field(out, "Not counted", &some(ignored.iter().map(not_counted).collect(), NOT_COUNTED, at_length))
}

fn told(reason: &Reason) -> String {
    let level = match reason.level {
        Level::None => "",
        Level::Patch => "patch: ",
        Level::Feature => "feature: ",
        Level::Breaking => "breaking: ",
    };
    let source = match &reason.evidence {
        Evidence::Commit { commit } => format!("commit {}", commit.short()),
        // The summary contains the location.
        Evidence::Api { lint, path: _ } => format!("lint {lint}"),
        Evidence::Manifest { key } => format!("manifest, {key}"),
        Evidence::Note { path } => format!("note {path}"),
        Evidence::Dependency { package } => format!("dependency {package}"),
        Evidence::Group { group } => format!("group {group}"),
        Evidence::Request => "the request".to_owned(),
    };
    text::clean(&format!("{level}{} ({source})", reason.summary))
}

fn not_counted(ignored: &Ignored) -> String {
    let Ignored { commit, title, why } = ignored;
    text::clean(&format!("{} {title}: {why}", commit.short()))
}

fn not(why: WhyNot) -> &'static str {
    match why {
        WhyNot::Unchanged => "skipped, no change needs a release",
        WhyNot::NotSelected => "skipped, not selected",
        WhyNot::ReleaseFalse => "skipped by `release = false`",
        WhyNot::NeverReleased => {
            "skipped, not published and never released; select it with `-p`, or set `release = true` in the configuration \
             of the package"
        }
        WhyNot::PreRelease => "skipped, its unreleased pre-release needs a level or version",
        WhyNot::Done => "skipped, already done",
        WhyNot::NotPublished => "skipped, not published",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::report::sample::shown;

    // Every reason is listed with its source.
    #[test]
    fn a_story() {
        let commit = crate::names::CommitId::from("1a2b3c4d5e");
        let reason = |evidence, level, summary: &str| Reason { evidence, level, summary: summary.to_owned() };
        let explanation = Explanation {
            name: "base".into(),
            last: Some((sample::version("1.3.0-rc.1"), commit.clone())),
            told_by: Some("base-v1.3.0-rc.1".to_owned()),
            stable: Some(sample::version("1.2.3")),
            to: Some(sample::version("2.0.0-rc.1")),
            left_out: None,
            reasons: vec![
                reason(Evidence::Commit { commit: commit.clone() }, Level::Breaking, "drop `Old`"),
                reason(Evidence::Manifest { key: "features.x".to_owned() }, Level::Feature, "feature `x` added"),
            ],
            earlier: vec![reason(Evidence::Commit { commit: commit.clone() }, Level::Feature, "add `New`")],
            ignored: vec![Ignored {
                commit,
                title: "ci: faster".to_owned(),
                why: "`ci` asks for no release".to_owned(),
            }],
            api: "compared with 1.2.3: compatible".to_owned(),
        };
        snapbox::assert_data_eq!(
            shown(|out| explain(out, &[explanation], false)),
            snapbox::str![[r#"
base 1.3.0-rc.1 -> 2.0.0-rc.1
Last release   1.3.0-rc.1, at 1a2b3c4 (tag base-v1.3.0-rc.1); the next version
               is based on 1.2.3
Reasons        breaking: drop `Old` (commit 1a2b3c4)
               feature: feature `x` added (manifest, features.x)
Before         feature: add `New` (commit 1a2b3c4)
API            compared with 1.2.3: compatible
Not counted    1a2b3c4 ci: faster: `ci` asks for no release

"#]]
        );
    }
}
