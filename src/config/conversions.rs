//! What the value of a key comes to as a setting.

use std::time::Duration;

use regex::Regex;

use super::declare::KeyName;
use super::settings::BumpRule;
use super::settings::file_glob;
use super::values::BumpRules;
use super::values::Globs;
use super::values::HookCommand;
use super::values::Notes;
use super::values::SharedVersion;
use crate::error::Failure;
use crate::error::Result;

/// From what was read to the setting.
pub(super) trait Resolve<Setting> {
    /// The setting that this comes to.
    ///
    /// # Errors
    ///
    /// `Unplannable` for a value that cannot be used, `Bug` for a key without a default.
    fn resolve(self, key: KeyName) -> Result<Setting>;
}

/// A key that has a default.
impl<T> Resolve<T> for Option<T> {
    fn resolve(self, key: KeyName) -> Result<T> {
        self.ok_or_else(|| Failure::bug(format!("there is no default for `{key}`")))
    }
}

/// A key that has none.
impl<T> Resolve<Self> for Option<T> {
    fn resolve(self, _: KeyName) -> Result<Self> {
        Ok(self)
    }
}

/// Seconds.
impl Resolve<Duration> for Option<u64> {
    fn resolve(self, key: KeyName) -> Result<Duration> {
        Ok(Duration::from_secs(self.resolve(key)?))
    }
}

/// Seconds, if any.
impl Resolve<Option<Duration>> for Option<u64> {
    fn resolve(self, _: KeyName) -> Result<Option<Duration>> {
        Ok(self.map(Duration::from_secs))
    }
}

impl Resolve<Option<String>> for Option<SharedVersion> {
    fn resolve(self, _: KeyName) -> Result<Option<String>> {
        Ok(self.and_then(SharedVersion::group))
    }
}

impl Resolve<Option<String>> for Option<Notes> {
    fn resolve(self, key: KeyName) -> Result<Option<String>> {
        let notes: Notes = self.resolve(key)?;
        notes.dir()
    }
}

impl Resolve<Vec<String>> for Option<HookCommand> {
    fn resolve(self, _: KeyName) -> Result<Vec<String>> {
        Ok(self.map(HookCommand::line).unwrap_or_default())
    }
}

/// Names, of which some may be globs: they can be read.
impl Resolve<Vec<String>> for Option<Globs> {
    fn resolve(self, key: KeyName) -> Result<Vec<String>> {
        let Globs(names) = self.resolve(key)?;
        for name in &names {
            if let Err(error) = file_glob(name) {
                return Err(Failure::unplannable(format!("`{key}` has an invalid glob: `{name}`"))
                    .because(error.to_string())
                    .help("use package names or globs: `core`, `core-*`"));
            }
        }
        Ok(names)
    }
}

/// Rules about commits, whose patterns can be read.
impl Resolve<Vec<BumpRule>> for Option<BumpRules> {
    fn resolve(self, key: KeyName) -> Result<Vec<BumpRule>> {
        let BumpRules(rules) = self.resolve(key)?;
        for pattern in rules.iter().filter_map(|rule| rule.subject.as_deref()) {
            Regex::new(pattern).map_err(|error| {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                Failure::unplannable(format!("`{key}` has a `subject` that is no regular expression: `{pattern}`"))
                    .because(why)
                    .help("it is searched in the first line of a commit: `subject = \"^:sparkles:\"`")
            })?;
        }
        Ok(rules)
    }
}
