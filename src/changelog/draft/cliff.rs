//! The configuration of git-cliff: a project's over git-cliff's own defaults, or ours.
//!
//! Read without the environment, which git-cliff's own loader lets in, and without running anything: commands are taken
//! out, each with a warning, and a template that reads the environment, the clock or chance is refused, because a plan
//! has to come out the same when it is made again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use git_cliff_core::config::Config;
use git_cliff_core::config::TextProcessor;
use git_cliff_core::embed::EmbeddedConfig;
use serde_json::Value;

use crate::changelog::credit::Linked;
use crate::changelog::credit::Links;
use crate::changelog::draft::DraftFor;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;

/// Our own configuration, whole but for what git-cliff's defaults say.
const BUILT_IN: &str = include_str!("cliff.toml");

/// Functions of templates whose answer differs from run to run.
const UNSTEADY: [&str; 3] = ["get_env", "now", "get_random"];

/// How entries are drafted.
#[derive(Clone, Debug)]
pub(crate) struct Cliff {
    pub(crate) config: Config,
    pub(crate) built_in: bool,
    /// What items link to; only the built-in template has links.
    pub(crate) links: Option<Links>,
    warnings: Vec<String>,
    /// For whom its template could not be used, once it was tried, and why. Several entries are drafted at a time.
    failures: Arc<Mutex<BTreeMap<PackageName, String>>>,
}

impl Cliff {
    /// Our own way: the groups of Keep a Changelog.
    ///
    /// # Errors
    ///
    /// A bug of ours, should the text that is built in not be read.
    pub(crate) fn built_in() -> Result<Self> {
        let mine = read(BUILT_IN).map_err(|source| Failure::bug("the built-in cliff.toml").caused_by(source))?;
        Ok(Self { built_in: true, ..Self::over_defaults(mine)? })
    }

    /// The way that a project's `cliff.toml` describes.
    ///
    /// # Errors
    ///
    /// [`Unplannable`](crate::error::Kind::Unplannable) where it is no TOML, a value does not fit, or the template calls
    /// a function that answers differently from run to run.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        Self::over_defaults(read(text).or_unplannable(unreadable)?)
    }

    /// The way that `[package.metadata.git-cliff]`, else `[workspace.metadata.git-cliff]`, of a manifest describes; none
    /// where the manifest has neither.
    ///
    /// # Errors
    ///
    /// As [`Cliff::parse`].
    pub(crate) fn from_manifest(text: &str) -> Result<Option<Self>> {
        let manifest = read(text).or_unplannable(|| "the manifest cannot be read".to_owned())?;
        let table =
            ["package", "workspace"].iter().find_map(|table| manifest.get(table)?.get("metadata")?.get("git-cliff"));
        table.cloned().map(Self::over_defaults).transpose()
    }

    /// The same way, with items that link to what brought them.
    #[must_use]
    pub(crate) fn with_links(self, links: Option<Links>) -> Self {
        Self { links, ..self }
    }

    /// The links of an entry; `None` where there are none.
    pub(super) fn linked<'a>(&'a self, of: &'a DraftFor) -> Option<Linked<'a>> {
        self.links.as_ref().filter(|_| self.built_in)?.of(of.repository.as_deref())
    }

    /// What should be known about it.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Why the project's template was not used, for the first of these packages that it failed for; none where it did not
    /// fail.
    pub(crate) fn failure<'a>(&self, packages: impl IntoIterator<Item = &'a PackageName>) -> Option<String> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        packages.into_iter().find_map(|package| failures.get(package).cloned())
    }

    pub(crate) fn failed(&self, package: &PackageName, why: &Failure) {
        let why = std::iter::once(why.what().to_owned()).chain(why.why()).last().unwrap_or_default();
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.entry(package.clone()).or_insert(why);
    }

    fn over_defaults(mine: Value) -> Result<Self> {
        let defaults = EmbeddedConfig::get_config().map_err(anyhow::Error::from);
        let defaults = defaults.and_then(|text| read(&text));
        let mut all = defaults.map_err(|source| Failure::bug("git-cliff's defaults").caused_by(source))?;
        merge(&mut all, mine);
        let config: Config = serde_json::from_value(all).or_unplannable(unreadable)?;
        steady(&config.changelog.body)?;
        let mut cliff = Self { config, built_in: false, links: None, warnings: Vec::new(), failures: Arc::default() };
        cliff.only_the_section();
        cliff.take_out_commands();
        cliff.name_what_has_no_effect();
        Ok(cliff)
    }

    /// Leaves what belongs to the one section that is drafted: no header, no footer, no selection of tags, no network.
    fn only_the_section(&mut self) {
        self.config.changelog.header = None;
        self.config.changelog.footer = None;
        self.config.changelog.render_always = true;
        self.config.git.skip_tags = None;
        self.config.remote.offline = true;
    }

    fn take_out_commands(&mut self) {
        let lists = [
            ("git.commit_preprocessors", &mut self.config.git.commit_preprocessors),
            ("changelog.postprocessors", &mut self.config.changelog.postprocessors),
        ];
        for (key, list) in lists {
            let runs = |processor: &TextProcessor| processor.replace_command.is_some();
            let commands = list.iter().filter_map(|processor| processor.replace_command.as_deref());
            self.warnings.extend(commands.map(|command| {
                format!("`{command}` in `{key}` of the git-cliff configuration is ignored: cargo-release does not run commands from it")
            }));
            list.retain(|processor| !runs(processor) || processor.replace.is_some());
            list.iter_mut().for_each(|processor| processor.replace_command = None);
        }
    }

    fn name_what_has_no_effect(&mut self) {
        let git = &self.config.git;
        if !git.include_paths.is_empty() || !git.exclude_paths.is_empty() {
            let words = "`include_paths` and `exclude_paths` of the git-cliff configuration have no effect: \
                         a package's entry is drafted from the commits that change the package";
            self.warnings.push(words.to_owned());
        }
    }
}

