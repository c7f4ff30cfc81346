//! Drafts: what an entry could say where nobody wrote one, from commits through git-cliff.

pub(crate) mod cliff;
pub(crate) mod draft_items;
pub(crate) mod merge;
pub(crate) mod note_items;
pub(crate) mod style;
#[cfg(test)]
mod tests;

use git_cliff_core::changelog::Changelog;
use git_cliff_core::commit::Commit;
use git_cliff_core::commit::Range;
use git_cliff_core::commit::Signature;
use git_cliff_core::config::RemoteConfig;
use git_cliff_core::release::Release;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use semver::Version;
use serde_json::Value;
use serde_json::json;

use super::credit::Credit;
use super::credit::Linked;
use super::document::Document;
use super::document::entry;
use super::scan::LineKind;
use super::scan::scan;
use crate::changelog::draft::cliff::Cliff;
use crate::commit_message::Change;
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
    /// What of it is told.
    pub changes: Vec<DraftChange>,
    /// The author's name.
    pub author: String,
    /// The author's address.
    pub email: String,
    /// When it was authored, in seconds since 1970.
    pub timestamp: i64,
    /// What is known of it besides.
    pub(crate) credit: Credit,
}

/// A change that a commit tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftChange {
    /// Whether it is the one of the title; else the body lists it.
    pub is_title: bool,
    /// Whether it is told as one that breaks something.
    pub breaking: bool,
    /// The change.
    pub change: Change,
}

impl DraftCommit {
    /// A commit of which all is told.
    #[cfg(test)]
    pub(crate) fn of(message: &str) -> Self {
        let read = crate::commit_message::CommitMessage::of(message);
        let changes = read.changes().enumerate().map(|(at, change)| DraftChange {
            is_title: at == 0,
            breaking: change.is_breaking(),
            change: change.clone(),
        });
        Self {
            id: CommitId::from("0".repeat(40)),
            message: message.to_owned(),
            changes: changes.collect(),
            author: "A".to_owned(),
            email: "a@example.com".to_owned(),
            timestamp: 0,
            credit: Credit::default(),
        }
    }
}

/// The release that an entry is drafted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftFor {
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
pub(crate) struct Drafted {
    /// Markdown without the heading of the release, with `\n` as line ending and none at the end; empty where there is
    /// nothing to tell.
    pub body: String,
    /// What should be known.
    pub warnings: Vec<String>,
}

/// Drafts an entry from commits, which are given newest first; the order in the entry is that of `sort_commits`. Where the
/// project's template or its rules about commits fail, ours are used, and [`Cliff::failure`] says why.
///
/// # Errors
///
/// A bug of ours.
pub(crate) fn draft(commits: &[DraftCommit], of: &DraftFor, cliff: &Cliff) -> Result<Drafted> {
    let warnings = cliff.warnings().to_vec();
    let told: Vec<&DraftCommit> = commits.iter().filter(|commit| !commit.message.trim().is_empty()).collect();
    if told.is_empty() {
        return Ok(Drafted { body: String::new(), warnings });
    }
    let section = match rendered(&told, of, cliff) {
        Ok(section) => section,
        Err(failure) if cliff.built_in => return Err(failure),
        Err(failure) => {
            cliff.failed(&of.package, &failure);
            return draft(commits, of, &Cliff::built_in()?.with_links(cliff.links.clone()));
        }
    };
    let body = without_heading(&section, of);
    let body = if cliff.built_in { escaped(&body) } else { body };
    let newcomers = cliff.linked(of).filter(|_| of.previous_tag.is_some()).map(|linked| linked.newcomers(&told));
    let body = [body, newcomers.unwrap_or_default()].join("\n\n").trim().to_owned();
    Ok(Drafted { body, warnings })
}

/// The section of the release, as git-cliff makes it.
fn rendered(commits: &[&DraftCommit], of: &DraftFor, cliff: &Cliff) -> Result<String> {
    let cannot = || format!("the changelog entry of `{}` cannot be drafted", of.package);
    let mut config = cliff.config.clone();
    name_remote(&mut config.remote, of.repository.as_deref());
    let linked = cliff.linked(of);
    let limit = config.git.limit_commits.unwrap_or(usize::MAX);
    let mut selected: Vec<Commit<'static>> = commits
        .iter()
        .take(limit)
        .flat_map(|commit| commit.changes.iter().map(|told| as_commit(commit, told, linked.as_ref())))
        .collect();
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
        commit_range: selected_range(commits),
        repository: of.repository.clone(),
        ..Release::default()
    };
    let remote = config.remote.clone();
    let mut changelog = Changelog::new(vec![release.with_statistics()], config, None).or_unplannable(cannot)?;
    for (name, value) in offline_context(of, &remote) {
        changelog.add_context(name, value).or_unplannable(cannot)?;
    }
    let mut section = Vec::new();
    changelog.generate(&mut section).or_unplannable(cannot)?;
    String::from_utf8(section).map_err(|source| Failure::bug(cannot()).caused_by(source))
}

