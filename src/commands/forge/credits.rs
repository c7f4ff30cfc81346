//! Who brought each commit, for entries that name them: `[changelog] links`.

use std::collections::BTreeMap;

use crate::commands::session::Session;
use crate::config::ChangelogLinks;
use crate::config::Config;
use crate::error::Failure;
use crate::error::Result;
use crate::forge::Forge;
use crate::names::CommitId;
use crate::names::trailer;
use crate::observe::Located;
use crate::report::OpenProposal;
use crate::snapshot::Commit;
use crate::snapshot::CommitCredit;
use crate::tools::git::cli::Git;

/// The largest number of commits that the forge is asked about; the newest are.
const ASKED: usize = 500;

impl Session<'_> {
    /// Adds who brought each commit, as far as the configuration asks for it.
    pub(crate) fn credit(
        &self,
        place: &Located,
        config: &Config,
        is_offline: bool,
        commits: &mut [Commit],
    ) -> Result<()> {
        let links = config.workspace.changelog.links;
        let Some(oldest) = commits.iter().map(|commit| commit.committed_at).min() else { return Ok(()) };
        if links == ChangelogLinks::Off {
            return Ok(());
        }
        let git = Git::at(place.root());
        let first = git.first_commits()?;
        let pulls = merged_pulls(&git, oldest)?;
        for commit in commits.iter_mut() {
            let (pull, is_first) = (pulls.get(&commit.id).copied(), first.contains(&commit.id));
            commit.credit = Some(CommitCredit { pull, login: None, is_first });
        }
        if links == ChangelogLinks::Offline || is_offline {
            return Ok(());
        }
        let site = self.forge_site(place, config)?.ok_or_else(|| {
            Failure::unplannable("`[changelog] links = \"forge\"` is set, but the forge is unknown")
                .help("set `[forge] kind` and `url`, or `links = \"offline\"`")
        })?;
        let forge = Forge::of(&site, &self.environment);
        for commit in commits.iter_mut().take(ASKED) {
            let found = forge.pull_of_commit(&commit.id).map_err(|failure| {
                failure.help("or leave the forge alone: `--offline`, or `[changelog] links = \"offline\"`")
            })?;
            if let (Some(found), Some(credit)) = (found, &mut commit.credit) {
                (credit.pull, credit.login) = (Some(found.number), found.login);
            }
        }
        Ok(())
    }
}

/// The pull requests that merges since a time brought, by commit.
fn merged_pulls(git: &Git, since: i64) -> Result<BTreeMap<CommitId, u64>> {
    let mut pulls = BTreeMap::new();
    // Newest first: a merge inside another is seen later, and is the one that brought the commit.
    for merge in git.merges_since(since)? {
        let (Some(number), [first, second, ..]) = (number(&merge.message), merge.parents.as_slice()) else { continue };
        pulls.extend(git.ids_between(first, second)?.into_iter().map(|id| (id, number)));
    }
    Ok(pulls)
}

/// The newest release proposed on each branch of a remote, as last fetched, that `HEAD` does not have, squashed or not.
pub(crate) fn proposals(git: &Git) -> Result<Vec<OpenProposal>> {
    let mut found: Vec<OpenProposal> = Vec::new();
    let Some(head) = git.commit_of("HEAD")? else { return Ok(found) };
    for (commit, message) in git.not_here(&format!("^{}: ", trailer::PLAN))? {
        let Some(plan) = trailer::values(&message, trailer::PLAN).last() else { continue };
        if git.has_line(&head, &format!("{}: {plan}", trailer::PLAN))? {
            continue;
        }
        for branch in git.remote_branches_with(&commit)? {
            if found.iter().all(|known| known.branch != branch) {
                let title = message.lines().next().unwrap_or_default().to_owned();
                found.push(OpenProposal { branch, commit: commit.clone(), title });
            }
        }
    }
    Ok(found)
}

/// The number in the message that a forge gives to a merge: `Merge pull request #12 from …`, `Merge pull request '…' (#12)
/// from …`, `See merge request group/project!12`.
fn number(message: &str) -> Option<u64> {
    let subject = message.lines().next().unwrap_or_default();
    let tail = if subject.starts_with("Merge pull request") {
        subject.rsplit_once('#')?.1
    } else {
        message.lines().find_map(|line| line.strip_prefix("See merge request "))?.rsplit_once('!')?.1
    };
    tail.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    // The merges of every forge name their pull request; those of git itself do not.
    #[test]
    fn merges_name_their_pull_request() {
        for (message, expected) in [
            ("Merge pull request #12 from ann/tap\n\nA tap for #3", Some(12)),
            ("Merge pull request 'A tap' (#12) from tap into main", Some(12)),
            ("Merge branch 'tap' into 'main'\n\nA tap\n\nSee merge request acme/tea!12", Some(12)),
            ("Merge branch 'tap' (#12)", None),
            ("Merge pull request", None),
        ] {
            assert_eq!(number(message), expected, "{message}");
        }
    }
}
