//! Squashed proposals whose message was edited: the commit has lost the lines that name its plan, and the description of
//! its pull request still has them.

use crate::commands::session::Observed;
use crate::commands::session::Session;
use crate::error::Result;
use crate::forge::Forge;
use crate::names::trailer;
use crate::observe;
use crate::plan;

impl Session<'_> {
    /// Adds the proposals that only the forge knows. A forge that is unknown, has no token or does not answer adds none:
    /// then such a commit is one like any other.
    pub(crate) fn ask_for_proposals(&self, observed: &mut Observed) -> Result<()> {
        let Observed { place, config, snapshot, request, announces_on: _ } = observed;
        if request.offline {
            return Ok(());
        }
        let Some(site) = self.forge_site(place, config)? else { return Ok(()) };
        let forge = Forge::of(&site, &self.environment);
        if !forge.has_token() {
            return Ok(());
        }
        for commit in &plan::unwitnessed(snapshot, config, request)? {
            let Ok(Some(pull)) = forge.pull_of_commit(commit) else { continue };
            let (plan, base) = (last(&pull.body, trailer::PLAN), last(&pull.body, trailer::BASE));
            let (Some(plan), Some(base)) = (plan, base) else { continue };
            let Some((proposal, paths)) = observe::told_proposal(place, commit, base)? else { continue };
            let history = &mut snapshot.repository.history;
            if let Some(known) = history.commits.iter_mut().find(|known| known.id == *commit) {
                let lines = format!("\n\n{}: {plan}\n{}: {base}\n", trailer::PLAN, trailer::BASE);
                known.message.push_str(&lines);
                known.all_paths = paths;
            }
            history.proposals.push(proposal);
        }
        Ok(())
    }
}

/// The last value of a trailer.
fn last<'t>(text: &'t str, key: &'t str) -> Option<&'t str> {
    trailer::values(text, key).last()
}
