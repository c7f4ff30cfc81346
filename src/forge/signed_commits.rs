//! Commits that GitHub makes on a branch, and signs with its own key.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use serde_json::json;

use super::wire::Forge;
use super::wire::words;
use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::snapshot::ForgeKind;
use crate::tools::git::tree_changes::FileChange;
use crate::tools::registry::web::Method;

/// The mutation; `tests/forge/contract.py` holds it to the schema that GitHub publishes.
const MUTATION: &str = "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) \
                        { commit { oid signature { isValid } } } }";

/// A commit to make.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewCommit<'a> {
    /// The branch, whose head is the parent.
    pub(crate) branch: &'a BranchName,
    /// The head of the branch.
    pub(crate) parent: &'a CommitId,
    /// The message.
    pub(crate) message: &'a str,
    /// The changes, without special files.
    pub(crate) changes: &'a [FileChange],
}

impl Forge {
    /// Whether the API of this forge signs the commits that it makes.
    pub(crate) fn signs_commits(&self) -> bool {
        self.site().kind == ForgeKind::Github
    }

    /// Makes a commit on a branch.
    ///
    /// # Errors
    /// The forge does not respond, refuses the commit or does not sign it.
    pub(crate) fn make_commit(&self, new: NewCommit<'_>) -> Result<CommitId> {
        let (headline, body) = new.message.trim_end().split_once('\n').unwrap_or((new.message.trim_end(), ""));
        let (mut additions, mut deletions) = (Vec::new(), Vec::new());
        for change in new.changes {
            match &change.content {
                Some(content) => {
                    additions.push(json!({ "path": change.path, "contents": BASE64_STANDARD.encode(content) }));
                }
                None => deletions.push(json!({ "path": change.path })),
            }
        }
        let input = json!({
            "branch": { "repositoryNameWithOwner": self.site().project, "branchName": new.branch },
            "expectedHeadOid": new.parent,
            "message": { "headline": headline, "body": body.trim_start_matches('\n') },
            "fileChanges": { "additions": additions, "deletions": deletions },
        });
        let answer = self.ask_graphql(&json!({ "query": MUTATION, "variables": { "input": input } }))?;
        let commit = answer.pointer("/data/createCommitOnBranch/commit").unwrap_or(&Value::Null);
        let Some(id) = commit.get("oid").and_then(Value::as_str) else {
            let refused = Failure::world(format!("`{}` did not make the release commit", self.site().api));
            return Err(words(&answer).into_iter().fold(refused, Failure::because));
        };
        if commit.pointer("/signature/isValid").and_then(Value::as_bool) != Some(true) {
            return Err(Failure::world(format!("`{}` did not sign the commit that it made", self.site().api))
                .help("use the token of a GitHub App or of the job, whose commits GitHub signs")
                .help("or let git sign: `[pr] sign = \"git\"`, with `sign-commit = true`"));
        }
        Ok(CommitId::from(id))
    }

    /// Sends a GraphQL query once.
    fn ask_graphql(&self, query: &Value) -> Result<Value> {
        // GitHub Enterprise Server has it beside the versions of the other API.
        let api = self.site().api.strip_suffix("/v3").unwrap_or(&self.site().api);
        self.send_to(Method::Post, &format!("{api}/graphql"), query).map(|answer| answer.body)
    }
}
