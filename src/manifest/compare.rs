//! What changed between two manifests in their normal form, as far as those who use the package may notice. What it
//! means for them is decided in `plan`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::normal::DependencyKey;
use super::normal::Normal;
use super::normal::Required;
use super::normal::series;

/// The feature that is on unless it is switched off.
const DEFAULT: &str = "default";

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// A feature is gone.
    FeatureRemoved {
        /// Which.
        name: String,
        /// Whether it was that of an optional dependency.
        implied: bool,
    },
    /// A feature is new.
    FeatureAdded {
        /// Which.
        name: String,
    },
    /// A feature (`default` among them) no longer switches on others that are still there.
    FeatureNarrowed {
        /// Which.
        name: String,
        /// The others.
        lost: Vec<String>,
    },
    /// A feature switches on more.
    FeatureWidened {
        /// Which.
        name: String,
        /// The others.
        gained: Vec<String>,
    },
    /// A dependency is new.
    DependencyAdded(DependencyKey, Required),
    /// A dependency is gone.
    DependencyRemoved(DependencyKey, Required),
    /// Another version of a dependency is required.
    Requirement {
        /// Which dependency.
        at: DependencyKey,
        /// What is required now.
        now: Required,
        /// What was.
        before: String,
        /// Whether the two share no compatible version.
        incompatible: bool,
    },
    /// Other features of a dependency are on.
    DependencyFeatures(DependencyKey),
    /// A dependency became part of the API.
    MadePublic(DependencyKey),
    /// `rust-version` is higher, or new.
    RustVersionRaised {
        /// What it was.
        before: Option<String>,
        /// What it is.
        now: String,
    },
    /// `edition` changed.
    Edition {
        /// What it is.
        now: String,
        /// Whether `rust-version` says what the edition takes.
        declared: bool,
    },
    /// `links` is new.
    LinksAdded,
    /// `links` changed, or is gone.
    LinksChanged,
    /// A target is gone.
    TargetRemoved(String),
    /// A target is new.
    TargetAdded(String),
}

/// The library and the binaries that a manifest and its files make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Targets {
    /// The library, as a kind of target with its name.
    pub library: Option<String>,
    /// The names of the binaries.
    pub binaries: BTreeSet<String>,
}

impl Normal {
    /// The targets, given the package's name and the paths below its directory that may be some: `src/lib.rs`,
    /// `src/main.rs` and what is in `src/bin`.
    pub(crate) fn targets(&self, package: &str, files: &[String]) -> Targets {
        let has_library = self.names_library || files.iter().any(|file| file == "src/lib.rs");
        let kind = if self.library == Some(true) { "proc-macro" } else { "library" };
        let name = self.library_name.clone().unwrap_or_else(|| package.replace('-', "_"));
        // A file that a `[[bin]]` names is that binary, and no other by its own name.
        let is_named = |file: &String| {
            let paths = || self.binaries.values().flatten();
            paths().any(|path| path.trim_start_matches("./") == file)
        };
        let found = files.iter().filter(|file| self.finds_binaries && !is_named(file));
        Targets {
            library: has_library.then(|| format!("{kind} `{name}`")),
            binaries: self
                .binaries
                .keys()
                .cloned()
                .chain(found.filter_map(|file| found_binary(package, file)))
                .collect(),
        }
    }
}

fn found_binary(package: &str, file: &str) -> Option<String> {
    if file == "src/main.rs" {
        return Some(package.to_owned());
    }
    let below = file.strip_prefix("src/bin/")?;
    let name = below.strip_suffix("/main.rs").or_else(|| below.strip_suffix(".rs"))?;
    (!name.contains('/')).then(|| name.to_owned())
}

/// What changed in the manifest, in a fixed order.
pub(crate) fn compare(before: &Normal, now: &Normal) -> Vec<Difference> {
    let mut found = Vec::new();
    features(before, now, &mut found);
    dependencies(&before.dependencies, &now.dependencies, &mut found);
    found.extend(rust_version(before.rust_version.as_deref(), now.rust_version.as_deref()));
    if let Some(edition) = now.edition.as_ref().filter(|_| before.edition != now.edition) {
        found.push(Difference::Edition { now: edition.clone(), declared: now.rust_version.is_some() });
    }
    match (&before.links, &now.links) {
        (one, other) if one == other => {}
        (None, Some(_)) => found.push(Difference::LinksAdded),
        (Some(_) | None, _) => found.push(Difference::LinksChanged),
    }
    found
}

