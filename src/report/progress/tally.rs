//! Counts the progress of a release: which upload of how many, and the finished share of the work.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::names::StepId;
use crate::plan::Action;
use crate::plan::Step;
use crate::plan::StepKind;

/// The progress of a plan. Packing and building a package, an upload and a confirmation count one each; other steps take
/// little time and count nothing.
#[derive(Default)]
pub(super) struct Tally {
    /// `3/5` of the uploads and their confirmations.
    places: BTreeMap<StepId, String>,
    weights: BTreeMap<StepId, u64>,
    done: BTreeSet<StepId>,
    /// For each verification: what cargo has started to pack or build, and the number of packages.
    verifying: BTreeMap<StepId, (Vec<String>, usize)>,
    /// The verifications that pack and build nothing.
    packing: BTreeSet<StepId>,
}

impl Tally {
    /// Counts these steps.
    pub(super) fn of(steps: &[Step]) -> Self {
        let mut tally = Self::default();
        for kind in [StepKind::Publish, StepKind::Confirm] {
            let ids: Vec<&StepId> =
                steps.iter().filter(|step| step.action.kind() == kind).map(|step| &step.id).collect();
            for (at, id) in (1..).zip(&ids).filter(|_| ids.len() > 1) {
                tally.places.insert((*id).clone(), format!("[{at}/{}]", ids.len()));
            }
        }
        for step in steps {
            let weight = match &step.action {
                Action::Verify(verify) => {
                    let packages = verify.packages.len();
                    tally.verifying.insert(step.id.clone(), (Vec::new(), packages));
                    tally.packing.extend((!verify.build.compile).then(|| step.id.clone()));
                    let packages = u64::try_from(packages).unwrap_or(1);
                    packages * (1 + u64::from(verify.build.compile))
                }
                Action::Publish(_) | Action::Confirm { .. } => 1,
                Action::Edit(_) | Action::Replace(_) | Action::Hook(_) | Action::Commit(_) => continue,
                Action::Land { .. } | Action::Tag(_) | Action::Reserve { .. } => continue,
                Action::Owners { .. } | Action::Push { .. } => continue,
                Action::Carry(_) | Action::Propose(_) | Action::Request(_) | Action::Announce(_) => continue,
            };
            tally.weights.insert(step.id.clone(), weight);
        }
        tally
    }

    /// Counts only the verification, the last step of a check.
    pub(super) fn of_check(steps: &[Step]) -> Self {
        let tally = Self::of(steps);
        let mut weights = tally.weights;
        weights.retain(|step, _| tally.verifying.contains_key(step));
        Self { places: BTreeMap::new(), weights, ..tally }
    }

    /// Whether a verification only packs.
    pub(super) fn only_packs(&self, step: &StepId) -> bool {
        self.packing.contains(step)
    }

    /// `[3/5] ` for an upload or a confirmation; empty if there is only one.
    pub(super) fn place(&self, step: &StepId) -> String {
        self.places.get(step).map_or_else(String::new, |place| format!("{place} "))
    }

    /// Parses a line of cargo's output for the package it packs or builds now. The result is only shown; nothing is decided
    /// from cargo's output.
    pub(super) fn said(&mut self, step: &StepId, line: &str) -> Option<(&'static str, String)> {
        let (begun, packages) = self.verifying.get_mut(step)?;
        let (word, rest) = line.trim_start().split_once(' ')?;
        let word = match word {
            "Packaging" => "Packing",
            "Verifying" => "Verifying",
            _ => return None,
        };
        let name = rest.split_once(" (").map_or(rest, |(name, _)| name).to_owned();
        begun.push(format!("{word} {name}"));
        let at = begun.iter().filter(|known| known.starts_with(word)).count();
        Some((word, format!("[{at}/{packages}] {name}")))
    }

    /// Counts a step as done.
    pub(super) fn done(&mut self, step: &StepId) {
        self.done.insert(step.clone());
    }

    /// The finished and the total amount of work.
    pub(super) fn so_far(&self) -> (u64, u64) {
        let of = self.weights.values().sum();
        let done = self.weights.iter().map(|(step, weight)| {
            let begun = self.verifying.get(step).map_or(0, |(begun, _)| begun.len().saturating_sub(1));
            if self.done.contains(step) { *weight } else { u64::try_from(begun).unwrap_or(0).min(*weight) }
        });
        (done.sum(), of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    // What is packed, built, uploaded and confirmed counts; what is edited does not.
    #[test]
    fn work_is_counted() {
        let plan = sample::workspace();
        let mut tally = Tally::of(&plan.steps);
        assert_eq!(tally.so_far(), (0, 8));
        let verify: StepId = "verify crates-io".into();
        assert_eq!(
            tally.said(&verify, "   Packaging base v0.2.0 (/tmp)"),
            Some(("Packing", "[1/2] base v0.2.0".into()))
        );
        assert_eq!(tally.said(&verify, "   Compiling base v0.2.0"), None);
        assert_eq!(tally.said(&verify, "   Verifying base v0.2.0"), Some(("Verifying", "[1/2] base v0.2.0".into())));
        assert_eq!(tally.so_far(), (1, 8));
        tally.done(&verify);
        tally.done(&"publish base".into());
        assert_eq!(tally.so_far(), (5, 8));
        assert_eq!(tally.place(&"confirm cli".into()), "[2/2] ");
        assert_eq!(Tally::of_check(&plan.steps).so_far(), (0, 4));
    }
}
