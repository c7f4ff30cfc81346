//! Summarizes the steps of a plan: what can be undone, and what cannot.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::names::BranchName;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::plan::Action;
use crate::plan::Hook;
use crate::plan::Step;
use crate::report::screen::text::count;

/// If there are more files or versions than this, they are counted instead of named.
const NAMED: usize = 6;

/// A summary of a plan's steps.
#[derive(Default)]
pub(crate) struct Effects<'a> {
    /// Files that are written.
    edited: BTreeSet<&'a RepoPath>,
    /// Files that are removed.
    removed: BTreeSet<&'a RepoPath>,
    /// The hooks, each with its package.
    pub(crate) hooks: Vec<(&'a Hook, Option<&'a PackageName>)>,
    commits: usize,
    /// Packages with the registries that they are verified for.
    built: BTreeSet<(&'a RegistryName, &'a PackageName)>,
    /// Those that are packed; some are built afterwards.
    packed: BTreeSet<(&'a RegistryName, &'a PackageName)>,
    lands: Option<&'a BranchName>,
    tags: usize,
    /// Branches that are pushed before anything is published, each with its remote.
    pub(crate) reserved: Vec<(&'a BranchName, &'a RemoteName)>,
    /// Uploads as `name version`, in publish order.
    pub(crate) uploads: BTreeMap<&'a RegistryName, Vec<String>>,
    /// Owners that are added: logins, package, registry.
    pub(crate) owners: Vec<(&'a [String], Option<&'a PackageName>, &'a RegistryName)>,
    /// The effects of proposing a release: the pushed branch, and the pull request.
    pub(crate) proposed: Vec<String>,
    /// The number of tags that get a release on the forge.
    announced: usize,
    /// The pushes at the end.
    pub(crate) pushed: Vec<PushLine<'a>>,
}

/// One push at the end.
pub(crate) struct PushLine<'a> {
    pub(crate) remote: &'a RemoteName,
    pub(crate) branch: Option<&'a BranchName>,
    pub(crate) tags: &'a [TagName],
}

impl PushLine<'_> {
    /// `main` and 2 tags to `origin`.
    pub(crate) fn words(&self) -> String {
        let branch = self.branch.map(|branch| format!("`{branch}`"));
        let tags = (!self.tags.is_empty()).then(|| count(self.tags.len(), "tag"));
        let parts: Vec<String> = branch.into_iter().chain(tags).collect();
        format!("{} to `{}`", parts.join(" and "), self.remote)
    }
}

impl<'a> Effects<'a> {
    /// Summarizes these steps.
    pub(crate) fn of(steps: &'a [Step]) -> Self {
        let mut effects = Self::default();
        for step in steps {
            effects.add(step);
        }
        effects
    }

    fn add(&mut self, step: &'a Step) {
        let Step { id: _, action, package, needs: _ } = step;
        match action {
            Action::Edit(edit) | Action::Replace(edit) if edit.after.is_none() => {
                self.edited.remove(&edit.path);
                self.removed.insert(&edit.path);
            }
            Action::Edit(edit) | Action::Replace(edit) => {
                self.edited.insert(&edit.path);
            }
            Action::Hook(hook) => self.hooks.push((hook, package.as_ref())),
            Action::Commit(_) => self.commits += 1,
            Action::Verify(verify) => {
                let these = verify.packages.iter().map(|packed| (&verify.registry, &packed.name));
                if verify.build.compile { self.built.extend(these) } else { self.packed.extend(these) }
            }
            Action::Land { branch } => self.lands = Some(branch),
            Action::Tag(_) => self.tags += 1,
            Action::Reserve { remote, branch, options: _ } => self.reserved.push((branch, remote)),
            Action::Publish(upload) => {
                let name = package.as_ref().map_or(String::new(), |package| format!("{package} "));
                self.uploads.entry(&upload.registry).or_default().push(format!("{name}{}", upload.version));
            }
            Action::Confirm { .. } => {}
            Action::Carry(_) => self.commits += 1,
            Action::Propose(propose) => {
                let signed = if propose.by_api.is_some() { ", signed by the forge" } else { "" };
                self.proposed.push(format!("pushes `{}` to `{}`{signed}", propose.branch, propose.remote));
            }
            Action::Request(wanted) => self.proposed.extend(match (&wanted.site, &wanted.pull) {
                (None, _) => None,
                (Some(_), Some(pull)) => Some(format!("updates pull request #{}", pull.number)),
                (Some(site), None) => Some(format!("opens a pull request in {}", site.project)),
            }),
            Action::Announce(_) => self.announced += 1,
            Action::Owners { registry, owners } => self.owners.push((owners, package.as_ref(), registry)),
            Action::Push { remote, branch, tags, options: _ } => {
                self.pushed.push(PushLine { remote, branch: branch.as_ref(), tags });
            }
        }
    }

