//! The level that the message of a commit asks for, by its type, its scope and the rules of the project.

use std::collections::BTreeMap;

use regex::Regex;

use super::commits::CountedChange;
use crate::commit_message::Change;
use crate::commit_message::CommitMessage;
use crate::config::BumpRule;
use crate::level::Level;
use crate::names::PackageName;
use crate::snapshot::Workspace;

/// Types that change nothing for those who use a package. What a chore does to a dependency, a feature or the toolchain
/// is told by comparing the manifest.
const SILENT: [&str; 6] = ["chore", "ci", "test", "tests", "style", "wip"];

/// What a commit begins with that is to be joined with another.
const FIXUPS: [&str; 3] = ["fixup! ", "squash! ", "amend! "];

/// How the commits of a package get their levels.
pub(crate) struct CommitLevels<'a> {
    package: &'a PackageName,
    workspace: &'a Workspace,
    scopes: &'a BTreeMap<String, PackageName>,
    rules: Vec<(&'a BumpRule, Option<Regex>)>,
}

impl<'a> CommitLevels<'a> {
    /// For a package. `scopes` are scopes that stand for packages of other names.
    pub(crate) fn new(
        package: &'a PackageName,
        workspace: &'a Workspace,
        scopes: &'a BTreeMap<String, PackageName>,
        rules: &'a [BumpRule],
    ) -> Self {
        // One that does not compile is refused where the configuration is read.
        let subject = |rule: &BumpRule| rule.subject.as_deref().and_then(|pattern| Regex::new(pattern).ok());
        let rules = rules.iter().map(|rule| (rule, subject(rule))).collect();
        Self { package, workspace, scopes, rules }
    }

    /// The changes of a message that count: the one of the title, and of those that a squash merge lists what asks for
    /// more than the title, or breaks. The others are told by the title.
    pub(crate) fn parts(&self, message: &CommitMessage) -> Vec<CountedChange> {
        let title = self.of(&message.title);
        let all = message.changes().enumerate().map(|(at, change)| CountedChange { at, level: self.of(change) });
        let counts = |part: &CountedChange| part.at == 0 || part.level > title || part.level == Level::Breaking;
        all.filter(|part| counts(part) && part.level > Level::None).collect()
    }

    /// The level that a change asks for: Breaking where it breaks, else by the first rule that fits, else as it is by
    /// default: `feat` is a Feature; `chore`, `ci`, `test` and `style` are nothing; all else, unconventional lines too, is
    /// a Patch. What is another member's, by its scope, is at most a Patch here.
    pub(crate) fn of(&self, change: &Change) -> Level {
        let level = self.by_itself(change);
        if self.is_of_another(change) { level.min(Level::Patch) } else { level }
    }

    fn by_itself(&self, change: &Change) -> Level {
        if change.is_breaking() {
            return Level::Breaking;
        }
        if let Some((rule, _)) = self.rules.iter().find(|(rule, subject)| fits(rule, subject.as_ref(), change)) {
            return rule.level;
        }
        match change.kind.as_deref() {
            Some("feat" | "feature") => Level::Feature,
            Some(kind) if SILENT.contains(&kind) => Level::None,
            Some(_) => Level::Patch,
            None if is_release(&change.line) || FIXUPS.iter().any(|mark| change.line.starts_with(mark)) => Level::None,
            None => Level::Patch,
        }
    }

    /// Whether the scope says that a change is about another member, and not about this one.
    pub(crate) fn is_of_another(&self, change: &Change) -> bool {
        let named: Vec<&PackageName> = change.scopes().filter_map(|scope| self.member(scope)).collect();
        !named.is_empty() && !named.contains(&self.package)
    }

    /// The member that a scope names: as configured, else by its name, in which `-` and `_` are one.
    fn member(&self, scope: &str) -> Option<&PackageName> {
        if let Some(configured) = self.scopes.get(scope) {
            return Some(configured);
        }
        let plain = |name: &str| name.replace('_', "-");
        let mut members = self.workspace.packages.iter().map(|member| &member.name);
        members.find(|name| plain(name.as_str()) == plain(scope))
    }

    /// Whether a line follows Conventional Commits, or a rule of the project knows it.
    pub(crate) fn understands(&self, change: &Change) -> bool {
        let knows = |(rule, subject): &(&BumpRule, Option<Regex>)| {
            let is_named = rule.r#type.as_deref().is_some_and(|kind| !kind.is_empty()) || subject.is_some();
            is_named && fits(rule, subject.as_ref(), change)
        };
        change.kind.is_some() || change.is_breaking() || self.rules.iter().any(knows)
    }

    /// Why a change asks for nothing.
    pub(crate) fn silence(&self, change: &Change) -> String {
        let scope = change.scope.as_ref().map_or_else(String::new, |scope| format!("({scope})"));
        match &change.kind {
            Some(kind) => format!("`{kind}{scope}` asks for no release"),
            None if is_release(&change.line) => "it is the release of another tool".to_owned(),
            None if FIXUPS.iter().any(|mark| change.line.starts_with(mark)) => {
                "it belongs to the commit that it fixes up".to_owned()
            }
            None => "unconventional commits ask for no release".to_owned(),
        }
    }
}

