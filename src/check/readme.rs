//! The readme as the registry shows it, and what else a manifest should say.

use std::sync::LazyLock;

use regex::Regex;

use super::RuleSubject;
use super::codes::Code;
use super::document::NormalisedManifest;
use super::finding::Finding;
use crate::phrase;

/// Hosts whose repositories the registry completes relative links with: `crates_io_markdown`.
const HOSTS: [&str; 3] = ["github.com", "gitlab.com", "bitbucket.org"];
/// How many links are named.
const NAMED: usize = 5;

/// `[text](target)`, `![text](target "title")`, and the definition of a reference.
static LINKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)\]\(\s*<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)|^ {0,3}\[[^\]\n]+\]:\s+<?(\S+?)>?\s*$"#).ok()
});

pub(super) fn present(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let named = manifest.text("readme").is_some_and(|path| subject.packed.file(path).is_some());
    let finding = || Finding::warning(Code::ReadmeMissing, format!("{} has no readme", subject.title()));
    (!named)
        .then(|| subject.place(finding(), &["package", "readme"]).help("write a `README.md` beside its `Cargo.toml`"))
}

/// Relative links lead somewhere only where the registry can complete them: with `repository` at a host that it knows.
/// They are completed from where the package lies, with the readme at its root.
pub(super) fn links(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let path = manifest.text("readme")?;
    let text = subject.packed.text(path)?;
    let hosted = manifest.text("repository").is_some_and(is_hosted);
    let leads = |target: &str| hosted && leads_somewhere(subject, path, target);
    let mut broken: Vec<(usize, &str)> = relative_links(text).filter(|(_, target)| !leads(target)).collect();
    broken.dedup();
    let (line, _) = broken.first()?;
    let named = phrase::first(broken.iter().map(|(_, target)| format!("`{target}`")), NAMED);
    let message = format!("links in the readme of {} break once it is published: {named}", subject.title());
    let why = match hosted {
        true => {
            "relative links are resolved from the package directory, not from the original readme; use absolute URLs"
        }
        false => "relative links work only if `repository` is on a known host; use absolute URLs",
    };
    let finding = Finding::warning(Code::ReadmeLinkBroken, message).package(&subject.packed.name);
    Some(finding.at(&subject.packed.place(path), Some(*line)).help(why))
}

/// Links that are neither addresses nor anchors, each with its line.
fn relative_links(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let found = LINKS.iter().flat_map(|links| links.captures_iter(text));
    let targets = found.filter_map(|link| link.get(1).or_else(|| link.get(2)));
    let line = |at: usize| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
    let outside_code = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        before.matches("```").count() % 2 == 0 && line.matches('`').count() % 2 == 0
    };
    targets.filter(move |target| outside_code(target.start())).filter_map(move |target| {
        let link = target.as_str();
        // An anchor, an address, an absolute path; and what documentation tools resolve by a name.
        let other = link.starts_with(['#', '/']) || link.contains(':') || !link.contains(['.', '/']);
        (!other && !link.contains("::")).then(|| (line(target.start()), link))
    })
}

/// Whether the path exists in the repository, seen from the package. Where that is not known, it is taken to.
fn leads_somewhere(subject: &RuleSubject<'_>, readme: &str, target: &str) -> bool {
    let Some(tree) = subject.known.tree else { return true };
    let target = target.split(['#', '?']).next().unwrap_or(target);
    let dir = subject.packed.dir.join(readme).parent();
    let Some(path) = dir.resolve(target.trim_end_matches('/')) else { return false };
    let below = format!("{path}/");
    let next = tree.range(path.clone()..).next();
    path.as_str().is_empty() || tree.contains(&path) || next.is_some_and(|next| next.as_str().starts_with(&below)) || {
        // `a-b` sorts between `a` and `a/b`.
        tree.iter().any(|file| file.as_str().starts_with(&below))
    }
}

fn is_hosted(repository: &str) -> bool {
    let host = url::Url::parse(repository).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| HOSTS.contains(&host.trim_start_matches("www.")))
}

pub(super) fn repository(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let missing = manifest.text("repository").is_none_or(str::is_empty);
    let finding = || Finding::warning(Code::RepositoryMissing, format!("{} has no `repository`", subject.title()));
    missing.then(|| subject.place(finding(), &["package"]).help("add `repository` to `[package]`"))
}

pub(super) fn rust_version(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let missing = manifest.text("rust-version").is_none();
    let message = format!("{} has no `rust-version`", subject.title());
    let help = "add `rust-version` to `[package]`: cargo then skips versions that need a newer Rust";
    missing.then(|| subject.place(Finding::warning(Code::RustVersionMissing, message), &["package"]).help(help))
}
