//! The pull requests that brought commits.

use serde_json::Value;

use super::wire::Forge;
use super::wire::number;
use super::wire::text;
use crate::error::Result;
use crate::names::CommitId;
use crate::snapshot::ForgeKind;

/// A merged pull request: its number, and the name of its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MergedPull {
    /// Its number.
    pub(crate) number: u64,
    /// The name of its author.
    pub(crate) login: Option<String>,
    /// Its description.
    pub(crate) body: String,
}

impl Forge {
    /// The merged pull request that brought a commit; `None` if there is none, or the forge does not have the commit.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn pull_of_commit(&self, commit: &CommitId) -> Result<Option<MergedPull>> {
        let project = self.project();
        let (path, key, author, body) = match self.site().kind {
            ForgeKind::Github => (format!("{project}/commits/{commit}/pulls"), "number", "/user/login", "body"),
            ForgeKind::Forgejo => (format!("{project}/commits/{commit}/pull"), "number", "/user/login", "body"),
            ForgeKind::Gitlab => {
                let path = format!("{project}/repository/commits/{commit}/merge_requests");
                (path, "iid", "/author/username", "description")
            }
        };
        // GitHub answers 422 for a commit that it does not have.
        let Some(answer) = self.find(&path, &[404, 422])? else { return Ok(None) };
        let all = match answer.body {
            Value::Array(all) => all,
            one @ Value::Object(_) => vec![one],
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        let is_merged = |pull: &&Value| {
            let state = pull.get("state").and_then(Value::as_str);
            pull.get("merged_at").is_some_and(Value::is_string) || state == Some("merged")
        };
        let merged = all.iter().find(is_merged).map(|pull| {
            let login = pull.pointer(author).and_then(Value::as_str).map(str::to_owned);
            Ok(MergedPull { number: number(pull, key)?, login, body: text(pull, body) })
        });
        merged.transpose()
    }
}
