//! A scenario: a directory below `fixtures/`.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use cargo_release::testing::cli::Cli;
use cargo_release::testing::config;
use cargo_release::testing::config::Config;
use cargo_release::testing::config::ConfigFile;
use cargo_release::testing::config::MemberFacts;
use cargo_release::testing::config::Sources;
use cargo_release::testing::environment::Environment;
use cargo_release::testing::names::PackageName;
use cargo_release::testing::observe;
use cargo_release::testing::plan::Request;
use cargo_release::testing::snapshot::Package;
use cargo_release::testing::snapshot::Snapshot;
use serde::Deserialize;

use crate::support::World;
use crate::support::facts;
use crate::support::here;

/// The day of every release: that of `SOURCE_DATE_EPOCH` in the sealed world.
const TODAY: &str = "2026-11-22";

/// What happened, and what is asked.
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) ask: String,
    commits: Vec<Commit>,
}

#[derive(Deserialize)]
struct Written {
    ask: String,
    commit: Vec<Commit>,
}

/// A commit: the files of `in/TREE` over those of the commit before.
#[derive(Deserialize)]
struct Commit {
    message: String,
    tree: String,
    /// Uploaded from this commit.
    #[serde(default)]
    publish: Vec<String>,
    /// Made on this commit.
    #[serde(default)]
    tags: Vec<String>,
}

impl Scenario {
    /// All of them, by name.
    pub(crate) fn all() -> Vec<Self> {
        let mut names: Vec<String> = entries(&here("fixtures")).iter().map(|dir| file_name(dir)).collect();
        names.sort();
        assert!(names.len() >= 3, "scenarios are missing");
        names.into_iter().map(Self::of).collect()
    }

    fn of(name: String) -> Self {
        let text = std::fs::read_to_string(here(&format!("fixtures/{name}/scenario.toml"))).unwrap();
        let Written { ask, commit } = toml_edit::de::from_str(&text).unwrap();
        Self { name, ask, commits: commit }
    }

    /// A file of it, from the root of this repository.
    pub(crate) fn path(&self, file: &str) -> String {
        format!("fixtures/{}/{file}", self.name)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(here(&self.path(file))).unwrap()
    }

    /// Makes it all happen.
    pub(crate) fn world(&self) -> World {
        let world = World::empty(&["box"]);
        for commit in &self.commits {
            for (path, text) in self.files(&commit.tree) {
                world.write(&path, &text);
            }
            world.commit(&commit.message);
            for name in &commit.publish {
                world.cargo(&["publish", "--no-verify", "--quiet", "--locked", "-p", name]);
            }
            for tag in &commit.tags {
                world.git(&["tag", tag]);
            }
        }
        world.git(&["push", "--quiet", "--set-upstream", "--tags", "origin", "main"]);
        world
    }

    /// What is seen of it.
    pub(crate) fn observed(&self, world: &World) -> Snapshot {
        let token = ("CARGO_REGISTRIES_BOX_TOKEN".into(), "any-token".into());
        let variables = std::env::vars_os().chain([token]);
        let environment = Environment::new(variables, &world.checkout(), Path::new("cargo-release"));
        let options = observe::Options::default();
        let place = observe::locate(&environment, &options).unwrap();
        let packages = &place.workspace.packages;
        observe::observe(&place, &self.resolved(packages), &options).unwrap()
    }

    /// The configuration, without looking at the world.
    pub(crate) fn config(&self, snapshot: &Snapshot) -> Config {
        self.resolved(&snapshot.workspace.packages)
    }

    fn resolved(&self, packages: &[Package]) -> Config {
        let files = self.last_files();
        let source = |path: String| files.get(&path).map(|text| ConfigFile { path: path.clone(), text: text.clone() });
        let place = |dir: &str| config::DirConfig {
            release_toml: source(format!("{dir}release.toml")),
            manifest: source(format!("{dir}Cargo.toml")),
        };
        let of = |package: &Package| (package.name.clone(), place(&format!("{}/", package.dir)));
        let sources = Sources {
            workspace: place(""),
            packages: packages.iter().map(of).collect::<BTreeMap<PackageName, config::DirConfig>>(),
            command_line: self.cli().release.ask.config.layer(),
            ..Sources::default()
        };
        let facts: Vec<MemberFacts> = packages.iter().map(facts).collect();
        config::resolve(&sources, &facts).unwrap()
    }

    /// What is asked.
    pub(crate) fn request(&self) -> Request {
        self.cli().release.ask.request(TODAY.to_owned()).unwrap()
    }

    fn cli(&self) -> Cli {
        let words = ["cargo", "release"].into_iter().chain(self.ask.split_whitespace());
        Cli::parse(words.map(Into::into)).unwrap()
    }

    /// The files of one tree.
    fn files(&self, tree: &str) -> BTreeMap<String, String> {
        let root = here(&self.path("in")).join(tree);
        let mut found = BTreeMap::new();
        collect(&root, &root, &mut found);
        found
    }

    /// The files as the last commit leaves them.
    fn last_files(&self) -> BTreeMap<String, String> {
        self.commits.iter().flat_map(|commit| self.files(&commit.tree)).collect()
    }
}

fn collect(root: &Path, dir: &Path, found: &mut BTreeMap<String, String>) {
    for path in entries(dir) {
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            found.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}
