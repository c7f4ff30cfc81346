//! The history walk agrees with git itself on histories of any shape.

use std::collections::BTreeSet;

use git2::Oid;
use git2::Repository;
use git2::Signature;
use git2::Time;
use git2::build::TreeUpdateBuilder;
use proptest::prelude::*;

use super::*;
use crate::names::CommitId;
use crate::names::RepoPath;
use crate::observe::repository::history;
use crate::observe::repository::history_cache::Kept;
use crate::observe::repository::notes::CommittedNotes;
use crate::snapshot::Commit;
use crate::snapshot::History;
use crate::snapshot::Metadata;
use crate::snapshot::Package;
use crate::snapshot::PublishTo;

/// The packages: one at the root, one inside another, two beside each other.
const PACKAGES: [(&str, &str); 4] = [("top", ""), ("a", "a"), ("inner", "a/inner"), ("b", "libs/b")];

/// The files that commits change: `docs` and `libs/readme` belong to the root package.
const FILES: [&str; 8] =
    ["docs/x", "src/lib.rs", "a/one", "a/sub/two", "a/inner/three", "libs/b/four", "libs/b/x/five", "libs/readme"];

/// One thing that happens in a history, on one of three branches.
#[derive(Clone, Debug)]
enum Event {
    Change { branch: usize, files: BTreeSet<usize>, text: u8 },
    Remove { branch: usize, file: usize },
    Merge { into: usize, from: usize },
    Fork { branch: usize, from: usize },
    Tag { branch: usize, package: usize },
}

fn event() -> impl Strategy<Value = Event> {
    let branch = 0..3_usize;
    prop_oneof![
        6 => (branch.clone(), prop::collection::btree_set(0..FILES.len(), 1..3), 0..4_u8)
            .prop_map(|(branch, files, text)| Event::Change { branch, files, text }),
        1 => (branch.clone(), 0..FILES.len()).prop_map(|(branch, file)| Event::Remove { branch, file }),
        3 => (branch.clone(), branch.clone()).prop_map(|(into, from)| Event::Merge { into, from }),
        1 => (branch.clone(), branch.clone()).prop_map(|(branch, from)| Event::Fork { branch, from }),
        2 => (branch, 0..PACKAGES.len()).prop_map(|(branch, package)| Event::Tag { branch, package }),
    ]
}

/// Builds a history without a checkout; time only goes on, so that git's own walk is exact as well.
struct Builder<'r> {
    repo: &'r Repository,
    heads: [Oid; 3],
    clock: i64,
    tagged: u64,
}

