//! The index: where a crate's file is, and the line that an upload becomes. Pure.

use std::collections::BTreeMap;

use semver::Version;
use serde::Serialize;

use super::upload::UploadMetadata;
use super::upload::UploadedDependency;
use crate::names::Digest;

/// One version in the index. Only `yanked` may change later.
#[derive(Clone, Debug, Serialize)]
pub(super) struct IndexLine {
    pub(super) name: String,
    pub(super) vers: Version,
    deps: Vec<LineDependency>,
    pub(super) cksum: Digest,
    features: BTreeMap<String, Vec<String>>,
    pub(super) yanked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    v: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    features2: Option<BTreeMap<String, Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rust_version: Option<String>,
}

/// A dependency in the index. `name` is the key in the manifest, `package` the name where that is another one: the
/// other way round than in an upload.
#[derive(Clone, Debug, Serialize)]
struct LineDependency {
    name: String,
    req: String,
    features: Vec<String>,
    optional: bool,
    default_features: bool,
    target: Option<String>,
    kind: String,
    registry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<String>,
}

impl IndexLine {
    /// The line of an upload with this checksum.
    pub(super) fn of(metadata: UploadMetadata, cksum: Digest) -> Self {
        let UploadMetadata { name, vers, deps, features, links, rust_version } = metadata;
        let (newer, features): (BTreeMap<_, _>, BTreeMap<_, _>) =
            features.into_iter().partition(|(_, values)| values.iter().any(|value| is_newer_syntax(value)));
        let deps = deps.into_iter().map(LineDependency::of).collect();
        let v = (!newer.is_empty()).then_some(2);
        let features2 = v.map(|_| newer);
        Self { name, vers, deps, cksum, features, yanked: false, links, v, features2, rust_version }
    }

    /// Its text, without the line end.
    pub(super) fn text(&self) -> String {
        // A struct of texts, lists and maps with text keys always serialises.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Whether older cargos would stumble over it: `dep:name` and `name?/feature`.
fn is_newer_syntax(value: &str) -> bool {
    value.starts_with("dep:") || value.contains("?/")
}

impl LineDependency {
    fn of(dependency: UploadedDependency) -> Self {
        let (name, package) = match dependency.explicit_name_in_toml {
            Some(key) => (key, Some(dependency.name)),
            None => (dependency.name, None),
        };
        Self {
            name,
            req: dependency.version_req,
            features: dependency.features,
            optional: dependency.optional,
            default_features: dependency.default_features,
            target: dependency.target,
            kind: dependency.kind,
            registry: dependency.registry,
            package,
        }
    }
}

/// The path of a crate's file below the index: that of the lower-cased name.
pub(super) fn path_of(name: &str) -> String {
    let name = name.to_lowercase();
    match name.len() {
        0..=2 => format!("{}/{name}", name.len()),
        3 => format!("3/{}/{name}", &name[..1]),
        _ => format!("{}/{}/{name}", &name[..2], &name[2..4]),
    }
}

/// The form in which two names are the same crate: lower-case, `_` for `-`.
pub(super) fn canonical(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    fn line(metadata: Value) -> Value {
        let metadata = serde_json::from_value(metadata).expect("an upload");
        serde_json::from_str(&IndexLine::of(metadata, Digest::of(b"")).text()).expect("JSON")
    }

    /// The index turns a renamed dependency round.
    #[test]
    fn names_the_key_and_the_package() {
        let dependency = json!({ "name": "tea-pot", "version_req": "^0.2", "features": [], "optional": false,
            "default_features": true, "target": null, "kind": "normal", "registry": null,
            "explicit_name_in_toml": "pot" });
        let line = line(json!({ "name": "tea-party", "vers": "1.0.0", "deps": [dependency] }));
        assert_eq!(line["deps"][0]["name"], "pot");
        assert_eq!(line["deps"][0]["package"], "tea-pot");
        assert_eq!(line["deps"][0]["req"], "^0.2");
    }

    /// Features of the newer syntax go where older cargos do not look, and only then is the line a version 2.
    #[test]
    fn keeps_newer_features_apart() {
        let features = json!({ "old": ["serde/std"], "new": ["dep:serde"], "weak": ["serde?/std"] });
        let newer = line(json!({ "name": "leaf", "vers": "0.1.0", "features": features }));
        assert_eq!(newer["v"], 2);
        assert_eq!(newer["features"], json!({ "old": ["serde/std"] }));
        assert_eq!(newer["features2"], json!({ "new": ["dep:serde"], "weak": ["serde?/std"] }));
        let older = line(json!({ "name": "leaf", "vers": "0.1.0", "features": { "old": [] } }));
        assert_eq!((&older["v"], &older["features2"]), (&Value::Null, &Value::Null));
    }

    /// The four lengths, and that case does not matter.
    #[test]
    fn finds_the_path() {
        let names = ["A", "ab", "Abc", "Tea-Leaf"];
        assert_eq!(names.map(path_of), ["1/a", "2/ab", "3/a/abc", "te/a-/tea-leaf"]);
    }
}
