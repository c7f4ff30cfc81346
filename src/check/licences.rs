//! The licence expression, parsed by the library that the registry parses it with, and the text of the licence.

use spdx::Expression;
use spdx::ParseMode;

use super::RuleSubject;
use super::codes::Code;
use super::document::NormalisedManifest;
use super::finding::Finding;

/// What the registry lets through: `licenses.rs` of `rust-lang/crates.io`.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: true,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};
/// How the files begin that hold a licence.
const TEXTS: [&str; 7] = ["license", "licence", "copying", "unlicense", "unlicence", "notice", "copyright"];

pub(super) fn expression(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let license = manifest.text("license")?;
    // Of an empty one it is said that it is missing, unless there is a file; the registry then parses it all the same.
    if license.is_empty() && manifest.text("license-file").is_none_or(str::is_empty) {
        return None;
    }
    let error = Expression::parse_mode(license, MODE).err()?;
    let at = error.span.clone();
    let term = license.get(at).filter(|term| !term.is_empty()).map_or_else(String::new, |term| format!(" at `{term}`"));
    let why = format!("unknown or invalid license expression: {}{term}", error.reason);
    let finding = Finding::error(Code::LicenseInvalid, format!("{} is refused: {why}", subject.title()));
    let help = "identifiers are at https://spdx.org/licenses/; for a licence of your own use `license-file`";
    Some(subject.place(finding, &["package", "license"]).help(help))
}

/// Most licences ask that their text goes along.
pub(super) fn text(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let is_text = |path: &str| {
        let path = path.to_lowercase();
        TEXTS.iter().any(|start| path.starts_with(start)) || path.starts_with("licenses/") || path.starts_with("legal/")
    };
    let named = manifest.text("license-file").is_some_and(|path| subject.packed.file(path).is_some());
    if named || subject.packed.files().any(|(path, _)| is_text(path)) {
        return None;
    }
    let message = format!("no text of the licence is packed with {}", subject.title());
    let help = "put a copy (or a link) of the licence files beside its `Cargo.toml`; they are often only at the root";
    Some(subject.place(Finding::warning(Code::LicenseTextMissing, message), &["package", "license"]).help(help))
}