/// Whether a line is what tools write into release commits: `Release 1.2.0`, `prepare release v1.2.0`.
fn is_release(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let rest = line.strip_prefix("prepare ").unwrap_or(&line).strip_prefix("release ");
    let version = rest.map(|rest| rest.strip_prefix('v').unwrap_or(rest));
    version.and_then(|version| version.split_once('.')).is_some_and(|(major, rest)| {
        !major.is_empty() && major.chars().all(|c| c.is_ascii_digit()) && rest.starts_with(|c: char| c.is_ascii_digit())
    })
}

fn fits(rule: &BumpRule, subject: Option<&Regex>, change: &Change) -> bool {
    let word = change.word.as_deref().unwrap_or_default();
    let typed = |wanted: &String| {
        if wanted.is_empty() { change.kind.is_none() } else { wanted.eq_ignore_ascii_case(word) }
    };
    let scoped = |wanted: &String| Some(wanted) == change.scope.as_ref();
    rule.r#type.as_ref().is_none_or(typed)
        && rule.scope.as_ref().is_none_or(scoped)
        && (rule.subject.is_none() || subject.is_some_and(|subject| subject.is_match(&change.line)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::decision_table::Member;
    use crate::plan::tests::decision_table::snapshot_of;

    fn rule(kind: Option<&str>, scope: Option<&str>, subject: Option<&str>, level: Level) -> BumpRule {
        BumpRule {
            r#type: kind.map(str::to_owned),
            scope: scope.map(str::to_owned),
            subject: subject.map(str::to_owned),
            level,
        }
    }

    /// The level of a message for `core`, whose neighbour is `my-cli`.
    fn level(message: &str, rules: &[BumpRule]) -> Level {
        let members = [Member::at("1.2.3"), Member { name: "my-cli", ..Member::at("1.2.3") }];
        let snapshot = snapshot_of(&members, "1");
        let scopes = BTreeMap::from([("net".to_owned(), "my-cli".into()), ("all".to_owned(), "core".into())]);
        let (package, message) = ("core".into(), CommitMessage::of(message));
        let levels = CommitLevels::new(&package, &snapshot.workspace, &scopes, rules);
        levels.parts(&message).iter().map(|part| part.level).max().unwrap_or(Level::None)
    }

    // Each row: a message, and the level that it asks for where nothing is configured.
    #[test]
    fn levels_of_messages() {
        let table = [
            ("feat: add `tap`", Level::Feature),
            ("Feat: add `tap`", Level::Feature),
            ("fix: no more drops", Level::Patch),
            ("feat!: drop `Old`", Level::Breaking),
            ("fix: a\n\nBREAKING CHANGE: b", Level::Breaking),
            ("ci!: needs a newer compiler", Level::Breaking),
            ("ci: faster", Level::None),
            ("test: more", Level::None),
            ("style: tabs", Level::None),
            ("chore(release): 1.2.0", Level::None),
            ("chore: tidy", Level::None),
            ("docs: say more", Level::Patch),
            ("tidy up", Level::Patch),
            ("release v1.2.0", Level::None),
            ("release the lock earlier", Level::Patch),
            ("fix: a (#1)\n\n* feat: b", Level::Feature),
            ("ci: a (#1)\n\n* feat: b", Level::Feature),
            ("ci: a (#1)\n\n* feat!: b", Level::Breaking),
            ("ci: a (#1)\n\n* test: b", Level::None),
        ];
        for (message, expected) in table {
            assert_eq!(level(message, &[]), expected, "{message}");
        }
    }

    // The first rule that fits decides, by type, scope or subject; what breaks is not for a rule to say.
    #[test]
    fn rules_of_the_project() {
        let rules = [
            rule(Some("feat"), Some("cli"), None, Level::Patch),
            rule(Some("docs"), None, None, Level::None),
            rule(None, Some("io"), None, Level::Breaking),
            rule(None, None, Some("^(:sparkles:|✨)"), Level::Feature),
            rule(Some("sync"), None, None, Level::Feature),
            rule(Some(""), None, None, Level::None),
        ];
        let table = [
            ("feat(cli): a", Level::Patch),
            ("feat: a", Level::Feature),
            ("Docs(io): a", Level::None),
            ("fix(io): a", Level::Breaking),
            ("docs!: a", Level::Breaking),
            (":sparkles: a", Level::Feature),
            ("✨ a", Level::Feature),
            (":bug: a", Level::None),
            ("sync: a", Level::Feature),
            ("whatever", Level::None),
        ];
        for (message, expected) in table {
            assert_eq!(level(message, &rules), expected, "{message}");
        }
    }

    // A scope that names another member says whose change it is, by its name or as configured.
    #[test]
    fn scopes_of_other_members() {
        let table = [
            ("feat(my-cli)!: a", Level::Patch),
            ("feat(my_cli): a", Level::Patch),
            ("feat(net)!: a", Level::Patch),
            ("feat(net,core)!: a", Level::Breaking),
            ("feat(core)!: a", Level::Breaking),
            ("feat(all)!: a", Level::Breaking),
            ("feat(parser)!: a", Level::Breaking),
            ("ci(my-cli): a", Level::None),
        ];
        for (message, expected) in table {
            assert_eq!(level(message, &[]), expected, "{message}");
        }
    }
}
