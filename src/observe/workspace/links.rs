//! Symbolic links on the way to files that a release may edit: what is edited is the file that they lead to.

use std::collections::BTreeMap;

use crate::names::RepoPath;
use crate::observe::workspace::texts::RepoTexts;
use crate::snapshot::Workspace;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Links;

/// The links on the way to texts of the workspace, with where they lead; what they lead to is read as well.
pub(crate) fn followed(checkout: &Checkout, links: &Links, workspace: &mut Workspace) -> BTreeMap<RepoPath, RepoPath> {
    let read: Vec<RepoPath> = workspace.texts.keys().cloned().collect();
    let mut texts = RepoTexts {
        texts: std::mem::take(&mut workspace.texts),
        unreadable: std::mem::take(&mut workspace.unreadable),
    };
    let mut found = BTreeMap::new();
    for (link, to) in &links.inside {
        for path in read.iter().filter(|path| path.is_in(link)) {
            let below = path.below(link).unwrap_or_default();
            texts.add(checkout, to.join(below));
            found.insert(link.clone(), to.clone());
        }
    }
    (workspace.texts, workspace.unreadable) = (texts.texts, texts.unreadable);
    found
}
