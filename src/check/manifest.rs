//! What `[package]` says: types, required fields, and the form of each.

use semver::VersionReq;
use toml_edit::Item;
use toml_edit::TableLike;
use url::Url;

use super::Categories;
use super::RuleSubject;
use super::categories;
use super::codes::Code;
use super::document::CheckedDependency;
use super::document::NormalisedManifest;
use super::finding::Finding;
use super::limits;
use super::types;
use crate::phrase;

/// The editions that the registry knows.
const EDITIONS: [&str; 4] = ["2015", "2018", "2021", "2024"];
/// Where the required fields are described.
const REFERENCE: &str = "https://doc.rust-lang.org/cargo/reference/manifest.html";
/// A manifest that the registry cannot read; nothing else can be said of it.
pub(super) fn unreadable(subject: &RuleSubject<'_>, why: &str) -> Finding {
    let message = format!("{} is refused: failed to parse `Cargo.toml` manifest file: {why}", subject.title());
    subject.about(Finding::error(Code::ManifestUnreadable, message)).help("cargo writes it from yours when it packs")
}

pub(super) fn shape(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Vec<Finding> {
    let why = missing(manifest).into_iter().chain(patch(manifest)).chain(inherited(manifest));
    let wrong = why.chain(of_types(manifest)).chain(edition(manifest));
    let found = |(code, key, why): (Code, &str, String)| {
        let message = format!("{} is refused: failed to parse `Cargo.toml` manifest file: {why}", subject.title());
        subject.place(Finding::error(code, message), &["package", key]).help("see what `cargo package` makes of it")
    };
    wrong.map(found).collect()
}

type Why<'a> = (Code, &'a str, String);

fn missing<'a>(manifest: &NormalisedManifest<'_>) -> Vec<Why<'a>> {
    let why = |field: &str| format!("missing field `{field}`");
    if manifest.package().is_none() {
        return vec![(Code::ManifestUnreadable, "", why("package"))];
    }
    let fields = ["name", "version"].into_iter().filter(|field| manifest.get(field).is_none());
    fields.map(|field| (Code::ManifestUnreadable, field, why(field))).collect()
}

fn patch<'a>(manifest: &NormalisedManifest<'_>) -> Option<Why<'a>> {
    let patched = manifest.root().get("patch").and_then(Item::as_table_like).is_some_and(|table| !table.is_empty());
    patched.then(|| (Code::ManifestPatch, "", "crates cannot be published with `[patch]` tables".to_owned()))
}

fn inherited<'a>(manifest: &'a NormalisedManifest<'_>) -> Option<Why<'a>> {
    let from_workspace = |item: &Item| item.get("workspace").is_some_and(|value| value.as_bool() == Some(true));
    let fields = manifest.package().into_iter().flat_map(TableLike::iter);
    let field = fields.filter(|(_, item)| from_workspace(item)).map(|(key, _)| key).next();
    // Under a target the registry reads such an entry as one without a requirement, and refuses it as `*`.
    let in_root = |dependency: &&CheckedDependency<'_>| dependency.table.len() == 1 && from_workspace(dependency.item);
    let dependency = manifest.dependencies().iter().find(in_root).map(|_| "");
    let key = field.or(dependency)?;
    Some((Code::ManifestInherits, key, "value from workspace hasn't been set".to_owned()))
}

fn of_types<'a>(manifest: &NormalisedManifest<'_>) -> Vec<Why<'a>> {
    types::wrong(manifest).into_iter().map(|why| (Code::ManifestType, "", why)).collect()
}

fn edition<'a>(manifest: &NormalisedManifest<'_>) -> Option<Why<'a>> {
    let edition = manifest.text("edition").filter(|edition| !EDITIONS.contains(edition))?;
    let known = EDITIONS.map(|known| format!("`{known}`")).join(", ");
    Some((Code::EditionUnknown, "edition", format!("unknown variant `{edition}`, expected one of {known}")))
}

/// `[lib]` without a path needs `src/lib.rs`, or the older `src/NAME.rs` of the 2015 edition.
pub(super) fn library(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let library = manifest.root().get("lib")?;
    if library.get("path").is_some() || subject.packed.file("src/lib.rs").is_some() {
        return None;
    }
    let is_2015 = manifest.text("edition").is_none_or(|edition| edition == "2015");
    let name = library.get("name").and_then(Item::as_str).unwrap_or(subject.packed.name.as_str());
    if is_2015 && subject.packed.file(&format!("src/{name}.rs")).is_some() {
        return None;
    }
    let why = "can't find library, rename file to `src/lib.rs` or specify lib.path";
    let finding = Finding::error(Code::LibraryMissing, format!("{} is refused: {why}", subject.title()));
    Some(subject.place(finding, &["lib"]).help("is it left out by `include` or `exclude`?"))
}

