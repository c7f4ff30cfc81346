//! Whose turn it is: which uploads a registry takes now, and which have to wait for it.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use super::pace::Budget;
use super::pace::Limit;
use super::pace::Pace;
use crate::apply::publish_state;
use crate::check;
use crate::error::Failure;
use crate::journal::Journal;
use crate::journal::Record;
use crate::names::RegistryName;
use crate::names::StepId;
use crate::plan::ReleasePlan;
use crate::plan::Step;

/// How many packages are named where some are left.
const NAMED: usize = 8;

/// Which budget each upload is from, and how the budgets stand.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    pace: Pace,
    budgets: BTreeMap<StepId, Budget>,
    /// The uploads that are on their way.
    sent: BTreeSet<StepId>,
    /// Those of them that were sent before the registry last named a time.
    sent_before: BTreeSet<StepId>,
}

impl Turns {
    /// Knows what registries publish of their limits, and what they said earlier in this release.
    pub(crate) fn remember(&mut self, journal: &Journal, publishes_limits: &dyn Fn(&RegistryName) -> bool) {
        let steps = journal.plan().steps.iter();
        let limits =
            steps.clone().find_map(|step| step.action.upload()).map(|upload| upload.limits).unwrap_or_default();
        let uploads = steps.filter_map(|step| Some((&step.id, &step.action.upload()?.registry)));
        let uploads: BTreeMap<&StepId, &RegistryName> = uploads.collect();
        for registry in uploads.values().filter(|registry| publishes_limits(registry)) {
            let (new, existing) = (limits.new_packages, limits.existing_packages);
            for (is_new, limit) in [(true, (new, check::NEW_CRATES)), (false, (existing, check::NEW_VERSIONS))] {
                self.pace.publishes(Budget { registry: (*registry).clone(), is_new }, published(limit));
            }
        }
        for entry in journal.entries() {
            if let Record::Limited { step, is_new, until, said: _ } = &entry.record
                && let Some(registry) = uploads.get(step)
            {
                self.pace.limited(&Budget { registry: (*registry).clone(), is_new: *is_new }, *until);
            }
        }
    }

    /// An upload waits for its turn.
    pub(crate) fn join(&mut self, step: &StepId, registry: &RegistryName, is_new: bool) {
        let budget = || Budget { registry: registry.clone(), is_new };
        self.budgets.entry(step.clone()).or_insert_with(budget);
    }

    /// When its turn is; `None` for now, and for steps that upload nothing.
    pub(crate) fn of(&self, step: &StepId, now: Timestamp) -> Option<Timestamp> {
        self.budgets.get(step).and_then(|budget| self.pace.next(budget)).filter(|next| *next > now)
    }

    /// Whether an upload may be sent now. Where a registry counts, no more are on their way at once than it has room for.
    pub(crate) fn may_start(&self, step: &StepId, now: Timestamp) -> bool {
        let Some(budget) = self.budgets.get(step) else { return true };
        let beside = self.sent.iter().filter(|other| self.budgets.get(*other) == Some(budget)).count();
        self.of(step, now).is_none() && self.pace.room(budget).is_none_or(|room| beside < room)
    }

    /// An upload is on its way.
    pub(crate) fn started(&mut self, step: &StepId) {
        self.sent.insert(step.clone());
    }

    /// An upload is over, however it ended.
    pub(crate) fn left(&mut self, step: &StepId) {
        self.sent.remove(step);
        self.sent_before.remove(step);
    }

    /// The upload of this step was taken.
    pub(crate) fn taken(&mut self, step: &StepId, now: Timestamp) {
        let is_before = self.sent_before.contains(step);
        self.left(step);
        match self.budgets.get(step) {
            Some(budget) if is_before => self.pace.taken_before(budget),
            Some(budget) => self.pace.taken(budget, now),
            None => {}
        }
    }

    /// The registry takes no more until then.
    pub(crate) fn limited(&mut self, step: &StepId, until: Timestamp) {
        self.left(step);
        if let Some(budget) = self.budgets.get(step) {
            self.pace.limited(budget, until);
            let beside = self.sent.iter().filter(|other| self.budgets.get(*other) == Some(budget));
            self.sent_before.extend(beside.cloned());
        }
    }

    /// Why this upload waits, and how far the release is.
    pub(crate) fn reason(&self, step: &StepId, journal: &Journal) -> String {
        let Some(budget) = self.budgets.get(step) else { return String::new() };
        let (done, all) = counted(journal);
        format!("{:#} takes no more {} for now; {done} of {all} uploaded", budget.registry, budget.what())
    }
}

fn published((at_once, minutes): (usize, usize)) -> Limit {
    let at_once = u32::try_from(at_once).unwrap_or(u32::MAX);
    Limit { at_once, every: Duration::from_secs(u64::try_from(minutes * 60).unwrap_or(u64::MAX)) }
}

fn uploads(plan: &ReleasePlan) -> impl Iterator<Item = &Step> {
    plan.steps.iter().filter(|step| step.action.upload().is_some())
}

fn counted(journal: &Journal) -> (usize, usize) {
    let done = uploads(journal.plan()).filter(|step| journal.proof(&step.id).is_some()).count();
    (done, uploads(journal.plan()).count())
}

/// `[publish] deadline` of a plan, in seconds.
pub(crate) fn deadline(plan: &ReleasePlan) -> Option<Duration> {
    plan.steps.iter().find_map(|step| step.action.upload()?.limits.deadline)
}

/// The failure that says that the deadline has come.
pub(crate) fn late() -> Failure {
    Failure::interrupted("stopped at the deadline of this release")
        .because("`[publish] deadline` lets nothing more be begun")
        .help("`cargo release resume` goes on; in CI, run the job again")
}

/// How far the uploads are, once one was begun: what is left.
pub(crate) fn progress(journal: &Journal) -> Option<String> {
    if !publish_state::is_published(journal) {
        return None;
    }
    let (done, all) = counted(journal);
    let left = uploads(journal.plan()).filter(|step| journal.proof(&step.id).is_none());
    let left: Vec<&str> = left.filter_map(|step| Some(step.package.as_ref()?.as_str())).collect();
    if left.is_empty() {
        return Some(format!("{done} of {all} uploaded"));
    }
    let more = left
        .len()
        .checked_sub(NAMED)
        .filter(|more| *more > 0)
        .map_or(String::new(), |more| format!(" and {more} more"));
    Some(format!("{done} of {all} uploaded; left: {}{more}", left[..left.len().min(NAMED)].join(", ")))
}
