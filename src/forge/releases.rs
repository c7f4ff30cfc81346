//! Releases of a forge: the page that a tag gets.

use serde_json::Value;
use serde_json::json;

use super::wire::Forge;
use super::wire::encoded;
use super::wire::text;
use crate::error::Result;
use crate::snapshot::ForgeKind;
use crate::tools::registry::web_api::Method;

/// A release as a forge has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeRelease {
    /// What the forge knows it by: a number, or on GitLab the tag.
    pub id: String,
    /// Its page.
    pub url: String,
    /// Its text.
    pub body: String,
    /// Whether only its makers see it.
    pub draft: bool,
    /// Where assets are uploaded, as the forge names it.
    pub upload: String,
}

/// A release that is to be made.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one field a fact, each with its name")]
pub struct NewRelease<'a> {
    /// The tag.
    pub tag: &'a str,
    /// The title.
    pub name: &'a str,
    /// The text.
    pub body: &'a str,
    /// Whether only its makers see it.
    pub draft: bool,
    /// Whether it is marked as a pre-release.
    pub prerelease: bool,
    /// Whether it is shown as the newest one.
    pub latest: bool,
}

impl Forge {
    /// The releases of a tag: one, or, where drafts were made twice, several. Drafts are found by no tag, so that all
    /// are listed.
    ///
    /// # Errors
    /// The forge does not answer, or refuses.
    pub fn releases_of(&self, tag: &str) -> Result<Vec<ForgeRelease>> {
        if self.site().kind == ForgeKind::Gitlab {
            let answer = self.get(&format!("{}/releases/{}", self.project(), encoded(tag)))?;
            return Ok(answer.map(|answer| self.release(&answer.body)).into_iter().collect());
        }
        let all = self.list(&format!("{}/releases", self.project()))?;
        let of_tag = all.iter().filter(|release| text(release, "tag_name") == tag);
        Ok(of_tag.map(|release| self.release(release)).collect())
    }

    /// Makes one.
    ///
    /// # Errors
    /// The forge does not answer, or refuses.
    pub fn make_release(&self, new: NewRelease<'_>) -> Result<ForgeRelease> {
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

    /// Shows a draft to everybody.
    ///
    /// # Errors
    /// The forge does not answer, or refuses.
    pub fn unveil(&self, release: &ForgeRelease, latest: bool) -> Result<ForgeRelease> {
        let request = match self.site().kind {
            ForgeKind::Github => json!({ "draft": false, "make_latest": if latest { "true" } else { "false" } }),
            ForgeKind::Forgejo => json!({ "draft": false }),
            // It knows no drafts.
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