/// A change as git-cliff takes it. `extra` has how it was read, for our own template: git-cliff reads messages by stricter
/// rules.
fn as_commit(commit: &DraftCommit, told: &DraftChange, linked: Option<&Linked<'_>>) -> Commit<'static> {
    let DraftChange { is_title, breaking, change } = told;
    let signature =
        Signature { name: Some(commit.author.clone()), email: Some(commit.email.clone()), timestamp: commit.timestamp };
    let summary = change.summary.trim();
    let summary = linked.map_or_else(|| summary.to_owned(), |linked| linked.summary(summary, commit));
    let scope = change.scope.as_ref().filter(|_| change.kind.is_some());
    Commit {
        id: commit.id.to_string(),
        message: if *is_title { title_message(commit.message.trim_end(), told) } else { listed_message(told) },
        author: signature.clone(),
        committer: signature,
        extra: Some(json!({
            "breaking": breaking,
            "scope": scope,
            "summary": summary,
            "below": if *breaking { below(change) } else { String::new() },
        })),
        ..Commit::default()
    }
}

/// What the footers of a change say, below its line and as a part of it.
fn below(change: &Change) -> String {
    let texts = change.breaks.iter().map(|footer| footer.text.trim());
    let said = |text: &&str| !text.is_empty() && *text != change.summary;
    texts.filter(said).flat_map(str::lines).map(|line| format!("\n  {line}")).collect()
}

/// A change that a body lists, as a message.
fn listed_message(DraftChange { breaking, change, .. }: &DraftChange) -> String {
    let footers =
        change.breaks.iter().filter(|_| *breaking).map(|footer| format!("\n\nBREAKING CHANGE: {}", footer.text));
    let line = if *breaking { change.line.clone() } else { unmarked(&change.line) };
    format!("{line}{}", footers.collect::<String>())
}

/// The message of a commit, such that the strict parser of git-cliff reads it where its subject lets it. A body that follows
/// the subject without a blank line is set off; one that still does not parse is left out. What breaks nothing here loses
/// the words that say it does.
fn title_message(message: &str, told: &DraftChange) -> String {
    let (subject, body) = message.split_once('\n').unwrap_or((message, ""));
    let subject = subject.trim_end();
    if !told.breaking && told.change.is_breaking() {
        return unmarked(subject);
    }
    let set_off = format!("{subject}\n\n{}", body.trim_start());
    let footers = told.change.breaks.iter().map(|footer| format!("\n\nBREAKING CHANGE: {}", footer.text));
    let alone = format!("{subject}{}", footers.collect::<String>());
    let parses = |candidate: &String| {
        let says = git_conventional::Commit::parse(candidate).map(|parsed| parsed.breaking());
        says.is_ok_and(|breaking| breaking == told.breaking)
    };
    [message.to_owned(), set_off, alone].into_iter().find(parses).unwrap_or_else(|| message.to_owned())
}

/// A title without its `!`.
fn unmarked(line: &str) -> String {
    line.replacen("!:", ":", 1)
}

/// The commits from the first to the last, as git-cliff names them.
fn selected_range(commits: &[&DraftCommit]) -> Option<Range> {
    let named = |commit: &&DraftCommit| Commit::new(commit.id.to_string(), String::new());
    Some(Range::new(&named(commits.last()?), &named(commits.first()?)))
}

/// What templates may ask for besides: what git-cliff gives offline, and what release-plz gives, with which projects share
/// their configuration.
fn offline_context(of: &DraftFor, remote: &RemoteConfig) -> Vec<(&'static str, Value)> {
    let nobody = || json!({ "contributors": [] });
    let repository = of.repository.as_deref().map(|address| address.trim_end_matches('/').trim_end_matches(".git"));
    let tag = of.tag.as_ref().map(TagName::as_str);
    let link = repository.zip(tag).map(|(address, tag)| match &of.previous_tag {
        Some(previous) => format!("{address}/compare/{previous}...{tag}"),
        None => format!("{address}/releases/tag/{tag}"),
    });
    let forges = [
        ("github", &remote.github),
        ("gitlab", &remote.gitlab),
        ("gitea", &remote.gitea),
        ("bitbucket", &remote.bitbucket),
    ];
    let mut known = serde_json::Map::new();
    for (name, forge) in forges {
        known.insert(name.to_owned(), json!({ "owner": forge.owner, "repo": forge.repo }));
    }
    let first = forges.into_iter().map(|(_, forge)| forge).find(|forge| forge.is_set());
    known.insert("owner".to_owned(), json!(first.map(|forge| forge.owner.as_str())));
    known.insert("repo".to_owned(), json!(first.map(|forge| forge.repo.as_str())));
    known.insert("link".to_owned(), json!(repository));
    known.insert("contributors".to_owned(), json!([]));
    vec![
        ("package", json!(of.package.as_str())),
        ("tag", json!(tag)),
        ("release_link", json!(link)),
        ("remote", Value::Object(known)),
        ("github", nobody()),
        ("gitlab", nobody()),
        ("gitea", nobody()),
        ("bitbucket", nobody()),
        ("azure_devops", nobody()),
    ]
}

/// Gives templates the owner and name of the repository, as the command-line program takes them from the remote, where
/// the configuration does not.
fn name_remote(remote: &mut RemoteConfig, repository: Option<&str>) {
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
