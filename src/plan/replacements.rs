//! `pre-release-replacements`: texts that are replaced by regular expressions, counted before anything is written.

use regex::RegexBuilder;

use super::case::Case;
use super::choose::Choice;
use super::texts::Texts;
use crate::check::Finding;
use crate::config::Placeholder;
use crate::config::Replacement;
use crate::config::Values;
use crate::error::Result;
use crate::names::RepoPath;

/// Applies the replacements of one package, in the order in which they stand, to the texts as they are by now.
pub(super) fn apply(case: &Case<'_>, choice: &Choice, texts: &mut Texts<'_>, found: &mut Vec<Finding>) -> Result<()> {
    let package = case.package(&choice.name)?;
    let settings = case.settings(&choice.name)?;
    let values = with_tag(case, choice, case.values(package, &choice.to))?;
    for replacement in &settings.pre_release_replacements {
        if !choice.to.pre.is_empty() && !replacement.prerelease {
            continue;
        }
        let Some(path) = package.dir.resolve(&replacement.file) else {
            let message =
                format!("a replacement of `{}` edits `{}`, outside the repository", choice.name, replacement.file);
            found.push(
                Finding::error("replacement-file", message).package(&choice.name).help("name a file of the repository"),
            );
            continue;
        };
        match replaced(replacement, &path, &values, texts) {
            Ok(text) => texts.set(&path, text),
            Err(finding) => found.push(finding.package(&choice.name)),
        }
    }
    Ok(())
}

/// The values with the tag's name and prefix in them.
pub(super) fn with_tag(case: &Case<'_>, choice: &Choice, values: Values) -> Result<Values> {
    let tag = case.tag(case.package(&choice.name)?, &choice.to)?;
    Ok(match tag {
        Some(tag) => values.set(Placeholder::TagName, tag.as_str()),
        None => values,
    })
}

fn replaced(wanted: &Replacement, path: &RepoPath, values: &Values, texts: &Texts<'_>) -> Result<String, Box<Finding>> {
    let Some(text) = texts.get(path) else {
        let message = format!("a replacement edits `{path}`, and there is no such text file");
        let finding = Finding::error("replacement-file", message).at(path, None);
        return Err(Box::new(finding.help("mend `file` in the configuration")));
    };
    let search = RegexBuilder::new(&wanted.search).multi_line(true).build().map_err(|error| {
        let message = format!("`{}` is not a regular expression: {error}", wanted.search);
        Box::new(
            Finding::error("replacement-search", message).at(path, None).help("mend `search` in the configuration"),
        )
    })?;
    let count = search.find_iter(text).count();
    let least = wanted.min.or(wanted.exactly).unwrap_or(1);
    let most = wanted.max.or(wanted.exactly).unwrap_or(usize::MAX);
    if count < least || count > most {
        let bounds = match (least, most) {
            (least, most) if least == most => format!("{least}"),
            (least, usize::MAX) => format!("at least {least}"),
            (least, most) => format!("{least} to {most}"),
        };
        let message = format!("`{}` matches {count} times in `{path}`, and should {bounds}", wanted.search);
        let finding = Finding::error("replacement-count", message)
            .at(path, None)
            .help("mend the file, or `search`, `min`, `max`");
        return Err(Box::new(finding));
    }
    Ok(search.replace_all(text, values.render(&wanted.replace).as_str()).into_owned())
}
