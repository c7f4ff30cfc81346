//! The gate in front of every upload: a cargo credential provider that knows no token.
//!
//! Cargo asks its providers for a token right before it uploads, and tells them the checksum of the archive (the Cargo
//! book, "Credential Provider Protocol"). This provider is asked first. Where the checksum is the verified one it
//! answers `not-found`, and cargo goes on to the user's own provider; where it is another, it answers with an error,
//! and cargo sends nothing.

use std::io::BufRead;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::Digest;
use crate::names::PackageName;
use crate::tools::cargo::handover;
use crate::tools::system::files;

/// The variable that tells the provider where its [`UploadPass`] is.
pub(crate) const VARIABLE: &str = "CARGO_RELEASE_GATE";

/// The name under which the provider is configured for one call of cargo.
pub(crate) const ALIAS: &str = "cargo-release-gate";

/// What may be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UploadPass {
    /// The package.
    pub name: PackageName,
    /// The version.
    pub version: String,
    /// The checksum that was verified.
    pub checksum: Digest,
    /// Whether reading the index needs the user's own token.
    pub auth_required: bool,
    /// Where the provider leaves what it was asked.
    pub receipt: PathBuf,
    /// What cargo calls the registry that the token is for, and where it is offered; none where cargo has its own.
    #[serde(default)]
    pub offer: Option<TokenOffer>,
}

/// A token that is offered for one upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TokenOffer {
    /// What cargo calls the registry.
    pub registry: String,
    /// The socket.
    pub socket: PathBuf,
}

/// What the provider was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GateReceipt {
    /// The checksum of what cargo was about to upload.
    pub checksum: Digest,
    /// Whether it was let through.
    pub passed: bool,
}

#[derive(Deserialize)]
struct GateRequest {
    kind: String,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    vers: String,
    #[serde(default)]
    cksum: String,
    #[serde(default)]
    registry: AskedRegistry,
}

#[derive(Default, Deserialize)]
struct AskedRegistry {
    #[serde(default)]
    name: Option<String>,
}

/// Answers cargo until it hangs up.
///
/// # Errors
/// The pass cannot be read, or cargo's words cannot be understood.
pub(crate) fn serve(pass: &Path, from_cargo: &mut dyn BufRead, to_cargo: &mut dyn Write) -> Result<()> {
    let text = files::read_text(pass)?.ok_or_else(|| Failure::world("no upload is authorized"))?;
    let pass: UploadPass = serde_json::from_str(&text).or_world(|| "cannot read the upload authorization".into())?;
    let broken = || "cargo hung up".to_owned();
    writeln!(to_cargo, r#"{{"v":[1]}}"#).or_world(broken)?;
    to_cargo.flush().or_world(broken)?;
    for line in from_cargo.lines() {
        let line = line.or_world(broken)?;
        let asked: GateRequest =
            serde_json::from_str(&line).or_world(|| "unsupported credential request from cargo".into())?;
        writeln!(to_cargo, "{}", answer(&pass, &asked)?).or_world(broken)?;
        to_cargo.flush().or_world(broken)?;
    }
    Ok(())
}

fn answer(pass: &UploadPass, asked: &GateRequest) -> Result<serde_json::Value> {
    use serde_json::json;
    let not_found = json!({"Err": {"kind": "not-found"}});
    match (asked.kind.as_str(), asked.operation.as_str()) {
        // A placeholder that holds for this one operation. A real token given here would be kept by cargo for the
        // session, and the question that matters would never reach us.
        ("get", "read") if !pass.auth_required => Ok(json!({"Ok": {
            "kind": "get", "token": "not-needed", "cache": "never", "operation_independent": false
        }})),
        ("get", "read") => Ok(not_found),
        ("get", "publish") => {
            let passed =
                pass.name == asked.name.as_str() && pass.version == asked.vers && pass.checksum == asked.cksum.as_str();
            let receipt = GateReceipt { checksum: Digest::from(asked.cksum.as_str()), passed };
            let text = serde_json::to_vec(&receipt).or_world(|| "cannot write the gate receipt".into())?;
            files::write_fleeting(&pass.receipt, &text)?;
            let message = format!(
                "the archive of `{} {}` that cargo is about to upload ({}) is not the one that was verified ({})",
                asked.name, asked.vers, asked.cksum, pass.checksum
            );
            if let Some(offer) = pass.offer.as_ref().filter(|_| passed) {
                if asked.registry.name.as_deref() != Some(offer.registry.as_str()) {
                    return Ok(json!({"Err": {"kind": "other", "message": "the token is for another registry"}}));
                }
                let token = handover::fetch(&offer.socket)?;
                return Ok(json!({"Ok": {
                    "kind": "get", "token": token.reveal(), "cache": "never", "operation_independent": false
                }}));
            }
            Ok(if passed { not_found } else { json!({"Err": {"kind": "other", "message": message}}) })
        }
        _ => Ok(json!({"Err": {"kind": "operation-not-supported"}})),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(cksum: &str) -> (String, Option<GateReceipt>) {
        let dir = tempfile::tempdir().unwrap();
        let receipt = dir.path().join("receipt.json");
        let pass = UploadPass {
            name: "core".into(),
            version: "0.5.0".into(),
            checksum: "abc".into(),
            auth_required: false,
            receipt: receipt.clone(),
            offer: None,
        };
        let path = dir.path().join("pass.json");
        files::write(&path, &serde_json::to_vec(&pass).unwrap()).unwrap();
        let question = format!(
            r#"{{"v":1,"kind":"get","operation":"publish","name":"core","vers":"0.5.0","cksum":"{cksum}","registry":{{"index-url":"x"}},"args":[]}}"#
        );
        let mut said = Vec::new();
        serve(&path, &mut question.as_bytes(), &mut said).unwrap();
        let left = files::read(&receipt).unwrap().map(|bytes| serde_json::from_slice(&bytes).unwrap());
        (String::from_utf8(said).unwrap(), left)
    }

    // The verified archive goes on to the user's own provider.
    #[test]
    fn verified_archive_passes() {
        let (said, receipt) = ask("abc");
        assert_eq!(said, "{\"v\":[1]}\n{\"Err\":{\"kind\":\"not-found\"}}\n");
        assert!(receipt.unwrap().passed);
    }

    // Any other archive is stopped before anything is sent.
    #[test]
    fn other_archive_is_stopped() {
        let (said, receipt) = ask("def");
        assert!(said.contains(r#""kind":"other""#), "{said}");
        assert!(!receipt.unwrap().passed);
    }
}
