//! Drafts: what an entry could say where nobody wrote one, from commits through git-cliff.

use git_cliff_core::changelog::Changelog;
use git_cliff_core::commit::Commit;
use git_cliff_core::commit::Signature;
use git_cliff_core::release::Release;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use semver::Version;
use serde_json::json;

use super::cliff::Cliff;
use super::document::Document;
use super::document::entry;
use super::scan::LineKind;
use super::scan::scan;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::TagName;

/// A commit that an entry may tell of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftCommit {
    /// Its id.
    pub id: CommitId,
    /// The whole message.
    pub message: String,
    /// The author's name.
    pub author: String,
    /// The author's address.
    pub email: String,
    /// When it was authored, in seconds since 1970.
    pub timestamp: i64,
}

/// The release that an entry is drafted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftFor {
    /// The package; templates know it as `package`.
    pub package: PackageName,
    /// The version.
    pub version: Version,
    /// The tag of the release before.
    pub previous_tag: Option<TagName>,
    /// The tag of this release; templates know it as `version` and `tag`, as in git-cliff.
    pub tag: Option<TagName>,
    /// The day of the release.
    pub date: Date,
    /// The address of the repository; templates know its owner and name as `remote.github` and the like.
    pub repository: Option<String>,
}

/// A drafted entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// Markdown without the heading of the release, with `\n` as line ending and none at the end; empty where there is
    /// nothing to tell.
    pub body: String,
    /// What should be known.
    pub warnings: Vec<String>,
}

/// Drafts an entry from commits, which are given newest first; the order in the entry is that of `sort_commits`.
///
/// # Errors
///
/// [`Unplannable`](crate::error::Kind::Unplannable) where the project's template or its rules about commits fail.
pub fn draft(commits: &[DraftCommit], of: &DraftFor, cliff: &Cliff) -> Result<Drafted> {
    let warnings = cliff.warnings().to_vec();
    let told: Vec<&DraftCommit> = commits.iter().filter(|commit| !commit.message.trim().is_empty()).collect();
    if told.is_empty() {
        return Ok(Drafted { body: String::new(), warnings });
    }
    let body = without_heading(&rendered(&told, of, cliff)?, of);
    let body = if cliff.built_in { escaped(&body) } else { body };
    Ok(Drafted { body, warnings })
}

/// The section of the release, as git-cliff makes it.
fn rendered(commits: &[&DraftCommit], of: &DraftFor, cliff: &Cliff) -> Result<String> {
    let cannot = || format!("the changelog entry of `{}` cannot be drafted", of.package);
    let mut config = cliff.config.clone();
    name_remote(&mut config.remote, of.repository.as_deref());
    let limit = config.git.limit_commits.unwrap_or(usize::MAX);
    let mut selected: Vec<Commit<'static>> = commits.iter().take(limit).map(|commit| as_commit(commit)).collect();
    if !config.git.sort_commits.eq_ignore_ascii_case("newest") {
        selected.reverse();
    }
    let version = of.tag.as_ref().map_or_else(|| of.version.to_string(), ToString::to_string);
    let midnight = of.date.to_zoned(TimeZone::UTC).or_unplannable(cannot)?;
    let before = of.previous_tag.as_ref().map(ToString::to_string);
    let release = Release {
        version: Some(version),
        commits: selected,
        timestamp: Some(midnight.timestamp().as_second()),
        // git-cliff drops a release whose commits were all filtered out, unless it has one before it.
        previous: Some(Box::new(Release { version: before, ..Release::default() })),
        repository: of.repository.clone(),
        ..Release::default()
    };
    let mut changelog = Changelog::new(vec![release], config, None).or_unplannable(cannot)?;
    changelog.add_context("package", of.package.as_str()).or_unplannable(cannot)?;
    changelog.add_context("tag", of.tag.as_ref().map(TagName::as_str)).or_unplannable(cannot)?;
    let mut section = Vec::new();
    changelog.generate(&mut section).or_unplannable(cannot)?;
    String::from_utf8(section).map_err(|source| Failure::bug(cannot()).caused_by(source))
}

/// A commit as git-cliff takes it. `extra.breaking` says whether it breaks anything, for templates of our own: of
/// commits that are not conventional git-cliff does not say it.
fn as_commit(commit: &DraftCommit) -> Commit<'static> {
    let (message, breaking) = readable(commit.message.trim_end());
    let signature =
        Signature { name: Some(commit.author.clone()), email: Some(commit.email.clone()), timestamp: commit.timestamp };
    Commit {
        id: commit.id.to_string(),
        message,
        author: signature.clone(),
        committer: signature,
        extra: Some(json!({ "breaking": breaking })),
        ..Commit::default()
    }
}

