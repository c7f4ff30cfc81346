//! Releases on a forge, one per tag.

use serde_json::Value;
use serde_json::json;

use super::wire::Forge;
use super::wire::encoded;
use super::wire::text;
use crate::error::Result;
use crate::snapshot::ForgeKind;
use crate::tools::registry::web::Method;

/// A release on the forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForgeRelease {
    /// Its id on the forge: a number, or on GitLab the tag.
    pub id: String,
    /// The URL of its page.
    pub url: String,
    /// The description.
    pub body: String,
    /// Whether it is a draft, which only maintainers can see.
    pub draft: bool,
    /// The URL for uploading assets, as the forge returned it.
    pub upload: String,
}

/// A release to create.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one field a fact, each with its name")]
pub(crate) struct NewRelease<'a> {
    /// The tag.
    pub tag: &'a str,
    /// The title.
    pub name: &'a str,
    /// The description.
    pub body: &'a str,
    /// Whether it is a draft, which only maintainers can see.
    pub draft: bool,
    /// Whether it is marked as a pre-release.
    pub prerelease: bool,
    /// Whether it is marked as the latest release.
    pub latest: bool,
}

impl Forge {
    /// The releases of a tag; more than one if drafts were created twice. Forges do not find drafts by tag, so that all
    /// releases are listed.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn releases_of(&self, tag: &str) -> Result<Vec<ForgeRelease>> {
        if self.site().kind == ForgeKind::Gitlab {
            let answer = self.get(&format!("{}/releases/{}", self.project(), encoded(tag)))?;
            return Ok(answer.map(|answer| self.release(&answer.body)).into_iter().collect());
        }
        let all = self.list(&format!("{}/releases", self.project()))?;
        let of_tag = all.iter().filter(|release| text(release, "tag_name") == tag);
        Ok(of_tag.map(|release| self.release(release)).collect())
    }

    /// Creates a release.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn make_release(&self, new: NewRelease<'_>) -> Result<ForgeRelease> {
        let NewRelease { tag, name, body, draft, prerelease, latest } = new;
        let request = match self.site().kind {
            ForgeKind::Github => json!({
                "tag_name": tag, "name": name, "body": body, "draft": draft, "prerelease": prerelease,
                "make_latest": if latest && !prerelease { "true" } else { "false" },
            }),
            ForgeKind::Forgejo => {
                json!({ "tag_name": tag, "name": name, "body": body, "draft": draft, "prerelease": prerelease })
            }
            ForgeKind::Gitlab => json!({ "tag_name": tag, "name": name, "description": body }),
        };
        let made = self.send(Method::Post, &format!("{}/releases", self.project()), &request)?;
        Ok(self.release(&made.body))
    }

    /// Publishes a draft.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn unveil(&self, release: &ForgeRelease, latest: bool) -> Result<ForgeRelease> {
        let request = match self.site().kind {
            ForgeKind::Github => json!({ "draft": false, "make_latest": if latest { "true" } else { "false" } }),
            ForgeKind::Forgejo => json!({ "draft": false }),
            // GitLab has no drafts.
            ForgeKind::Gitlab => return Ok(release.clone()),
        };
        let answer = self.send(Method::Patch, &format!("{}/releases/{}", self.project(), release.id), &request)?;
        Ok(self.release(&answer.body))
    }

    fn release(&self, release: &Value) -> ForgeRelease {
        match self.site().kind {
            ForgeKind::Github | ForgeKind::Forgejo => ForgeRelease {
                id: release.get("id").and_then(Value::as_u64).unwrap_or_default().to_string(),
                url: text(release, "html_url"),
                body: text(release, "body"),
                draft: release.get("draft").and_then(Value::as_bool).unwrap_or(false),
                upload: text(release, "upload_url"),
            },
            ForgeKind::Gitlab => ForgeRelease {
                id: text(release, "tag_name"),
                url: release.pointer("/_links/self").and_then(Value::as_str).unwrap_or_default().to_owned(),
                body: text(release, "description"),
                draft: false,
                upload: String::new(),
            },
        }
    }
}