impl<'r> Builder<'r> {
    fn new(repo: &'r Repository) -> Self {
        let mut builder = Self { repo, heads: [Oid::ZERO_SHA1; 3], clock: 1_700_000_000, tagged: 0 };
        let root = builder.changed(None, &[(FILES[1], Some("start"))], &[]);
        builder.heads = [root; 3];
        builder
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Change { branch, files, text } => {
                let text = text.to_string();
                let changes: Vec<_> = files.iter().map(|file| (FILES[*file], Some(text.as_str()))).collect();
                self.heads[*branch] = self.changed(Some(self.heads[*branch]), &changes, &[self.heads[*branch]]);
            }
            Event::Remove { branch, file } => {
                let head = self.heads[*branch];
                let tree = self.repo.find_commit(head).unwrap().tree().unwrap();
                if tree.get_path(Path::new(FILES[*file])).is_ok() {
                    self.heads[*branch] = self.changed(Some(head), &[(FILES[*file], None)], &[head]);
                }
            }
            Event::Merge { into, from } => self.merge(*into, *from),
            Event::Fork { branch, from } => self.heads[*branch] = self.heads[*from],
            Event::Tag { branch, package } => {
                self.tagged += 1;
                let (name, dir) = PACKAGES[*package];
                let prefix = if dir.is_empty() { String::new() } else { format!("{name}-") };
                let tag = format!("{prefix}v{}.0.0", self.tagged);
                let commit = self.repo.find_object(self.heads[*branch], None).unwrap();
                self.repo.tag_lightweight(&tag, &commit, false).unwrap();
            }
        }
    }

    fn merge(&mut self, into: usize, from: usize) {
        let [ours, theirs] = [into, from].map(|branch| self.repo.find_commit(self.heads[branch]).unwrap());
        if ours.id() == theirs.id() {
            return;
        }
        let mut merged = self.repo.merge_commits(&ours, &theirs, None).unwrap();
        let tree = if merged.has_conflicts() { ours.tree_id() } else { merged.write_tree_to(self.repo).unwrap() };
        self.heads[into] = self.commit(tree, &[ours.id(), theirs.id()]);
    }

    fn changed(&mut self, base: Option<Oid>, changes: &[(&str, Option<&str>)], parents: &[Oid]) -> Oid {
        let mut update = TreeUpdateBuilder::new();
        for (path, text) in changes {
            match text {
                Some(text) => {
                    update.upsert(*path, self.repo.blob(text.as_bytes()).unwrap(), git2::FileMode::Blob);
                }
                None => {
                    update.remove(*path);
                }
            }
        }
        let empty = self.repo.treebuilder(None).unwrap().write().unwrap();
        let base = base.map_or(empty, |base| self.repo.find_commit(base).unwrap().tree_id());
        let tree = update.create_updated(self.repo, &self.repo.find_tree(base).unwrap()).unwrap();
        self.commit(tree, parents)
    }

    fn commit(&mut self, tree: Oid, parents: &[Oid]) -> Oid {
        self.clock += 60;
        let who = Signature::new("Ann", "ann@example.com", &Time::new(self.clock, 0)).unwrap();
        let parents: Vec<_> = parents.iter().map(|id| self.repo.find_commit(*id).unwrap()).collect();
        let parents: Vec<_> = parents.iter().collect();
        let message = format!("commit {}", self.clock);
        self.repo.commit(None, &who, &who, &message, &self.repo.find_tree(tree).unwrap(), &parents).unwrap()
    }
}

/// A package of which only the name and the place matter.
pub(super) fn package(name: &str, dir: &str) -> Package {
    let dir = RepoPath::from(dir);
    Package {
        needs: Vec::new(),
        ignored: Vec::new(),
        kept_by_tools: Vec::new(),
        needed_by: Vec::new(),
        name: name.into(),
        version: semver::Version::new(0, 1, 0),
        manifest: dir.join("Cargo.toml"),
        dir,
        inherits_version: false,
        default_member: true,
        publish: PublishTo::Anywhere,
        dependencies: Vec::new(),
        targets: Vec::new(),
        entry_points: Vec::new(),
        metadata: Metadata::default(),
    }
}

/// The history of these packages as it is observed.
pub(super) fn observed(world: &World, packages: &[Package], previous: Option<&TagName>) -> Result<History> {
    observed_as(world, packages, &defaults(packages.iter().map(|package| &package.name)), previous)
}

/// As [`observed`], configured.
pub(super) fn observed_as(
    world: &World,
    packages: &[Package],
    config: &Config,
    previous: Option<&TagName>,
) -> Result<History> {
    let checkout = world.checkout();
    let head = checkout.head()?.commit;
    let tags = checkout.tags(checkout.tag_references()?, &mut Kept::default())?;
    let (recorded, outside, root) = (&BTreeMap::new(), &BTreeMap::new(), &RepoPath::root());
    let dir = config.workspace.bump.notes.as_ref().map(|dir| RepoPath::from(dir.as_str()));
    let notes = &CommittedNotes::of(&checkout, head, dir)?;
    let question = history::HistoryQuery {
        head,
        tags: &tags,
        packages,
        settings: &config.packages,
        previous,
        recorded,
        outside,
        notes,
        root,
    };
    let mut kept = Kept::default();
    kept.graph.read_all(&checkout, head, tags.values().copied())?;
    // Commits that were read side by side are in the order of those that were not.
    let mut alone = Kept::default();
    alone.graph.extend(&checkout, &[head])?;
    assert_eq!(kept.graph.nodes(), alone.graph.nodes());
    let history = history::read(&checkout, &question, &mut kept)?;
    // What was kept leads to the same.
    let again = Kept::decoded(&kept.encoded()).unwrap();
    assert_eq!(history::read(&checkout, &question, &mut { again })?, history);
    Ok(history)
}

