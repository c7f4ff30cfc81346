//! Releases on the forge: one for each tag, with the changelog entry as its text.

use std::collections::BTreeSet;

use semver::Version;

use super::decide::identified;
use super::forge_steps::Announcement;
use super::release_plan::Evidence;
use super::release_plan::PlannedPackage;
use super::release_plan::ReleasePlan;
use super::step::Action;
use super::step::Step;
use super::step_kind::StepKind;
use crate::config::AnnounceSettings;
use crate::config::Placeholder;
use crate::config::Values;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::StepId;
use crate::names::TagName;
use crate::snapshot::ForgeSite;
use crate::snapshot::Snapshot;

/// What forges take for closing what comes behind it.
const CLOSES: [&str; 9] = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// Adds the announcement of every tag that is pushed, after everything else.
///
/// # Errors
/// The plan cannot be written as JSON.
pub(crate) fn announced(
    plan: ReleasePlan,
    snapshot: &Snapshot,
    site: &ForgeSite,
    settings: &AnnounceSettings,
) -> Result<ReleasePlan> {
    let mut plan = plan;
    let push = plan.steps.iter().rev().find(|step| step.action.kind() == StepKind::Push);
    let Some(push) = push.cloned() else { return Ok(plan) };
    let Action::Push { tags, .. } = push.action else { return Ok(plan) };
    let newest = newest(&plan, snapshot, &tags);
    for tag in tags {
        let sharing: Vec<&PlannedPackage> =
            plan.packages.iter().filter(|package| package.tag.as_ref() == Some(&tag)).collect();
        let Some(first) = sharing.first() else { continue };
        let (version, body) = (first.to.clone(), body(&sharing));
        let values =
            Values::new().set(Placeholder::TagName, tag.as_str()).set(Placeholder::Version, version.to_string());
        let values = if sharing.len() == 1 { values.set(Placeholder::CrateName, first.name.as_str()) } else { values };
        let announcement = Announcement {
            site: site.clone(),
            name: values.render(&settings.name),
            body,
            draft: settings.draft,
            prerelease: !version.pre.is_empty(),
            latest: newest.as_ref() == Some(&tag),
            assets: settings.assets.clone(),
            told: if settings.comment { named(&sharing, snapshot) } else { Vec::new() },
            tag: tag.clone(),
        };
        plan.steps.push(Step {
            id: StepId::from(format!("announce {tag}")),
            action: Action::Announce(Box::new(announcement)),
            package: None,
            needs: vec![push.id.clone()],
        });
    }
    identified(plan)
}

/// The announcement of a tag that exists, from what it says: after its first line, its message is the entry.
pub(crate) fn announcement(
    tag: &TagName,
    message: &str,
    site: &ForgeSite,
    settings: &AnnounceSettings,
) -> Announcement {
    let version = version_of(tag);
    let values = Values::new().set(Placeholder::TagName, tag.as_str());
    let values = match &version {
        Some(version) => values.set(Placeholder::Version, version.to_string()),
        None => values,
    };
    let entry = message.split_once("\n\n").map_or("", |(_, entry)| entry);
    Announcement {
        site: site.clone(),
        tag: tag.clone(),
        name: values.render(&settings.name),
        body: entry.trim().to_owned(),
        draft: settings.draft,
        prerelease: version.is_some_and(|version| !version.pre.is_empty()),
        latest: true,
        assets: settings.assets.clone(),
        told: Vec::new(),
    }
}

fn body(sharing: &[&PlannedPackage]) -> String {
    let entry = |package: &PlannedPackage| package.changelog.as_ref().map_or("", |it| it.entry.trim()).to_owned();
    match sharing {
        [only] => entry(only),
        several => {
            let parts = several.iter().map(|package| (package, entry(package))).filter(|(_, entry)| !entry.is_empty());
            let parts = parts.map(|(package, entry)| format!("## {} {}\n\n{entry}", package.name, package.to));
            parts.collect::<Vec<_>>().join("\n\n")
        }
    }
}

/// The pull requests and issues that the commits of these packages name: in a subject that a squash made (`(#12)`), in the
/// subject of a merge, and by what they close.
fn named(sharing: &[&PlannedPackage], snapshot: &Snapshot) -> Vec<String> {
    let ids: BTreeSet<&CommitId> = sharing
        .iter()
        .flat_map(|package| &package.reasons)
        .filter_map(|reason| if let Evidence::Commit { commit } = &reason.evidence { Some(commit) } else { None })
        .collect();
    let commits = snapshot.repository.history.commits.iter().filter(|commit| ids.contains(&commit.id));
    commits.flat_map(|commit| references(&commit.message)).collect::<BTreeSet<String>>().into_iter().collect()
}

/// What a message closes, and the pull request that it came by.
fn references(message: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, line) in message.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        for (place, word) in words.iter().enumerate() {
            let bare = word.trim_matches(['(', ')', '.', ',', ';', ':']);
            let number = bare.strip_prefix(['#', '!']).filter(|number| number.parse::<u64>().is_ok());
            let before = place.checked_sub(1).and_then(|place| words.get(place)).map(|word| word.to_lowercase());
            let closes = before.is_some_and(|before| CLOSES.contains(&before.trim_end_matches(':')));
            let by = at == 0 && (word.starts_with('(') || line.starts_with("Merge pull request"));
            if number.is_some() && (closes || by) {
                found.push(bare.to_owned());
            }
        }
    }
    found
}

/// The tag that is shown as the newest one: that of the package at the root, else of the one that is published last; none
/// where a higher version of it was released before, as from a maintenance branch.
fn newest(plan: &ReleasePlan, snapshot: &Snapshot, tags: &[TagName]) -> Option<TagName> {
    let root = snapshot.workspace.root_package.as_ref().and_then(|root| plan.package(root));
    let last = plan.publish_order.iter().rev().find_map(|name| plan.package(name));
    let package = root.or(last).or(plan.packages.last())?;
    let tag = package.tag.as_ref().filter(|tag| tags.contains(tag))?;
    let start = tag.as_str().strip_suffix(package.to.to_string().as_str())?;
    let higher = |known: &TagName| {
        let version = known.as_str().strip_prefix(start).and_then(|rest| Version::parse(rest).ok());
        version.is_some_and(|version| version.pre.is_empty() && version.cmp_precedence(&package.to).is_gt())
    };
    let is_old = snapshot.repository.tags.keys().any(higher) || !package.to.pre.is_empty();
    (!is_old).then(|| tag.clone())
}

/// The version that the name of a tag ends in.
fn version_of(tag: &TagName) -> Option<Version> {
    let starts = tag.as_str().char_indices().filter(|(_, c)| c.is_ascii_digit());
    starts.filter_map(|(at, _)| tag.as_str().get(at..)).find_map(|end| Version::parse(end).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    // A number is named by the pull request that a commit came by, or by what it closes; anything else is talk.
    #[test]
    fn what_commits_name() {
        let table: [(&str, &[&str]); 6] = [
            ("fix: a leak (#12)\n\nFixes #3.", &["#12", "#3"]),
            ("Merge pull request #7 from ann/tap\n\nfeat: a tap", &["#7"]),
            ("feat: a tap\n\nCloses: #4, and see #5", &["#4"]),
            ("feat: a tap (!9)", &["!9"]),
            ("docs: what #8 means", &[]),
            ("fix: #nine", &[]),
        ];
        for (message, expected) in table {
            assert_eq!(references(message), expected, "{message}");
        }
    }
}