/// A message that the strict parser of Conventional Commits reads, where its subject lets it, and whether it breaks
/// anything. A body that follows the subject without a blank line is set off; one that still does not parse is left out.
fn readable(message: &str) -> (String, bool) {
    let (subject, body) = message.split_once('\n').unwrap_or((message, ""));
    let marks = ["BREAKING CHANGE: ", "BREAKING-CHANGE: "];
    let footer = body.lines().find(|line| marks.iter().any(|mark| line.starts_with(mark)));
    let subject = subject.trim_end();
    let set_off = format!("{subject}\n\n{}", body.trim_start());
    let alone = footer.map_or_else(|| subject.to_owned(), |footer| format!("{subject}\n\n{footer}"));
    for candidate in [message.to_owned(), set_off, alone] {
        if let Ok(parsed) = git_conventional::Commit::parse(&candidate) {
            let breaking = parsed.breaking() || footer.is_some();
            return (candidate, breaking);
        }
    }
    (message.to_owned(), footer.is_some())
}

/// Gives templates the owner and name of the repository, as the command-line program takes them from the remote, where
/// the configuration does not.
fn name_remote(remote: &mut git_cliff_core::config::RemoteConfig, repository: Option<&str>) {
    let path = repository.and_then(|address| address.split_once("://")).and_then(|(_, rest)| rest.split_once('/'));
    let mut parts = path.map_or("", |(_, path)| path).split('/').filter(|part| !part.is_empty());
    let (Some(owner), Some(name)) = (parts.next(), parts.next()) else { return };
    let forges = [&mut remote.github, &mut remote.gitlab, &mut remote.gitea, &mut remote.bitbucket];
    for forge in forges.into_iter().filter(|forge| !forge.is_set()) {
        forge.owner = owner.to_owned();
        forge.repo = name.trim_end_matches(".git").to_owned();
    }
}

/// What git-cliff made, without the heading of the release and with single blank lines.
fn without_heading(section: &str, of: &DraftFor) -> String {
    let document = Document::parse(section);
    let Some(release) = document.sections.iter().position(|section| section.heading().is_some()) else {
        return entry(&single_blank_lines(&without_first_heading(section, of)));
    };
    let parts = document.sections.iter().enumerate().flat_map(|(index, section)| {
        let head = if index == release { "" } else { section.head.as_str() };
        [head, section.body.as_str()]
    });
    entry(&single_blank_lines(&parts.collect::<String>()))
}

/// The text without its first line, where that is a heading that names the version in a way of its own.
fn without_first_heading(section: &str, of: &DraftFor) -> String {
    let version = of.version.to_string();
    let first = scan(section).lines.iter().position(|line| line.kind != LineKind::Blank);
    let lines = scan(section).lines.into_iter().enumerate().filter(|(index, line)| {
        let names = matches!(line.kind, LineKind::Heading(heading) if heading.title.contains(&version));
        !(names && Some(*index) == first)
    });
    lines.map(|(_, line)| line.raw).collect()
}

/// Joins blank lines that follow each other outside of code; templates leave many.
fn single_blank_lines(text: &str) -> String {
    let mut after_blank = false;
    let lines = scan(text).lines.into_iter().filter(|line| {
        let blank = line.kind == LineKind::Blank;
        !(std::mem::replace(&mut after_blank, blank) && blank)
    });
    lines.map(|line| line.raw).collect()
}

