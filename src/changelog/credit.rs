//! What a drafted item names besides the change: its pull request, the issues that it closes, and its authors, with links.

use super::draft::DraftCommit;

/// Links into the project's pages on its forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Links {
    /// How the forge lays out its pages.
    pub(crate) pages: Pages,
    /// The page of the project, where the configuration names it; else the package's repository is used.
    pub(crate) project: Option<String>,
}

/// How a forge lays out its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pages {
    /// `/pull/12`, `/issues/12`.
    Github,
    /// `/-/merge_requests/12`, `/-/issues/12`.
    Gitlab,
    /// `/pulls/12`, `/issues/12`.
    Forgejo,
}

/// What is known of a commit besides its message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credit {
    /// The number of the pull request that brought it.
    pub(crate) pull: Option<u64>,
    /// The name of its author on the forge.
    pub(crate) login: Option<String>,
    /// Whether its author has no earlier commit.
    pub(crate) is_first: bool,
}

/// Keywords before the number of an issue, as forges read them.
const CLOSES: [&str; 9] = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// The heading of the list of new contributors.
pub(super) const NEWCOMERS: &str = "New contributors";

/// The links of one entry: how pages are laid out, and the project that they belong to.
pub(super) struct Linked<'a> {
    pages: Pages,
    project: &'a str,
}

impl Links {
    /// The links of an entry; `None` if no page of the project is known.
    pub(super) fn of<'a>(&'a self, repository: Option<&'a str>) -> Option<Linked<'a>> {
        let project = self.project.as_deref().or(repository)?;
        let project = project.trim_end_matches('/').trim_end_matches(".git");
        project.starts_with("http").then_some(Linked { pages: self.pages, project })
    }
}

impl Linked<'_> {
    /// The summary of a change, followed by what brought it.
    pub(super) fn summary(&self, summary: &str, commit: &DraftCommit) -> String {
        let pull = pull(commit, summary);
        let mut line = self.with_links(summary, pull);
        if let Some(number) = pull.filter(|number| !numbers(summary).contains(number)) {
            line = format!("{line} ({})", self.pull(number));
        }
        let mut parts = vec![line];
        let closed = closed(&commit.message).into_iter().filter(|issue| !numbers(summary).contains(issue));
        let closed: Vec<String> = closed.map(|issue| self.issue(issue)).collect();
        if !closed.is_empty() {
            parts.push(format!("closes {}", closed.join(", ")));
        }
        parts.push(format!("by {}", self.authors(commit).join(", ")));
        parts.join(", ")
    }

    /// The list of the authors whose first commit is among these; empty if there is none.
    pub(super) fn newcomers(&self, commits: &[&DraftCommit]) -> String {
        let first = commits.iter().rev().filter(|commit| commit.credit.is_first);
        let items = first.map(|commit| {
            let subject = commit.message.lines().next().unwrap_or_default();
            let place = match pull(commit, subject) {
                Some(number) => self.pull(number),
                None => format!("`{}`", commit.id.short()),
            };
            format!("- {} made their first contribution in {place}", self.author(commit))
        });
        let items: Vec<String> = items.collect();
        if items.is_empty() { String::new() } else { format!("### {NEWCOMERS}\n\n{}", items.join("\n")) }
    }

    fn pull(&self, number: u64) -> String {
        let project = self.project;
        match self.pages {
            Pages::Github => format!("[#{number}]({project}/pull/{number})"),
            Pages::Gitlab => format!("[!{number}]({project}/-/merge_requests/{number})"),
            Pages::Forgejo => format!("[#{number}]({project}/pulls/{number})"),
        }
    }

    fn issue(&self, number: u64) -> String {
        let below = if self.pages == Pages::Gitlab { "-/issues" } else { "issues" };
        format!("[#{number}]({}/{below}/{number})", self.project)
    }

    /// The text with a link for each reference outside of code and of links.
    fn with_links(&self, text: &str, pull: Option<u64>) -> String {
        let mut out = String::new();
        let mut is_code = false;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            is_code = is_code != (c == '`');
            let is_apart = !out.ends_with(|before: char| before.is_alphanumeric() || "/[&#!".contains(before));
            let known = c == '#' || (c == '!' && self.pages == Pages::Gitlab);
            let number = (known && is_apart && !is_code).then(|| digits(&rest[1..])).flatten();
            let Some((number, length)) = number else {
                out.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            };
            let is_pull = c == '!' || (pull == Some(number) && self.pages != Pages::Gitlab);
            out.push_str(&if is_pull { self.pull(number) } else { self.issue(number) });
            rest = &rest[1 + length..];
        }
        out
    }

    /// The author and the co-authors, each once.
    fn authors(&self, commit: &DraftCommit) -> Vec<String> {
        let mut all = vec![self.author(commit)];
        let others = commit.message.lines().filter_map(|line| {
            let (key, value) = line.trim().split_once(':')?;
            let (name, rest) = value.split_once('<')?;
            key.eq_ignore_ascii_case("co-authored-by").then(|| self.person(name.trim(), rest.trim_end_matches('>')))
        });
        for other in others {
            if !all.contains(&other) {
                all.push(other);
            }
        }
        all
    }

    fn author(&self, commit: &DraftCommit) -> String {
        match &commit.credit.login {
            Some(login) => self.login(login),
            None => self.person(&commit.author, &commit.email),
        }
    }

    /// A person by the address that GitHub gives to those who hide theirs, which has the login in it; else by name.
    fn person(&self, name: &str, email: &str) -> String {
        let local = email.trim().strip_suffix("@users.noreply.github.com");
        match local.filter(|_| self.pages == Pages::Github) {
            Some(local) => self.login(local.rsplit('+').next().unwrap_or(local)),
            None => name.to_owned(),
        }
    }

    fn login(&self, login: &str) -> String {
        let host = self.project.split('/').take(3).collect::<Vec<_>>().join("/");
        match login.strip_suffix("[bot]") {
            Some(app) => format!("@{app}"),
            None => format!("[@{login}]({host}/{login})"),
        }
    }
}

