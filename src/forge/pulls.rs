//! Pull requests.

use serde_json::Value;
use serde_json::json;

use super::wire::Forge;
use super::wire::encoded;
use super::wire::number;
use super::wire::text;
use crate::error::Result;
use crate::names::BranchName;
use crate::snapshot::ForgeKind;
use crate::snapshot::PullRequest;
use crate::snapshot::PullState;
use crate::tools::registry::web::Method;

/// A pull request to open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPull<'a> {
    /// The branch with the changes.
    pub branch: &'a BranchName,
    /// The branch to merge into.
    pub base: &'a BranchName,
    /// The title.
    pub title: &'a str,
    /// The description.
    pub body: &'a str,
    /// Whether it is a draft.
    pub draft: bool,
}

impl Forge {
    /// The open pull request from a branch of this project to another.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn open_pull(&self, branch: &BranchName, base: &BranchName) -> Result<Option<PullRequest>> {
        let found = match self.site().kind {
            ForgeKind::Github => {
                let head = encoded(&format!("{}:{branch}", self.owner()));
                self.list(&format!("{}/pulls?state=open&head={head}&base={}", self.project(), encoded(base.as_str())))?
            }
            ForgeKind::Forgejo => self.list(&format!("{}/pulls?state=open", self.project()))?,
            ForgeKind::Gitlab => self.list(&format!(
                "{}/merge_requests?state=opened&source_branch={}&target_branch={}",
                self.project(),
                encoded(branch.as_str()),
                encoded(base.as_str())
            ))?,
        };
        let mut ours = found.iter().filter(|pull| self.is_ours(pull, branch, base));
        ours.next().map(|pull| self.pull(pull)).transpose()
    }

    /// The pull request with this number.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn pull_of(&self, number: u64) -> Result<Option<PullRequest>> {
        let answer = self.get(&self.pull_path(number))?;
        answer.map(|answer| self.pull(&answer.body)).transpose()
    }

    /// Opens a pull request.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn make_pull(&self, new: NewPull<'_>) -> Result<PullRequest> {
        let NewPull { branch, base, title, body, draft } = new;
        let answer = match self.site().kind {
            ForgeKind::Github => {
                let body = json!({ "title": title, "body": body, "head": branch, "base": base, "draft": draft });
                self.send(Method::Post, &format!("{}/pulls", self.project()), &body)?
            }
            ForgeKind::Forgejo => {
                let title = if draft { format!("WIP: {title}") } else { title.to_owned() };
                let body = json!({ "title": title, "body": body, "head": branch, "base": base });
                self.send(Method::Post, &format!("{}/pulls", self.project()), &body)?
            }
            ForgeKind::Gitlab => {
                let title = if draft { format!("Draft: {title}") } else { title.to_owned() };
                let body = json!({
                    "title": title, "description": body, "source_branch": branch, "target_branch": base,
                    "remove_source_branch": true,
                });
                self.send(Method::Post, &format!("{}/merge_requests", self.project()), &body)?
            }
        };
        self.pull(&answer.body)
    }

    /// Changes the title and description.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn change_pull(&self, number: u64, title: &str, body: &str) -> Result<PullRequest> {
        let (method, change) = match self.site().kind {
            ForgeKind::Github | ForgeKind::Forgejo => (Method::Patch, json!({ "title": title, "body": body })),
            ForgeKind::Gitlab => (Method::Put, json!({ "title": title, "description": body })),
        };
        let answer = self.send(method, &self.pull_path(number), &change)?;
        self.pull(&answer.body)
    }

    /// Closes a pull request with a comment.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn close_pull(&self, number: u64, why: &str) -> Result<()> {
        self.comment_on_pull(number, why)?;
        let (method, change) = match self.site().kind {
            ForgeKind::Github | ForgeKind::Forgejo => (Method::Patch, json!({ "state": "closed" })),
            ForgeKind::Gitlab => (Method::Put, json!({ "state_event": "close" })),
        };
        self.send(method, &self.pull_path(number), &change).map(drop)
    }

    /// Comments on a pull request.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn comment_on_pull(&self, number: u64, comment: &str) -> Result<()> {
        let path = match self.site().kind {
            ForgeKind::Github | ForgeKind::Forgejo => format!("{}/issues/{number}/comments", self.project()),
            ForgeKind::Gitlab => format!("{}/merge_requests/{number}/notes", self.project()),
        };
        self.send(Method::Post, &path, &json!({ "body": comment })).map(drop)
    }

    pub(super) fn pull_path(&self, number: u64) -> String {
        match self.site().kind {
            ForgeKind::Github | ForgeKind::Forgejo => format!("{}/pulls/{number}", self.project()),
            ForgeKind::Gitlab => format!("{}/merge_requests/{number}", self.project()),
        }
    }

    /// Whether its branch is in this project; a fork may have a branch of the same name.
    fn is_ours(&self, pull: &Value, branch: &BranchName, base: &BranchName) -> bool {
        let at = |pointer: &str| pull.pointer(pointer).and_then(Value::as_str);
        match self.site().kind {
            ForgeKind::Github | ForgeKind::Forgejo => {
                let project =
                    at("/head/repo/full_name").is_some_and(|it| it.eq_ignore_ascii_case(&self.site().project));
                project && at("/head/ref") == Some(branch.as_str()) && at("/base/ref") == Some(base.as_str())
            }
            ForgeKind::Gitlab => {
                let project = pull.get("source_project_id") == pull.get("target_project_id");
                project && at("/source_branch") == Some(branch.as_str()) && at("/target_branch") == Some(base.as_str())
            }
        }
    }

    fn pull(&self, pull: &Value) -> Result<PullRequest> {
        let (key, url, body) = match self.site().kind {
            ForgeKind::Github | ForgeKind::Forgejo => ("number", "html_url", "body"),
            ForgeKind::Gitlab => ("iid", "web_url", "description"),
        };
        let merged = pull.get("merged").and_then(Value::as_bool).unwrap_or(false);
        let merged = merged || pull.get("merged_at").is_some_and(Value::is_string);
        let state = match text(pull, "state").as_str() {
            "open" | "opened" => PullState::Open,
            "merged" => PullState::Merged,
            _ if merged => PullState::Merged,
            _ => PullState::Closed,
        };
        let (number, url, body) = (number(pull, key)?, text(pull, url), text(pull, body));
        Ok(PullRequest { number, url, title: text(pull, "title"), body, state })
    }
}
