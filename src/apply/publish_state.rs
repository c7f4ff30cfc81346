//! Whether a version is live, and whether it is ours: asked of the index, then of the registry's API.

use super::step_context::StepContext;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::journal::Verified;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::plan::StepKind;
use crate::snapshot::ListedVersion;
use crate::snapshot::Listing;
use crate::tools::system::archive;
use crate::tools::system::files;

/// Whether anything may be live: an upload was begun. From then on nothing is taken back.
pub(crate) fn is_published(journal: &Journal) -> bool {
    let uploads = journal.plan().steps.iter().filter(|step| step.action.kind() == StepKind::Publish);
    uploads.into_iter().any(|step| journal.was_begun(&step.id))
}

/// What the registry says.
#[derive(Debug)]
pub(crate) enum Live {
    /// It is there, and it is ours.
    Ours(Proof),
    /// It is there, and it is not ours.
    Theirs(Failure),
    /// It is not there.
    Absent,
    /// The registry does not say.
    Unknown(String),
}

/// Looks into the index.
pub(crate) fn in_index(verified: &Verified, context: &StepContext<'_>) -> Result<Live> {
    let listing = context.world.registry(&verified.registry)?.listing(&verified.name);
    Ok(match listing {
        Listing::Unknown(why) => Live::Unknown(why),
        Listing::Versions(_) | Listing::Absent => match listing.find(&verified.version) {
            Some(listed) => judge(verified, listed, context)?,
            None => Live::Absent,
        },
    })
}

/// Looks into the index, then asks the API, which knows of an upload before the index does.
pub(crate) fn anywhere(verified: &Verified, context: &StepContext<'_>) -> Result<Live> {
    match in_index(verified, context)? {
        Live::Absent => {}
        found @ (Live::Ours(_) | Live::Theirs(_) | Live::Unknown(_)) => return Ok(found),
    }
    let index = context.world.registry(&verified.registry)?;
    match index.by_api(&verified.name, &verified.version) {
        Some(listed) => judge(verified, &listed, context),
        None => Ok(Live::Absent),
    }
}

fn judge(verified: &Verified, listed: &ListedVersion, context: &StepContext<'_>) -> Result<Live> {
    if listed.checksum == verified.checksum {
        return Ok(Live::Ours(Proof::Live { checksum: listed.checksum.clone(), remark: None }));
    }
    let index = context.world.registry(&verified.registry)?;
    let bytes = match index.download(&verified.name, &verified.version, &listed.checksum) {
        // Whose it is, only the archive tells.
        Err(silent) => return Ok(Live::Unknown(silent.to_string())),
        // Half an archive, or a page of something in between, tells nothing. A whole one contradicts the index.
        Ok(Some(bytes)) if Digest::of(&bytes) != listed.checksum => {
            if archive::entries(&bytes).is_err() {
                return Ok(Live::Unknown("the archive that it sends is not the one that its index lists".to_owned()));
            }
            None
        }
        Ok(bytes) => bytes,
    };
    let remark = bytes.map(|bytes| same_but_for_the_lock(verified, &bytes, context)).transpose()?;
    if let Some(remark) = remark.flatten() {
        return Ok(Live::Ours(Proof::Live { checksum: listed.checksum.clone(), remark: Some(remark) }));
    }
    Ok(Live::Theirs(theirs(&verified.name, &verified.registry, verified, listed)))
}

fn theirs(name: &PackageName, registry: &RegistryName, verified: &Verified, listed: &ListedVersion) -> Failure {
    Failure::world(format!("`{name} {}` in {registry:#} is not what was verified", verified.version))
        .because(format!("the index has {}", listed.checksum))
        .because(format!("verified was {}", verified.checksum))
        .help("nothing more is uploaded; look at the published archive, and yank it if it is not yours")
        .help("then release another version")
}

/// Ours all the same: packed from our commit, and equal file by file apart from `Cargo.lock` and what cargo generates.
/// `None` where it is not.
fn same_but_for_the_lock(verified: &Verified, bytes: &[u8], context: &StepContext<'_>) -> Result<Option<String>> {
    let Some(kept) = files::read(&context.world.kept_archive(verified))? else { return Ok(None) };
    let (Ok(mut there), mut here) = (archive::entries(bytes), archive::entries(&kept)?) else { return Ok(None) };
    let commit = context.commit()?;
    if archive::vcs_record(&there).is_none_or(|record| record.commit != *commit || record.dirty) {
        return Ok(None);
    }
    for generated in ["Cargo.lock", "Cargo.toml", ".cargo_vcs_info.json"] {
        there.remove(generated);
        here.remove(generated);
    }
    Ok((there == here).then(|| "identified by its commit and files; `Cargo.lock` in the archive differs".to_owned()))
}