    /// The changed files: their names if they are few, otherwise how many of each name.
    pub(crate) fn files(&self) -> Option<String> {
        let removed = self.removed.iter().map(|path| format!("removes {path}"));
        let all: Vec<String> = self.edited.iter().map(ToString::to_string).chain(removed).collect();
        let number = count(all.len(), "file");
        let named = if all.len() <= NAMED { all } else { kinds(&all) };
        if named.is_empty() { None } else { Some(format!("{number}: {}", named.join(", "))) }
    }

    /// What a release without permanent effects says about them.
    pub(crate) fn nothing_permanent(&self) -> &'static str {
        match self.proposed.is_empty() {
            true => "nothing: the release stays on this machine",
            false => "nothing: close the pull request and delete its branch to undo the proposal",
        }
    }

    /// Other effects before the first permanent one, in order, such as `creates 1 commit`.
    pub(crate) fn undoable(&self) -> Vec<String> {
        let counted =
            |number: usize, verb: &str, thing: &str| (number > 0).then(|| format!("{verb} {}", count(number, thing)));
        let steps = [
            counted(self.hooks.len(), "runs", "hook"),
            counted(self.commits, "creates", "commit"),
            counted(self.built.len(), "builds and verifies", "package"),
            counted(self.packed.difference(&self.built).count(), "packs, without building,", "package"),
            self.lands.map(|branch| format!("moves `{branch}` to the release commit")),
            counted(self.tags, "creates", "tag"),
        ];
        steps.into_iter().flatten().chain(self.proposed.iter().cloned()).collect()
    }

    /// What cannot be undone, in order, such as `publishes 5 versions to crates.io`.
    pub(crate) fn permanent(&self) -> Vec<String> {
        let reserved = self.reserved.iter().map(|(branch, remote)| format!("pushes `{branch}` to `{remote}`"));
        let uploads = self.uploads.iter().map(|(registry, versions)| {
            let number = count(versions.len(), "version");
            let names: Vec<&str> = versions.iter().map(String::as_str).collect();
            let names = if names.len() > NAMED { String::new() } else { format!(" ({})", names.join(", ")) };
            format!("publishes {number} to {}{names}", registry.shown())
        });
        let owners = self.owners.iter().map(|(owners, package, registry)| {
            let package = package.map_or(String::new(), |package| format!("to {package} "));
            format!("adds owners {package}on {} ({})", registry.shown(), owners.join(", "))
        });
        let pushed = self.pushed.iter().map(|pushed| format!("pushes {}", pushed.words()));
        let announced =
            (self.announced > 0).then(|| format!("announces {} on the forge", count(self.announced, "tag")));
        reserved.chain(uploads).chain(owners).chain(pushed).chain(announced).collect()
    }
}

/// Files counted by name, such as `62 Cargo.toml`; a file whose name is unique, by its path.
fn kinds(paths: &[String]) -> Vec<String> {
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths {
        by_name.entry(path.rsplit('/').next().unwrap_or(path)).or_default().push(path);
    }
    let told = by_name.into_iter().map(|(name, paths)| match paths.as_slice() {
        [only] => (*only).to_owned(),
        several => format!("{} {name}", several.len()),
    });
    told.collect()
}
