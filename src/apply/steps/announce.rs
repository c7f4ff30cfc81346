//! Announce: makes the release of a tag on the forge, with the changelog entry as its text. A text that a person changed
//! stays as it is. Files are uploaded while it is a draft, and then it is shown: a release that may not be changed any more
//! has all of them.

use std::path::Path;

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::steps::hooked_changelog;
use crate::error::Failure;
use crate::error::Result;
use crate::forge::Forge;
use crate::forge::ForgeRelease;
use crate::forge::NewRelease;
use crate::journal::Proof;
use crate::plan::Announcement;
use crate::snapshot::ForgeKind;
use crate::tools::system::environment::Environment;
use crate::tools::system::failpoint;
use crate::tools::system::files;

/// Who announces: with the tokens of this environment, and files below this directory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Announcing<'a> {
    /// The environment.
    pub environment: &'a Environment,
    /// The root of the workspace.
    pub root: &'a Path,
}

/// Done when the tag has a release that is shown as wanted, with all files. What a forge does not say holds no release up:
/// it is tried, and said.
pub(crate) fn probe(wanted: &Announcement, context: &StepContext<'_>) -> Result<Probe> {
    let root = root(context);
    let done = Announcing { environment: &context.world.environment, root: &root }.is_done(wanted);
    Ok(done.ok().flatten().map_or(Probe::ToDo, |url| Probe::Done(Proof::Remark(url))))
}

/// Makes it. What fails is a remark: the release itself is made.
pub(crate) fn perform(wanted: &Announcement, context: &StepContext<'_>) -> Result<Proof> {
    let root = root(context);
    let body = hooked_changelog::with_committed_entries(&wanted.body, context)?;
    let wanted = &Announcement { body, ..wanted.clone() };
    let announced = Announcing { environment: &context.world.environment, root: &root }.announce(wanted);
    Ok(Proof::Remark(announced.unwrap_or_else(|failure| {
        format!("not announced ({failure}); `cargo release announce {} -x` tries again", wanted.tag)
    })))
}

fn root(context: &StepContext<'_>) -> std::path::PathBuf {
    context.world.checkout.dir().join(context.world.workspace.as_str())
}

impl Announcing<'_> {
    /// The page of a release that is as wanted already.
    ///
    /// # Errors
    /// The forge does not answer.
    pub(crate) fn is_done(&self, wanted: &Announcement) -> Result<Option<String>> {
        let forge = Forge::of(&wanted.site, self.environment);
        let Some(release) = found(wanted, &forge)? else { return Ok(None) };
        let complete = self.missing(wanted, &release, &forge)?.is_empty();
        Ok((release.draft == wanted.draft && complete).then(|| page(&release)))
    }

    /// Makes the release of a tag, or what is missing of it, and says where it is.
    ///
    /// # Errors
    /// The forge does not answer or refuses, or the tag has several releases.
    pub(crate) fn announce(&self, wanted: &Announcement) -> Result<String> {
        let Announcement { site, tag, name, body, draft, prerelease, latest, assets, told } = wanted;
        let forge = Forge::of(site, self.environment);
        let in_steps = !assets.is_empty() && site.kind != ForgeKind::Gitlab;
        let release = match found(wanted, &forge)? {
            Some(release) => release,
            None => {
                let (draft, prerelease, latest) = (*draft || in_steps, *prerelease, *latest);
                let new = NewRelease { tag: tag.as_str(), name, body, draft, prerelease, latest };
                match forge.make_release(new) {
                    Ok(made) => made,
                    // The answer may be lost, and the release made.
                    Err(failure) => found(wanted, &forge).ok().flatten().ok_or(failure)?,
                }
            }
        };
        failpoint::here();
        for (name, bytes) in self.missing(wanted, &release, &forge)? {
            forge.add_asset(&release, &name, &bytes)?;
        }
        failpoint::here();
        let release = if release.draft && !draft { forge.unveil(&release, *latest)? } else { release };
        for reference in told.iter().filter(|_| !release.draft) {
            forge.tell_once(reference, &format!("Released in [{tag}]({}).", release.url))?;
        }
        Ok(page(&release))
    }

    /// The files that a release lacks; what arrived in part is taken away.
    fn missing(&self, wanted: &Announcement, release: &ForgeRelease, forge: &Forge) -> Result<Vec<(String, Vec<u8>)>> {
        if wanted.assets.is_empty() {
            return Ok(Vec::new());
        }
        let there = forge.assets(release)?;
        let mut missing = Vec::new();
        for path in files::matching(self.root, &wanted.assets)? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let bytes = files::read(&path)?.unwrap_or_default();
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let found = there.iter().find(|asset| asset.name == name);
            let is_whole = found.is_some_and(|asset| asset.whole && asset.size.is_none_or(|known| known == size));
            if let Some(asset) = found.filter(|_| !is_whole) {
                forge.remove_asset(release, asset)?;
            }
            if !is_whole {
                missing.push((name, bytes));
            }
        }
        Ok(missing)
    }
}

/// The release of the tag.
fn found(wanted: &Announcement, forge: &Forge) -> Result<Option<ForgeRelease>> {
    let all = forge.releases_of(wanted.tag.as_str())?;
    if all.len() > 1 {
        return Err(Failure::world(format!("`{}` has {} releases on the forge", wanted.tag, all.len()))
            .because("drafts of one tag were made twice")
            .help("delete all but one, then run the same command again"));
    }
    Ok(all.into_iter().next())
}

fn page(release: &ForgeRelease) -> String {
    if release.draft { format!("draft {}", release.url) } else { release.url.clone() }
}