/// The name and version under which it is uploaded are those in the manifest, letter by letter.
pub(super) fn same(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Vec<Finding> {
    let uploaded = [("name", subject.packed.name.to_string()), ("version", subject.packed.version.to_string())];
    let found = |(key, ours): (&str, String)| {
        let theirs = manifest.text(key).filter(|theirs| *theirs != ours)?;
        let why = format!("metadata {key} `{ours}` does not match manifest {key} `{theirs}`");
        let finding = Finding::error(Code::ManifestMismatch, format!("{} is refused: {why}", subject.title()));
        Some(subject.place(finding, &["package", key]).help("cargo uploads what the manifest says; use cargo"))
    };
    uploaded.into_iter().filter_map(found).collect()
}

pub(super) fn required(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let is_empty = |key: &str| manifest.text(key).is_none_or(str::is_empty);
    let description = is_empty("description").then_some("description");
    let license = (is_empty("license") && is_empty("license-file")).then_some("license");
    let missing: Vec<&str> = description.into_iter().chain(license).collect();
    if missing.is_empty() {
        return None;
    }
    let why = format!("missing or empty metadata fields: {}", missing.join(", "));
    let finding = Finding::error(Code::MissingMetadata, format!("{} is refused: {why}", subject.title()));
    Some(subject.place(finding, &["package"]).help(format!("add them to `[package]`; see {REFERENCE}")))
}

pub(super) fn description(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let bytes = manifest.text("description")?.len();
    let limit = limits::DESCRIPTION;
    let why = format!("The `description` is too long. A maximum of {limit} characters are currently allowed");
    let finding = || Finding::error(Code::DescriptionTooLong, format!("{} is refused: {why}", subject.title()));
    let help = format!("it has {bytes} bytes, and bytes are counted");
    (bytes > limit).then(|| subject.place(finding(), &["package", "description"]).help(help))
}

pub(super) fn links(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Vec<Finding> {
    let why = |field: &str, url: &str| {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Some(format!("URL for field `{field}` must begin with http:// or https:// (url: {url})"));
        }
        Url::parse(url).is_err().then(|| format!("`{field}` is not a valid url: `{url}`"))
    };
    let found = |field: &str| {
        let why = why(field, manifest.text(field)?)?;
        let finding = Finding::error(Code::LinkInvalid, format!("{} is refused: {why}", subject.title()));
        Some(subject.place(finding, &["package", field]).help("write the whole address, or leave the key out"))
    };
    ["homepage", "documentation", "repository"].into_iter().filter_map(found).collect()
}

pub(super) fn rust_version(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let version = manifest.text("rust-version")?;
    let plain = version.chars().all(|c| c.is_ascii_digit() || c == '.');
    if plain && VersionReq::parse(version).is_ok() {
        return None;
    }
    let why = "failed to parse `Cargo.toml` manifest file: invalid `rust-version` value";
    let finding = Finding::error(Code::RustVersionInvalid, format!("{} is refused: {why}", subject.title()));
    Some(subject.place(finding, &["package", "rust-version"]).help("write it as `1.85`"))
}

pub(super) fn keywords(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Vec<Finding> {
    let keywords = manifest.list("keywords");
    let many = (keywords.len() > limits::KEYWORDS).then(|| {
        let why = format!("expected at most {} keywords per crate", limits::KEYWORDS);
        (Code::TooManyKeywords, why, format!("leave out {}", keywords.len() - limits::KEYWORDS))
    });
    let odd = keywords.iter().filter_map(|keyword| {
        let why = format!("\"{keyword}\" is an invalid keyword");
        if keyword.len() > limits::KEYWORD {
            let why = format!("{why} (keywords must have less than 20 characters)");
            return Some((Code::KeywordInvalid, why, format!("it has {} bytes of at most 20", keyword.len())));
        }
        let help = "letters, digits, `_`, `-` and `+`, a letter or digit first".to_owned();
        (!is_keyword(keyword)).then_some((Code::KeywordInvalid, why, help))
    });
    let found = |(code, why, help): (Code, String, String)| {
        let finding = Finding::error(code, format!("{} is refused: {why}", subject.title()));
        subject.place(finding, &["package", "keywords"]).help(help)
    };
    many.into_iter().chain(odd).map(found).collect()
}

fn is_keyword(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-');
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(inner)
}

pub(super) fn categories(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Vec<Finding> {
    let categories = manifest.list("categories");
    let place = |finding: Finding| subject.place(finding, &["package", "categories"]);
    let limit = limits::CATEGORIES;
    let many = (categories.len() > limit).then(|| {
        let message = format!("{} is refused: expected at most {limit} categories per crate", subject.title());
        let help = format!("leave out {}", categories.len() - limit);
        place(Finding::error(Code::TooManyCategories, message)).help(help)
    });
    let unknown = categories.iter().filter_map(|slug| unknown_category(subject, slug)).map(place);
    many.into_iter().chain(unknown).collect()
}

/// A hard error at the registry. Where it was not queried for its list, a slug that is not in ours may be a new one.
fn unknown_category(subject: &RuleSubject<'_>, slug: &str) -> Option<Finding> {
    let near = |all: &[&str]| {
        let similar = phrase::similar(slug, all.iter().copied());
        similar.map_or_else(|| "see the list on crates.io".to_owned(), |similar| format!("did you mean `{similar}`?"))
    };
    let why = format!("the following category slugs are not currently supported on crates.io: {slug}");
    match subject.known.categories {
        Categories::Listed(listed) => {
            let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
            let message = format!("{} is refused: {why}", subject.title());
            (!listed.contains(&slug)).then(|| Finding::error(Code::CategoryUnknown, message).help(near(&listed)))
        }
        Categories::NotAsked => {
            let message = format!("{} may be refused: {why}, as far as is known here", subject.title());
            let unknown = !categories::SLUGS.contains(&slug);
            unknown.then(|| Finding::warning(Code::CategoryUnlisted, message).help(near(&categories::SLUGS)))
        }
    }
}
