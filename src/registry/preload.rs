//! A version that is put on the shelf without an upload: from the line that cargo itself writes for it when it packs.
//! Pure.

use std::collections::BTreeMap;

use semver::Version;
use serde::Deserialize;

use super::upload::UploadMetadata;
use super::upload::UploadedDependency;

/// A line of an index, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct Shown {
    name: String,
    vers: Version,
    deps: Vec<ShownDependency>,
    features: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    features2: Option<BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    links: Option<String>,
    #[serde(default)]
    rust_version: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ShownDependency {
    name: String,
    req: String,
    #[serde(default)]
    features: Vec<String>,
    optional: bool,
    default_features: bool,
    target: Option<String>,
    kind: Option<String>,
    registry: Option<String>,
    package: Option<String>,
}

impl Shown {
    /// What an upload of it would say.
    pub(crate) fn metadata(self) -> UploadMetadata {
        let Self { name, vers, deps, mut features, features2, links, rust_version } = self;
        features.extend(features2.into_iter().flatten());
        let deps = deps.into_iter().map(ShownDependency::uploaded).collect();
        UploadMetadata { name, vers, deps, features, links, rust_version }
    }
}

impl ShownDependency {
    fn uploaded(self) -> UploadedDependency {
        let (name, explicit_name_in_toml) = match self.package {
            Some(package) => (package, Some(self.name)),
            None => (self.name, None),
        };
        UploadedDependency {
            name,
            version_req: self.req,
            features: self.features,
            optional: self.optional,
            default_features: self.default_features,
            target: self.target,
            kind: self.kind.unwrap_or_else(|| "normal".to_owned()),
            registry: self.registry,
            explicit_name_in_toml,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::names::Digest;
    use crate::registry::index::IndexLine;

    // What cargo writes for a renamed dependency and for newer features comes out as it went in.
    #[test]
    fn a_line_becomes_the_same_line() {
        let line = json!({ "name": "tea-party", "vers": "1.0.0", "features": { "old": [], "new": ["dep:pot"] },
            "deps": [{ "name": "pot", "package": "tea-pot", "req": "^0.2", "features": [], "optional": true,
                "default_features": true, "target": null, "kind": "normal", "registry": null }],
            "cksum": "0", "yanked": null, "links": null, "v": 2 });
        let shown: Shown = serde_json::from_value(line.clone()).expect("a line");
        let again: Value =
            serde_json::from_str(&IndexLine::of(shown.metadata(), Digest::of(b"")).text()).expect("JSON");
        assert_eq!(again["deps"], line["deps"]);
        assert_eq!(again["features2"], json!({ "new": ["dep:pot"] }));
    }
}
