//! Files attached to a release.

use serde_json::Value;
use serde_json::json;

use super::releases::ForgeRelease;
use super::wire::Forge;
use super::wire::encoded;
use super::wire::text;
use crate::error::Result;
use crate::snapshot::ForgeKind;
use crate::tools::registry::web::Method;

/// A file attached to a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asset {
    /// Its id on the forge.
    pub id: String,
    /// The file name.
    pub name: String,
    /// The size in bytes, if the forge reports it.
    pub size: Option<u64>,
    /// Whether the upload was completed.
    pub whole: bool,
}

/// The boundary of a multipart form.
const BOUNDARY: &str = "cargo-release-5d1f7c0a9e3b";

impl Forge {
    /// The files attached to a release.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn assets(&self, release: &ForgeRelease) -> Result<Vec<Asset>> {
        let project = self.project();
        let found = match self.site().kind {
            ForgeKind::Github => self.list(&format!("{project}/releases/{}/assets", release.id))?,
            ForgeKind::Forgejo => self.list_whole(&format!("{project}/releases/{}/assets", release.id))?,
            ForgeKind::Gitlab => self.list(&format!("{project}/releases/{}/assets/links", encoded(&release.id)))?,
        };
        let asset = |asset: &Value| Asset {
            id: asset.get("id").and_then(Value::as_u64).unwrap_or_default().to_string(),
            name: text(asset, "name"),
            size: asset.get("size").and_then(Value::as_u64),
            whole: asset.get("state").and_then(Value::as_str).is_none_or(|state| state == "uploaded"),
        };
        Ok(found.iter().map(asset).collect())
    }

    /// Deletes a file of a release.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn remove_asset(&self, release: &ForgeRelease, asset: &Asset) -> Result<()> {
        self.delete(&match self.site().kind {
            ForgeKind::Github => format!("{}/releases/assets/{}", self.project(), asset.id),
            ForgeKind::Forgejo => format!("{}/releases/{}/assets/{}", self.project(), release.id, asset.id),
            ForgeKind::Gitlab => {
                format!("{}/releases/{}/assets/links/{}", self.project(), encoded(&release.id), asset.id)
            }
        })
    }

    /// Adds a file to a release.
    ///
    /// # Errors
    /// The forge does not respond, or refuses the request.
    pub(crate) fn add_asset(&self, release: &ForgeRelease, name: &str, bytes: &[u8]) -> Result<()> {
        let (api, file) = (&self.site().api, encoded(name));
        match self.site().kind {
            ForgeKind::Github => {
                let base = release.upload.split('{').next().unwrap_or_default();
                self.upload(Method::Post, &format!("{base}?name={file}"), bytes, "application/octet-stream").map(drop)
            }
            ForgeKind::Forgejo => {
                let address = format!("{api}{}/releases/{}/assets?name={file}", self.project(), release.id);
                let kind = format!("multipart/form-data; boundary={BOUNDARY}");
                self.upload(Method::Post, &address, &form(name, bytes), &kind).map(drop)
            }
            ForgeKind::Gitlab => {
                let package = format!("{}/packages/generic/release/{}/{file}", self.project(), encoded(&release.id));
                let address = format!("{api}{package}");
                self.upload(Method::Put, &address, bytes, "application/octet-stream")?;
                let path = format!("{}/releases/{}/assets/links", self.project(), encoded(&release.id));
                self.send(Method::Post, &path, &json!({ "name": name, "url": address })).map(drop)
            }
        }
    }
}

/// A file as the only field of a multipart form.
fn form(name: &str, bytes: &[u8]) -> Vec<u8> {
    let name = name.replace(['"', '\r', '\n'], "_");
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"attachment\"; filename=\"{name}\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    );
    [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}
