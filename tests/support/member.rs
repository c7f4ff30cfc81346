//! A package of a workspace, as a story describes it.

use cargo_release::testing::config::MemberFacts;
use cargo_release::testing::config::VersionSource;
use cargo_release::testing::snapshot::Package;
use cargo_release::testing::snapshot::PublishTo;

use super::BOX;

/// One member.
#[derive(Clone)]
pub struct Member {
    pub(super) name: &'static str,
    version: &'static str,
    publish: String,
    needs: Vec<&'static str>,
    rest: String,
}

impl Member {
    /// A library of that name at 0.1.0, that goes to the box.
    pub fn new(name: &'static str) -> Self {
        let publish = format!("publish = [{BOX:?}]");
        Self { name, version: "0.1.0", publish, needs: Vec::new(), rest: String::new() }
    }

    /// At this version.
    pub fn at(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    /// Depends on other members, at the versions that they have.
    pub fn needs(mut self, names: &[&'static str]) -> Self {
        self.needs.extend(names);
        self
    }

    /// Goes nowhere.
    pub fn private(self) -> Self {
        Self { publish: "publish = false".to_owned(), ..self }
    }

    /// Goes to these registries.
    pub fn goes_to(self, names: &[&str]) -> Self {
        Self { publish: format!("publish = {names:?}"), ..self }
    }

    /// With these lines at the end of its manifest.
    pub fn with(mut self, lines: &str) -> Self {
        self.rest.push_str(lines);
        self
    }

    pub(super) fn manifest(&self, members: &[Self]) -> String {
        let Self { name, version, publish, needs, rest } = self;
        let version = match *version {
            "workspace" => "version.workspace = true".to_owned(),
            version => format!("version = {version:?}"),
        };
        let package = format!("[package]\nname = {name:?}\n{version}\nedition = \"2024\"\n{publish}\n");
        let dependency = |needed: &&str| {
            let found = members.iter().find(|member| member.name == *needed).unwrap().version;
            format!("{needed} = {{ version = {found:?}, path = \"../{needed}\", registry = {BOX:?} }}\n")
        };
        let dependencies: String = needs.iter().map(dependency).collect();
        let dependencies = if needs.is_empty() { String::new() } else { format!("\n[dependencies]\n{dependencies}") };
        format!("{package}{dependencies}{rest}")
    }
}

/// What the configuration of a package depends on.
pub fn facts(package: &Package) -> MemberFacts {
    MemberFacts {
        name: package.name.clone(),
        is_root: package.dir.as_str().is_empty(),
        version: if package.inherits_version { VersionSource::Inherited } else { VersionSource::Own },
        publishes_nowhere: package.publish == PublishTo::Nowhere,
    }
}