/// What git says has changed a package since a tag: commits with their paths, merges left out.
fn told_by_git(world: &World, tag: Option<&str>, dir: &str) -> BTreeSet<(CommitId, Vec<String>)> {
    let range = tag.map_or("HEAD".to_owned(), |tag| format!("{tag}..HEAD"));
    let place = if dir.is_empty() { "." } else { dir };
    let nested = PACKAGES.iter().filter(|(_, other)| *other != dir && (dir.is_empty() || other.starts_with(dir)));
    let nested: Vec<String> = nested.map(|(_, other)| format!(":(exclude){other}")).collect();
    let mut arguments = vec!["log", "--no-merges", "--full-history", "--no-renames", "--name-only", "--format=%x00%H"];
    arguments.extend([range.as_str(), "--", place]);
    arguments.extend(nested.iter().map(String::as_str));
    let text = world.git(&arguments);
    let entries = text.split('\0').skip(1).map(|entry| {
        let mut lines = entry.lines().filter(|line| !line.is_empty());
        (CommitId::from(lines.next().unwrap()), lines.map(str::to_owned).collect())
    });
    entries.collect()
}

/// The last tag of a package that the head descends from; versions are handed out in ascending order.
fn last_tag(world: &World, package: usize) -> Option<String> {
    let (name, dir) = PACKAGES[package];
    let start = if dir.is_empty() { "v".to_owned() } else { format!("{name}-v") };
    let merged = world.git(&["tag", "--merged", "HEAD"]);
    let number = |tag: &&str| tag[start.len()..].split('.').next().unwrap().parse::<u64>().unwrap();
    merged.lines().filter(|tag| tag.starts_with(&start)).max_by_key(number).map(str::to_owned)
}

fn ours(history: &History, package: &str) -> BTreeSet<(CommitId, Vec<String>)> {
    let ordinary = history.commits.iter().filter(|commit| commit.parents < 2);
    let paths = |commit: &Commit| commit.packages.get(package).cloned();
    let named = |paths: Vec<RepoPath>| paths.iter().map(|path| path.as_str().to_owned()).collect();
    ordinary.filter_map(|commit| Some((commit.id.clone(), named(paths(commit)?)))).collect()
}

/// No commit is listed after one that it descends from.
fn children_come_first(repo: &Repository, history: &History) -> bool {
    let ids: Vec<Oid> = history.commits.iter().map(|commit| Oid::from_str(commit.id.as_str()).unwrap()).collect();
    let pairs = ids.iter().enumerate().flat_map(|(at, newer)| ids[at + 1..].iter().map(move |older| (newer, older)));
    pairs.into_iter().all(|(newer, older)| !repo.graph_descendant_of(*older, *newer).unwrap())
}

/// Whatever is forked, merged, removed and tagged: the unreleased commits of each package, and the paths, are those that
/// git tells for `TAG..HEAD`.
#[test]
fn walk_agrees_with_git() {
    sealed(module_path!(), "walk_agrees_with_git", |_| {
        let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
        proptest!(config, |(events in prop::collection::vec(event(), 8..60))| {
            let world = World::new();
            let repo = Repository::open(world.root()).unwrap();
            let mut builder = Builder::new(&repo);
            events.iter().for_each(|event| builder.happen(event));
            repo.reference("refs/heads/main", builder.heads[0], true, "").unwrap();
            let packages = PACKAGES.map(|(name, dir)| package(name, dir));
            let history = observed(&world, &packages, None).unwrap();
            for (at, (name, dir)) in PACKAGES.iter().enumerate() {
                let tag = last_tag(&world, at);
                let seen = history.last_releases.get(*name).map(|last| last.witness.clone());
                prop_assert_eq!(seen, tag.as_deref().map(|tag| crate::snapshot::ReleaseEvidence::Tag(tag.into())));
                prop_assert_eq!(ours(&history, name), told_by_git(&world, tag.as_deref(), dir), "{}", name);
            }
            prop_assert!(children_come_first(&repo, &history));
        });
    });
}