/// Lines of subjects with `<` escaped outside of code, so that `Vec<T>` is not taken for a tag, nor `<!--` for a comment.
fn escaped(body: &str) -> String {
    let mut code = false;
    let mut out = String::new();
    for c in body.chars() {
        code = (code != (c == '`')) && c != '\n';
        if c == '<' && !code && !out.ends_with('\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use snapbox::IntoData as _;
    use snapbox::assert_data_eq;
    use snapbox::str;

    use super::*;

    fn commits(messages: &[&str]) -> Vec<DraftCommit> {
        let commits = messages.iter().enumerate().map(|(index, message)| DraftCommit {
            id: format!("{index:040x}").into(),
            message: (*message).to_owned(),
            author: "A".to_owned(),
            email: "a@example.com".to_owned(),
            timestamp: 0,
        });
        commits.collect()
    }

    fn of() -> DraftFor {
        DraftFor {
            package: "core".into(),
            version: Version::new(1, 2, 0),
            previous_tag: Some("core-v1.1.0".into()),
            tag: Some("core-v1.2.0".into()),
            date: jiff::civil::date(2026, 11, 22),
            repository: Some("https://github.com/o/r.git".to_owned()),
        }
    }

    fn built_in(messages: &[&str]) -> String {
        draft(&commits(messages), &of(), &Cliff::built_in().unwrap()).unwrap().body
    }

    /// The built-in groups, their order, and what is left out.
    #[test]
    fn groups_of_keep_a_changelog() {
        let body = built_in(&[
            "fix(parser): accept `<a>` and <b>",
            "feat(core): newest",
            "Unconventional subject\n\nwith a body",
            "feat(cli)!: rename `x`",
            "feat: older\n\nbody",
            "refactor!: drop `Old`",
            "perf: faster",
            "docs: explain",
            "FEAT: shouted",
            "feat: deprecate `y`",
            "fix(security): check bounds",
            "chore!: raise rust-version",
            "chore(release): 1.1.0",
            "chore: tidy",
            "ci: run",
            "test: more",
            "style: format",
            "Merge branch 'x'",
            "fixup! feat: older",
            "Release 1.1.0",
            "",
        ]);
        assert_data_eq!(
            body,
            str![[r#"
### Added

- newest
- older
- shouted

### Changed

- **breaking:** **cli:** rename `x`
- **breaking:** raise rust-version
- Unconventional subject
- faster

### Deprecated

- deprecate `y`

### Removed

- **breaking:** drop `Old`

### Fixed

- **parser:** accept `<a>` and \<b>

### Security

- check bounds

### Documentation

- explain
"#]]
            .raw()
        );
    }

    /// Messages that the strict parser refuses keep their type, and what they say about breaking.
    #[test]
    fn strict_parser_is_helped() {
        let body =
            built_in(&["feat!: a\nb", "fix: c\nBREAKING CHANGE: d", "Plain\n\nBREAKING CHANGE: e", "fix: f\ng: h"]);
        let expected = "### Changed\n\n- **breaking:** a\n- **breaking:** c\n- **breaking:** Plain\n\n### Fixed\n\n- f";
        assert_eq!(body, expected);
    }

    /// Nothing to tell is an empty draft, not a heading.
    #[test]
    fn nothing_to_tell() {
        assert_eq!(built_in(&[]), "");
        assert_eq!(built_in(&["chore: a"]), "");
    }

    /// A project's own groups, order, template variables and heading are honoured; its heading is left out.
    #[test]
    fn project_configuration_is_honoured() {
        let text = r###"
[changelog]
body = """
<!-- made -->
# Release of {{ package }} {{ version }} on {{ timestamp | date(format="%Y-%m-%d") }}
{% for group, commits in commits | group_by(attribute="group") %}
## {{ group }}
{% for commit in commits %}
* {{ commit.message }} by {{ commit.author.name }} in {{ remote.github.owner }}/{{ remote.github.repo }}
{% endfor %}{% endfor %}
"""
postprocessors = [{ pattern = "by A", replace = "by B" }]
[git]
commit_parsers = [{ message = "^feat", group = "News" }, { message = "^fix", skip = true }]
"###;
        let cliff = Cliff::parse(&text.replace("<!-- made -->\n", "")).unwrap();
        let drafted = draft(&commits(&["feat: b", "fix: c", "feat: a"]), &of(), &cliff).unwrap();
        assert_eq!(drafted.body, "## News\n\n* a by B in o/r\n\n* b by B in o/r");
        let cliff = Cliff::parse("").unwrap();
        let drafted = draft(&commits(&["feat: b"]), &of(), &cliff).unwrap();
        assert_eq!(drafted.body, "### 🚀 Features\n\n- B");
    }

    /// A template that fails is told, with git-cliff's own words.
    #[test]
    fn failing_template_is_told() {
        let cliff = Cliff::parse("[changelog]\nbody = '{{ nothing.here }}'").unwrap();
        let failure = draft(&commits(&["feat: b"]), &of(), &cliff).unwrap_err();
        assert_eq!(failure.kind(), crate::error::Kind::Unplannable);
        assert!(failure.to_string().contains("nothing.here"), "{failure}");
    }
}