/// The pull request that brought a commit: as the forge or the merge says, else the number that ends its subject.
fn pull(commit: &DraftCommit, summary: &str) -> Option<u64> {
    commit.credit.pull.or_else(|| {
        let inside = summary.trim_end().strip_suffix(')')?.rsplit_once('(')?.1;
        let (number, length) = digits(inside.strip_prefix(['#', '!'])?)?;
        (length + 1 == inside.len()).then_some(number)
    })
}

/// The issues that a message closes, in its order.
fn closed(message: &str) -> Vec<u64> {
    let mut found = Vec::new();
    for line in message.lines().skip(1) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for pair in words.windows(2) {
            let is_keyword = CLOSES.contains(&pair[0].trim_end_matches(':').to_lowercase().as_str());
            if let Some((number, _)) = pair[1].strip_prefix('#').and_then(digits).filter(|_| is_keyword)
                && !found.contains(&number)
            {
                found.push(number);
            }
        }
    }
    found
}

/// The numbers behind `#` or `!`.
fn numbers(text: &str) -> Vec<u64> {
    text.split(['#', '!']).skip(1).filter_map(|rest| Some(digits(rest)?.0)).collect()
}

/// The number that a text begins with, and how long it is.
fn digits(text: &str) -> Option<(u64, usize)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text.get(..end)?.parse().ok()?, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(message: &str, email: &str, credit: Credit) -> DraftCommit {
        DraftCommit { author: "Ann".into(), email: email.into(), credit, ..DraftCommit::of(message) }
    }

    fn links(pages: Pages) -> Links {
        Links { pages, project: None }
    }

    /// References in subjects and trailers are links, on each forge; code, other repositories and links are left alone.
    #[test]
    fn references_are_links() {
        let message =
            "feat: a tap (#12)\n\nSee #4.\nCloses: #3\nfixes #12\nCo-authored-by: Bob <1+bob@users.noreply.github.com>";
        let commit = commit(message, "ann@example.com", Credit::default());
        for (pages, expected) in [
            (
                Pages::Github,
                "a tap ([#12](https://h/o/r/pull/12)), closes [#3](https://h/o/r/issues/3), by Ann, [@bob](https://h/bob)",
            ),
            (
                Pages::Gitlab,
                "a tap ([#12](https://h/o/r/-/issues/12)), closes [#3](https://h/o/r/-/issues/3), by Ann, Bob",
            ),
            (Pages::Forgejo, "a tap ([#12](https://h/o/r/pulls/12)), closes [#3](https://h/o/r/issues/3), by Ann, Bob"),
        ] {
            let links = links(pages);
            let linked = links.of(Some("https://h/o/r.git")).unwrap();
            assert_eq!(linked.summary("a tap (#12)", &commit), expected);
        }
        let links = links(Pages::Github);
        let linked = links.of(Some("https://h/o/r")).unwrap();
        let left = "`#1`, o/r#2, a#3, &#4; [#5](x), # and #x";
        assert_eq!(linked.with_links(left, None), left);
        assert_eq!(linked.with_links("after #6, é", None), "after [#6](https://h/o/r/issues/6), é");
        assert!(links.of(None).is_none() && links.of(Some("../r")).is_none());
    }

    /// What the forge says comes before what the commit says, and first contributions are listed, oldest first.
    #[test]
    fn newcomers_are_welcomed() {
        let first = Credit { pull: Some(7), login: Some("ann".into()), is_first: true };
        let ann = commit("feat: a tap", "ann@example.com", first);
        let bot = commit(
            "fix: b (#8)",
            "9+dep[bot]@users.noreply.github.com",
            Credit { is_first: true, ..Credit::default() },
        );
        let links = links(Pages::Github);
        let linked = links.of(Some("https://h/o/r")).unwrap();
        assert_eq!(linked.summary("a tap", &ann), "a tap ([#7](https://h/o/r/pull/7)), by [@ann](https://h/ann)");
        let expected = "### New contributors\n\n- [@ann](https://h/ann) made their first contribution in [#7](https://h/o/r/pull/7)\n- @dep made their first contribution in [#8](https://h/o/r/pull/8)";
        assert_eq!(linked.newcomers(&[&bot, &ann]), expected);
        assert_eq!(linked.newcomers(&[]), "");
    }
}