/// What changed in the targets.
pub(crate) fn compare_targets(before: &Targets, now: &Targets) -> Vec<Difference> {
    let named = |targets: &Targets| -> BTreeSet<String> {
        let binaries = targets.binaries.iter().map(|name| format!("binary `{name}`"));
        targets.library.iter().cloned().chain(binaries).collect()
    };
    let (before, now) = (named(before), named(now));
    let gone = before.difference(&now).cloned().map(Difference::TargetRemoved);
    gone.chain(now.difference(&before).cloned().map(Difference::TargetAdded)).collect()
}

fn features(before: &Normal, now: &Normal, found: &mut Vec<Difference>) {
    let is_public = |name: &&String| name.as_str() != DEFAULT;
    for name in before.features.keys().filter(is_public).filter(|name| !now.features.contains_key(*name)) {
        let implied = before.features[name].contains(&format!("dep:{name}"));
        found.push(Difference::FeatureRemoved { name: name.clone(), implied });
    }
    for name in now.features.keys().filter(is_public).filter(|name| !before.features.contains_key(*name)) {
        found.push(Difference::FeatureAdded { name: name.clone() });
    }
    let default = DEFAULT.to_owned();
    let both = before.features.keys().filter(|name| now.features.contains_key(*name) || **name == DEFAULT);
    let both = both.chain((!before.features.contains_key(DEFAULT)).then_some(&default));
    for name in both {
        let (old, new) = (switched_on(name, before), switched_on(name, now));
        // What is gone altogether, or an item of another package, is reported elsewhere.
        let own = |other: &&String| before.features.contains_key(*other) && now.features.contains_key(*other);
        let lost: Vec<String> = old.difference(&new).filter(own).cloned().collect();
        let gained: Vec<String> = new.difference(&old).filter(own).cloned().collect();
        if !lost.is_empty() {
            found.push(Difference::FeatureNarrowed { name: name.clone(), lost });
        }
        if !gained.is_empty() {
            found.push(Difference::FeatureWidened { name: name.clone(), gained });
        }
    }
}

/// All features that one switches on, by itself or through others.
fn switched_on(name: &str, of: &Normal) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut left = vec![name.to_owned()];
    while let Some(next) = left.pop() {
        for item in of.features.get(&next).into_iter().flatten() {
            if of.features.contains_key(item) && seen.insert(item.clone()) {
                left.push(item.clone());
            }
        }
    }
    seen
}

type Dependencies = BTreeMap<DependencyKey, Required>;

fn dependencies(before: &Dependencies, now: &Dependencies, found: &mut Vec<Difference>) {
    for (at, old) in before {
        match now.get(at) {
            None => found.push(Difference::DependencyRemoved(at.clone(), old.clone())),
            Some(new) => required(at, old, new, found),
        }
    }
    let new = now.iter().filter(|(at, _)| !before.contains_key(at));
    found.extend(new.map(|(at, new)| Difference::DependencyAdded(at.clone(), new.clone())));
}

fn required(at: &DependencyKey, old: &Required, new: &Required, found: &mut Vec<Difference>) {
    if old.requirement != new.requirement {
        let text = |requirement: &Option<String>| requirement.clone().unwrap_or_else(|| "any version".to_owned());
        let series = |requirement: &Option<String>| requirement.as_deref().and_then(series);
        let incompatible = series(&old.requirement) != series(&new.requirement);
        let (now, before) = (new.clone(), text(&old.requirement));
        found.push(Difference::Requirement { at: at.clone(), now, before, incompatible });
    }
    if old.features != new.features || old.default_features != new.default_features {
        found.push(Difference::DependencyFeatures(at.clone()));
    }
    if new.public && !old.public {
        found.push(Difference::MadePublic(at.clone()));
    }
}

fn rust_version(before: Option<&str>, now: Option<&str>) -> Option<Difference> {
    let now = now?;
    let raised = before.is_none_or(|before| numbers(before) < numbers(now));
    raised.then(|| Difference::RustVersionRaised { before: before.map(str::to_owned), now: now.to_owned() })
}

fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}
