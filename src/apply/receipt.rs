//! The receipt: what is live where, from what the world said.

use std::collections::BTreeMap;
use std::time::Duration;

use super::event::Receipt;
use super::event::ReceiptEntry;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::journal::Verified;
use crate::journal::short;
use crate::names::CommitId;
use crate::names::RegistryName;
use crate::plan::Action;
use crate::plan::PlannedPackage;
use crate::plan::ReleasePlan;
use crate::plan::Step;

/// A proof in a few words.
pub(crate) fn detail(proof: &Proof) -> String {
    match proof {
        Proof::Plain | Proof::Uploaded { .. } => String::new(),
        Proof::Commit(id) => id.short().to_owned(),
        Proof::Verified(all) => {
            let archive =
                |known: &Verified| format!("{}, sha256 {}", indicatif::BinaryBytes(known.size), short(&known.checksum));
            match all.as_slice() {
                [only] => archive(only),
                several => {
                    let line = |known: &Verified| format!("{} {} ({})", known.name, known.version, archive(known));
                    several.iter().map(line).collect::<Vec<_>>().join("\n")
                }
            }
        }
        Proof::Live { checksum, remark: None } => format!("sha256 {}", short(checksum)),
        Proof::Live { checksum, remark: Some(remark) } => format!("sha256 {}; {remark}", short(checksum)),
        Proof::Remark(remark) => remark.clone(),
        Proof::Pull(pulled) => pulled.told(),
    }
}

/// The receipt of a release whose steps are all done.
pub(crate) fn write(journal: &Journal, elapsed: Duration) -> Receipt {
    let plan = journal.plan();
    let commit = journal.commit().unwrap_or(&plan.base.commit);
    let published = plan.publish_order.iter().filter_map(|name| plan.package(name));
    let entries = published.flat_map(|package| {
        package.registries.iter().map(move |registry| entry(package, Some(registry), journal, commit))
    });
    let private = plan.packages.iter().filter(|package| !package.publish);
    let private = private.map(|package| entry(package, None, journal, commit));
    let proofs = || plan.steps.iter().filter_map(move |step| journal.proof(&step.id).map(|proof| (step, proof)));
    let pr = proofs().find_map(|(_, proof)| match proof {
        Proof::Pull(pulled) => Some(pulled.clone()),
        Proof::Plain | Proof::Commit(_) | Proof::Verified(_) | Proof::Live { .. } => None,
        Proof::Uploaded { .. } | Proof::Remark(_) => None,
    });
    // A proposal has released nothing.
    let packages = if pr.is_some() { Vec::new() } else { entries.chain(private).collect() };
    let announced = proofs().filter_map(|(step, proof)| match (&step.action, proof) {
        (Action::Announce(wanted), Proof::Remark(remark)) => Some(format!("{}: {remark}", wanted.tag)),
        (_, _) => None,
    });
    let announced = announced.collect();
    let tags = plan.packages.iter().filter_map(|package| Some((package.name.clone(), package.tag.clone()?)));
    let tags = if pr.is_some() { BTreeMap::new() } else { tags.collect() };
    Receipt { packages, pushed: pushed(plan), elapsed, pr, announced, tags }
}

fn entry(
    package: &PlannedPackage,
    registry: Option<&RegistryName>,
    journal: &Journal,
    commit: &CommitId,
) -> ReceiptEntry {
    let of_package = |step: &&Step| step.package.as_ref() == Some(&package.name);
    let steps = || journal.plan().steps.iter().filter(of_package);
    let confirm =
        steps().find(|step| matches!(&step.action, Action::Confirm { registry: at, .. } if Some(at) == registry));
    let upload =
        steps().find(|step| matches!(&step.action, Action::Publish(upload) if Some(&upload.registry) == registry));
    let owners =
        steps().find(|step| matches!(&step.action, Action::Owners { registry: at, .. } if Some(at) == registry));
    let proof = |step: Option<&Step>| step.and_then(|step| journal.proof(&step.id));
    let remarks = [proof(upload), proof(confirm), proof(owners)].into_iter().flatten().filter_map(remark);
    let mut remarks: Vec<&str> = remarks.collect();
    remarks.dedup();
    ReceiptEntry {
        package: package.name.clone(),
        version: package.to.clone(),
        registry: registry.cloned(),
        commit: commit.clone(),
        tag: package.tag.clone(),
        checksum: proof(confirm).and_then(|proof| match proof {
            Proof::Live { checksum, .. } => Some(checksum.clone()),
            Proof::Plain | Proof::Commit(_) | Proof::Verified(_) | Proof::Uploaded { .. } => None,
            Proof::Remark(_) | Proof::Pull(_) => None,
        }),
        confirmed_at: confirm.and_then(|step| journal.done_at(&step.id)),
        remark: (!remarks.is_empty()).then(|| remarks.join("; ")),
        entry: package
            .changelog
            .as_ref()
            .map(|changelog| changelog.entry.trim().to_owned())
            .filter(|it| !it.is_empty()),
    }
}

fn remark(proof: &Proof) -> Option<&str> {
    match proof {
        Proof::Live { remark, .. } | Proof::Uploaded { remark } => remark.as_deref(),
        Proof::Remark(remark) => Some(remark),
        Proof::Plain | Proof::Commit(_) | Proof::Verified(_) | Proof::Pull(_) => None,
    }
}

fn pushed(plan: &ReleasePlan) -> Option<String> {
    plan.steps.iter().rev().find_map(|step| match &step.action {
        Action::Push { remote, .. } | Action::Reserve { remote, .. } => {
            Some(plan.base.branch.as_ref().map_or_else(|| remote.to_string(), |branch| format!("{remote}/{branch}")))
        }
        Action::Edit(_)
        | Action::Replace(_)
        | Action::Hook(_)
        | Action::Commit(_)
        | Action::Verify(_)
        | Action::Land { .. }
        | Action::Tag(_)
        | Action::Publish(_)
        | Action::Confirm { .. }
        | Action::Carry(_)
        | Action::Propose(_)
        | Action::Request(_)
        | Action::Announce(_)
        | Action::Owners { .. } => None,
    })
}
