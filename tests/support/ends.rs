//! What holds after every release that came to its end.

use std::collections::BTreeMap;

use cargo_release::testing::names::Digest;
use cargo_release::testing::system::archive;
use serde_json::Value;

use super::World;

impl World {
    /// Ends unless these versions, and no others, are in the registries (`core 0.1.0 in box`), and everything else is as
    /// a release leaves it.
    #[track_caller]
    pub fn has_released(&self, versions: &[&str]) -> &Self {
        let all = self
            .registries
            .keys()
            .flat_map(|name| self.published(name).into_iter().map(move |version| format!("{version} in {name}")));
        let mut expected: Vec<&str> = versions.to_vec();
        expected.sort_unstable();
        let mut found: Vec<String> = all.collect();
        found.sort();
        assert_eq!(found, expected, "what is published");
        self.is_at_rest();
        self.is_on_the_remote();
        self.published_what_was_verified();
        self
    }

    /// Ends unless the checkout is clean and nothing of a release is left.
    #[track_caller]
    pub fn is_at_rest(&self) -> &Self {
        let state = self.state();
        assert_eq!(state.differs, "", "what differs in the checkout");
        assert_eq!(state.worktrees, 0, "worktrees");
        assert_eq!(state.room, Vec::<String>::new(), "what is left in the room");
        self.release("status").ends_well();
        self
    }

    /// Ends unless the remote has the branch, and every tag as it is here.
    #[track_caller]
    pub fn is_on_the_remote(&self) -> &Self {
        let refs = ["for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags"];
        assert_eq!(self.remote(&refs), self.git(&refs), "refs on the remote and here");
        self
    }

    /// Ends unless each archive that the last release published is the verified one, as the index says, and was packed
    /// from the commit that its tag names.
    #[track_caller]
    fn published_what_was_verified(&self) {
        let last = std::fs::read_to_string(self.checkout().join(".git/cargo-release/root/last.jsonl")).unwrap();
        let records: Vec<Value> = last.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let tags = tags(&records[0]);
        let verified = records.iter().filter_map(|record| record["proof"]["verified"].as_array()).flatten();
        let mut seen = 0;
        for known in verified {
            let text = |key: &str| known[key].as_str().unwrap();
            let (name, version, registry) = (text("name"), text("version"), text("registry"));
            let bytes = std::fs::read(self.archive(registry, name, version)).unwrap();
            let stored = Digest::of(&bytes);
            assert_eq!(text("checksum"), stored.as_str(), "{name}: verified and stored");
            assert_eq!(self.listed(registry, name, version), stored.as_str(), "{name}: listed and stored");
            let record = archive::vcs_record(&archive::entries(&bytes).unwrap()).unwrap();
            assert!(!record.dirty, "{name} was packed from changed files");
            let named = tags.get(name).map_or("HEAD", String::as_str);
            assert_eq!(record.commit.as_str(), self.git(&["rev-parse", &format!("{named}^{{commit}}")]), "{name}");
            seen += 1;
        }
        let planned = records[0]["plan"]["publish_order"].as_array().unwrap().len();
        assert!(seen >= planned, "{seen} archives were verified, {planned} packages planned");
    }

    fn archive(&self, registry: &str, name: &str, version: &str) -> std::path::PathBuf {
        let dir = self.path("registries").join(registry).join("crates").join(name);
        dir.join(format!("{name}-{version}.crate"))
    }

    /// The checksum that the index has.
    fn listed(&self, registry: &str, name: &str, version: &str) -> String {
        let index = self.path("registries").join(registry).join("index");
        let dir = index.join(&name[..2]).join(&name[2..4]);
        let text = std::fs::read_to_string(dir.join(name)).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let line = lines.into_iter().find(|line| line["vers"] == version).unwrap();
        line["cksum"].as_str().unwrap().to_owned()
    }
}

/// The tag of each package in a plan.
fn tags(opening: &Value) -> BTreeMap<String, String> {
    let packages = opening["plan"]["packages"].as_array().unwrap();
    let tag = |package: &Value| {
        Some((package["name"].as_str()?.to_owned(), format!("refs/tags/{}", package["tag"].as_str()?)))
    };
    packages.iter().filter_map(tag).collect()
}
