//! `pre-release-replacements`: texts that are replaced by regular expressions, counted before anything is written.

use regex::RegexBuilder;

use super::edit_buffer::EditBuffer;
use crate::check::Code;
use crate::check::Finding;
use crate::config;
use crate::config::Placeholder;
use crate::config::Replacement;
use crate::config::Values;
use crate::error::Result;
use crate::names::RepoPath;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::versions::next_version::Bump;

/// Applies the replacements of one package, in the order in which they stand, to the texts as they are by now.
pub(crate) fn apply(
    inputs: &PlanInputs<'_>,
    bump: &Bump,
    texts: &mut EditBuffer<'_>,
    found: &mut Vec<Finding>,
) -> Result<()> {
    let package = inputs.package(&bump.name)?;
    let settings = inputs.settings(&bump.name)?;
    let values = with_tag(inputs, bump, inputs.values(package, &bump.to))?;
    // Only here: messages and hooks leave it as it stands.
    let values = match &package.metadata.repository {
        Some(repository) => values.set(Placeholder::Repository, repository.as_str()),
        None => values,
    };
    for replacement in &settings.pre_release_replacements {
        if !bump.to.pre.is_empty() && !replacement.prerelease {
            continue;
        }
        let Some(path) = package.dir.resolve(&replacement.file) else {
            let message =
                format!("a replacement of `{}` edits `{}`, outside the repository", bump.name, replacement.file);
            found.push(
                Finding::error(Code::ReplacementFile, message)
                    .package(&bump.name)
                    .help("name a file inside the repository"),
            );
            continue;
        };
        match replaced(replacement, &files(inputs, &path, texts), &values, texts) {
            Ok(changed) => changed.into_iter().for_each(|(path, text)| texts.set(&path, text)),
            Err(finding) => found.push(finding.package(&bump.name)),
        }
    }
    Ok(())
}

/// The values with the tag's name and prefix in them.
pub(crate) fn with_tag(inputs: &PlanInputs<'_>, bump: &Bump, values: Values) -> Result<Values> {
    let tag = inputs.tag(inputs.package(&bump.name)?, &bump.to)?;
    Ok(match tag {
        Some(tag) => values.set(Placeholder::TagName, tag.as_str()),
        None => values,
    })
}

/// The files that a replacement is about.
struct ReplacementFiles {
    /// As the configuration names them.
    named: RepoPath,
    /// Those that there are.
    paths: Vec<RepoPath>,
    /// Why it cannot be read, where that is known.
    why_not: Option<String>,
}

/// The file of that name, else those that the name matches as a glob.
fn files(inputs: &PlanInputs<'_>, named: &RepoPath, texts: &EditBuffer<'_>) -> ReplacementFiles {
    if texts.get(named).is_some() || !config::is_glob(named.as_str()) {
        let why_not = inputs.snapshot.workspace.unreadable.get(named).cloned();
        return ReplacementFiles { named: named.clone(), paths: vec![named.clone()], why_not };
    }
    let workspace = &inputs.snapshot.workspace;
    let known = workspace.texts.keys().chain(workspace.unreadable.keys());
    let paths = match config::file_glob(named.as_str()) {
        Ok(glob) => known.filter(|path| glob.is_match(path.as_str())).cloned().collect(),
        Err(_unreadable) => Vec::new(),
    };
    ReplacementFiles { named: named.clone(), paths, why_not: None }
}

/// The texts after a replacement; its counts hold for all of its files together.
fn replaced(
    wanted: &Replacement,
    files: &ReplacementFiles,
    values: &Values,
    texts: &EditBuffer<'_>,
) -> Result<Vec<(RepoPath, String)>, Box<Finding>> {
    let path = &files.named;
    let found: Option<Vec<(&RepoPath, &str)>> =
        files.paths.iter().map(|path| texts.get(path).map(|text| (path, text))).collect();
    let Some(found) = found.filter(|found| !found.is_empty()) else {
        let message = match config::is_glob(path.as_str()) {
            true => format!("a replacement edits `{path}`, which matches no committed text file"),
            false => match &files.why_not {
                Some(why) => format!("a replacement edits `{path}`, which cannot be read: {why}"),
                None => format!("a replacement edits `{path}`, and there is no such text file"),
            },
        };
        let finding = Finding::error(Code::ReplacementFile, message).at(path, None);
        return Err(Box::new(finding.help("fix `file` in the configuration")));
    };
    let search = RegexBuilder::new(&wanted.search).multi_line(true).build().map_err(|error| {
        let message = format!("`{}` is not a regular expression: {error}", wanted.search);
        Box::new(
            Finding::error(Code::ReplacementSearch, message).at(path, None).help("fix `search` in the configuration"),
        )
    })?;
    let count: usize = found.iter().map(|(_, text)| search.find_iter(text).count()).sum();
    let least = wanted.min.or(wanted.exactly).unwrap_or(1);
    let most = wanted.max.or(wanted.exactly).unwrap_or(usize::MAX);
    if count < least || count > most {
        let bounds = match (least, most) {
            (least, most) if least == most => format!("{least}"),
            (least, usize::MAX) => format!("at least {least}"),
            (least, most) => format!("{least} to {most}"),
        };
        let message = format!("`{}` matches {count} times in `{path}`, and should {bounds}", wanted.search);
        let finding = Finding::error(Code::ReplacementCount, message)
            .at(path, None)
            .help("fix the file, or change `search`, `min` or `max`");
        return Err(Box::new(finding));
    }
    let by = values.render(&wanted.replace);
    let after = |text: &str| search.replace_all(text, by.as_str()).into_owned();
    Ok(found.into_iter().map(|(path, text)| (path.clone(), after(text))).collect())
}
