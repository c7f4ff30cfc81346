//! The story behind a decision, for the person who doubts it.

use std::io;
use std::io::Write;

use super::style;
use super::style::COLUMNS;
use super::style::field;
use super::text;
use crate::level::Level;
use crate::plan::Evidence;
use crate::plan::Explanation;
use crate::plan::Ignored;
use crate::plan::Reason;
use crate::plan::WhyNot;

/// Writes why each of these packages is released, or is not: every reason with its source, and every commit that was
/// looked at and does not count.
///
/// # Errors
/// The stream does not take it.
pub fn explain(out: &mut dyn Write, explanations: &[Explanation]) -> io::Result<()> {
    for (at, explanation) in explanations.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        one(out, explanation)?;
    }
    Ok(())
}

fn one(out: &mut dyn Write, explanation: &Explanation) -> io::Result<()> {
    let Explanation { name, last, told_by, stable, to, left_out, reasons, earlier, api, ignored } = explanation;
    let end = match (to, left_out) {
        (Some(to), _) => format!(" -> {to}"),
        (None, Some(why)) => format!(": {}", not(*why)),
        (None, None) => String::new(),
    };
    let from = last.as_ref().map_or_else(String::new, |(version, _)| format!(" {version}"));
    for line in text::wrap(&text::clean(&format!("{name}{from}{end}")), COLUMNS) {
        writeln!(out, "{}", style::paint(style::TITLE, line))?;
    }
    let since = match (last, told_by) {
        (Some((version, commit)), Some(tag)) => format!("{version}, at {} by its tag {tag}", commit.short()),
        (Some((version, commit)), None) => format!("{version}, at {} by the published archive", commit.short()),
        (None, _) => "none".to_owned(),
    };
    let stable = stable.as_ref().map_or_else(String::new, |stable| format!("; the target is counted from {stable}"));
    field(out, "Last release", &[format!("{since}{stable}")])?;
    let none = || vec!["nothing speaks for a release".to_owned()];
    let told: Vec<String> = reasons.iter().map(told).collect();
    field(out, "Reasons", &if told.is_empty() { none() } else { told })?;
    field(out, "Before", &earlier.iter().map(self::told).collect::<Vec<_>>())?;
    field(out, "API", std::slice::from_ref(api))?;
    field(out, "Not counted", &ignored.iter().map(not_counted).collect::<Vec<_>>())
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
        // The summary has the places.
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
        WhyNot::Unchanged => "left out, because nothing asks for a release",
        WhyNot::NotSelected => "left out, because it was not selected",
        WhyNot::ReleaseFalse => "left out by `release = false`",
        WhyNot::NeverReleased => {
            "left out, because it is not published and was never released; name it (`-p`), or set `release = true` in its \
             own configuration"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::report::sample::shown;

    // Everything that was weighed is there, with where it comes from.
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
            shown(|out| explain(out, &[explanation])),
            snapbox::str![[r#"
base 1.3.0-rc.1 -> 2.0.0-rc.1
Last release   1.3.0-rc.1, at 1a2b3c4 by its tag base-v1.3.0-rc.1; the target is
               counted from 1.2.3
Reasons        breaking: drop `Old` (commit 1a2b3c4)
               feature: feature `x` added (manifest, features.x)
Before         feature: add `New` (commit 1a2b3c4)
API            compared with 1.2.3: compatible
Not counted    1a2b3c4 ci: faster: `ci` asks for no release

"#]]
        );
    }
}
