//! Labels, reviewers and comments of pull requests. They are only added, never removed.

use serde_json::Value;
use serde_json::json;

use super::wire::Forge;
use super::wire::encoded;
use super::wire::number;
use crate::error::Failure;
use crate::error::Result;
use crate::snapshot::ForgeKind;
use crate::tools::registry::web::Method;

/// The color of a new label.
const COLOUR: &str = "#0969da";

impl Forge {
    /// Adds labels to a pull request.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn label_pull(&self, pull: u64, labels: &[String]) -> Result<()> {
        let path = format!("{}/issues/{pull}/labels", self.project());
        match self.site().kind {
            ForgeKind::Github => self.send(Method::Post, &path, &json!({ "labels": labels })).map(drop),
            ForgeKind::Forgejo => {
                let ids = labels.iter().map(|label| self.label_id(label)).collect::<Result<Vec<u64>>>()?;
                self.send(Method::Post, &path, &json!({ "labels": ids })).map(drop)
            }
            ForgeKind::Gitlab => {
                let change = json!({ "add_labels": labels.join(",") });
                self.send(Method::Put, &self.pull_path(pull), &change).map(drop)
            }
        }
    }

    /// The id of a label, which is created if it is missing.
    fn label_id(&self, label: &str) -> Result<u64> {
        let path = format!("{}/labels", self.project());
        let all = self.list(&path)?;
        if let Some(found) = all.iter().find(|it| it.get("name").and_then(Value::as_str) == Some(label)) {
            return number(found, "id");
        }
        let made = self.send(Method::Post, &path, &json!({ "name": label, "color": COLOUR }))?;
        number(&made.body, "id")
    }

    /// Comments on a pull request or an issue (`#12`; on GitLab a merge request is `!12`), unless it has this comment already.
    /// A number that does not exist is ignored.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn tell_once(&self, reference: &str, words: &str) -> Result<()> {
        let number = reference.trim_start_matches(['#', '!']);
        let path = match self.site().kind {
            ForgeKind::Github | ForgeKind::Forgejo => format!("{}/issues/{number}/comments", self.project()),
            ForgeKind::Gitlab if reference.starts_with('!') => {
                format!("{}/merge_requests/{number}/notes", self.project())
            }
            ForgeKind::Gitlab => format!("{}/issues/{number}/notes", self.project()),
        };
        let said =
            |comment: &Value| comment.get("body").and_then(Value::as_str).is_some_and(|body| body.contains(words));
        if self.get(&path)?.is_none() {
            return Ok(());
        }
        let comments = match self.site().kind {
            ForgeKind::Github | ForgeKind::Gitlab => self.list(&path)?,
            ForgeKind::Forgejo => self.list_whole(&path)?,
        };
        if comments.iter().any(said) {
            return Ok(());
        }
        self.send(Method::Post, &path, &json!({ "body": words })).map(drop)
    }

    /// Requests reviews from people (`login`) and teams (`org/team`).
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn ask_reviewers(&self, pull: u64, reviewers: &[String]) -> Result<()> {
        let (teams, people): (Vec<&String>, Vec<&String>) = reviewers.iter().partition(|name| name.contains('/'));
        match self.site().kind {
            ForgeKind::Github | ForgeKind::Forgejo => {
                let teams: Vec<&str> = teams.iter().filter_map(|team| team.rsplit('/').next()).collect();
                let body = json!({ "reviewers": people, "team_reviewers": teams });
                self.send(Method::Post, &format!("{}/requested_reviewers", self.pull_path(pull)), &body).map(drop)
            }
            ForgeKind::Gitlab => {
                let ids = reviewers.iter().map(|name| self.user_id(name)).collect::<Result<Vec<u64>>>()?;
                self.send(Method::Put, &self.pull_path(pull), &json!({ "reviewer_ids": ids })).map(drop)
            }
        }
    }

    fn user_id(&self, name: &str) -> Result<u64> {
        let found = self.list(&format!("/users?username={}", encoded(name)))?;
        let user = found.first().ok_or_else(|| {
            Failure::world(format!("`{}` has no user `{name}`", self.site().api)).help("correct `[pr] reviewers`")
        })?;
        number(user, "id")
    }
}