fn unreadable() -> String {
    "the git-cliff configuration cannot be read".to_owned()
}

fn read(text: &str) -> anyhow::Result<Value> {
    Ok(toml_edit::de::from_str(text)?)
}

/// Puts one configuration over another: tables are joined, everything else is replaced.
fn merge(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                merge(below.entry(key).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above,
    }
}

/// Refuses a template that calls a function whose answer differs from run to run.
fn steady(body: &str) -> Result<()> {
    let calls = |name: &str| {
        let ends = body.match_indices(name).map(|(at, _)| (at, at + name.len()));
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        ends.into_iter().any(|(at, end)| {
            let begins = body.get(..at).is_some_and(|before| !before.ends_with(word));
            begins && body.get(end..).is_some_and(|after| after.trim_start().starts_with('('))
        })
    };
    match UNSTEADY.into_iter().find(|name| calls(name)) {
        None => Ok(()),
        Some(name) => Err(Failure::unplannable(format!("the git-cliff template calls `{name}`"))
            .because("a plan must be reproducible")
            .help(format!(
                "take `{name}(…)` out of `changelog.body`; `package`, `tag`, `version` and `timestamp` are given"
            ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project's keys stand over the defaults, and what they leave out is git-cliff's own.
    #[test]
    fn project_stands_over_defaults() {
        let cliff = Cliff::parse("[git]\ncommit_parsers = []\n[changelog]\nheader = 'x'\nskip = 1\n").unwrap();
        assert!(cliff.config.git.commit_parsers.is_empty());
        assert!(cliff.config.git.filter_unconventional);
        assert_eq!(cliff.config.changelog.header, None);
        assert!(cliff.config.changelog.body.contains("commit_groups"));
    }

    /// The environment, which git-cliff's own parser reads, has no part: the test above, in an environment that would
    /// change its answer.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the environment of another process is what the test is about")]
    fn environment_has_no_part() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "changelog::draft::cliff::tests::project_stands_over_defaults"])
            .env("GIT_CLIFF__GIT__FILTER_UNCONVENTIONAL", "false")
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }

    /// Commands are taken out, each with a warning; a plain replacement beside one stays.
    #[test]
    fn commands_are_taken_out() {
        let text = "[git]\ncommit_preprocessors = [{ pattern = 'a', replace_command = 'touch x' }]\n\
                    [changelog]\npostprocessors = [{ pattern = 'b', replace = 'c', replace_command = 'touch y' }]\n";
        let cliff = Cliff::parse(text).unwrap();
        assert!(cliff.config.git.commit_preprocessors.is_empty());
        assert_eq!(cliff.config.changelog.postprocessors.len(), 1);
        assert_eq!(cliff.config.changelog.postprocessors[0].replace_command, None);
        let named: Vec<bool> =
            ["touch x", "touch y"].iter().map(|it| cliff.warnings()[..2].concat().contains(it)).collect();
        assert_eq!(named, [true, true]);
    }

    /// A template may not read the environment or the clock; a key that only looks alike is no call.
    #[test]
    fn unsteady_templates_are_refused() {
        let body = |body: &str| Cliff::parse(&format!("[changelog]\nbody = '''{body}'''"));
        assert!(body(r#"{{ get_env(name="X") }}"#).is_err());
        assert!(body("{{ now() }}").is_err());
        assert!(body("{{ known(a) }} now and then").is_ok());
    }

    /// A regular expression that cannot be read is told.
    #[test]
    fn bad_values_are_told() {
        let failure = Cliff::parse("[git]\ncommit_parsers = [{ message = '(' }]").unwrap_err();
        assert_eq!(failure.kind(), crate::error::Kind::Unplannable);
        assert!(failure.to_string().contains("unclosed group"), "{failure}");
    }

    /// The table of a manifest is found, the package's before the workspace's.
    #[test]
    fn reads_manifests() {
        let text = "[package]\nname = 'a'\n[package.metadata.git-cliff.git]\nsort_commits = 'newest'\n";
        let cliff = Cliff::from_manifest(text).unwrap().unwrap();
        assert_eq!(cliff.config.git.sort_commits, "newest");
        assert!(Cliff::from_manifest("[package]\nname = 'a'\n").unwrap().is_none());
    }
}
