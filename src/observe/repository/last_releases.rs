//! The last release of each package, as the tags tell it: the highest version among the tags that the head descends from
//! and whose name is what the package's configuration would have named it.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::Bound;

use regex::Regex;
use semver::Version;

use super::graph::CommitGraph;
use super::graph::CommitSet;
use crate::config::PackageSettings;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::snapshot::Package;
use crate::snapshot::ReleaseEvidence;
use crate::tools::git::read::Oid;

/// A release that a tag, or the record in a published archive, tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToldRelease {
    /// What tells of it.
    pub(crate) witness: ReleaseEvidence,
    /// Its commit.
    pub(crate) commit: Oid,
    /// Its version.
    pub(crate) version: Version,
}

/// What stands between name and version in the tags of other projects.
const SPELLINGS: [&str; 8] = ["-v", "-", "@", "@v", "/v", "/", "_v", "_"];

/// What stands before the version in the tags of other projects that are about the package at the root.
const ROOT_SPELLINGS: [&str; 2] = ["v", ""];

/// How many tags of an unknown spelling are held against manifests, for each package.
const CANDIDATES: usize = 24;

/// The tags of the repository, and which of them count.
pub(crate) struct Tags<'a> {
    all: &'a BTreeMap<TagName, Oid>,
    /// The commits that the head descends from; none where nothing is known of them.
    reachable: Option<(&'a CommitGraph, &'a CommitSet)>,
}

impl<'a> Tags<'a> {
    /// Tags, of which those count that name one of these commits.
    pub(crate) fn new(all: &'a BTreeMap<TagName, Oid>, reachable: Option<(&'a CommitGraph, &'a CommitSet)>) -> Self {
        Self { all, reachable }
    }

    /// The releases of a package, the highest version first, without those of a numbering that was given up.
    pub(crate) fn releases(&self, package: &Package, pattern: &TagPattern) -> Vec<ToldRelease> {
        let counts = self.starting(&pattern.start).filter(|(_, commit)| self.reaches(**commit));
        let tagged = counts.filter_map(|(tag, commit)| {
            let version = pattern.version(tag)?;
            Some(ToldRelease { witness: ReleaseEvidence::Tag(tag.clone()), commit: *commit, version })
        });
        let mut releases: Vec<ToldRelease> = self.spelled_otherwise(package).into_iter().chain(tagged).collect();
        releases.sort_by(|one, other| by_precedence(&other.version, &one.version));
        self.without_former_numbers(package, releases)
    }

    /// A version above that of the manifest is no last release where a version up to it was tagged later: the package was
    /// numbered anew (0.5.0-rc.2, then 0.1.0), the tag was a mistake, or `beta9` stands above `beta10`.
    fn without_former_numbers(&self, package: &Package, mut releases: Vec<ToldRelease>) -> Vec<ToldRelease> {
        let is_above = |told: &ToldRelease| told.version.cmp_precedence(&package.version).is_gt();
        if !releases.first().is_some_and(is_above) {
            return releases;
        }
        let upto = releases.iter().find(|told| !is_above(told)).map(|told| told.commit);
        if let Some((graph, place)) =
            self.reachable.zip(upto).and_then(|((graph, _), upto)| Some((graph, graph.place(upto)?)))
        {
            let before = graph.reach(&[place]);
            let is_before = |told: &ToldRelease| graph.place(told.commit).is_some_and(|place| before.has(place));
            releases.retain(|told| !is_above(told) || !is_before(told));
        }
        releases
    }

    /// Whether any tag, reachable or not, names this version of a package.
    pub(crate) fn names(&self, package: &Package, pattern: &TagPattern, version: &Version) -> bool {
        !self.naming(package, pattern, version).is_empty()
    }

    /// The release of the version in a package's manifest, where its tag names a commit that the head does not descend
    /// from: it was made on another branch, and this one took the version over.
    pub(crate) fn elsewhere(&self, package: &Package, pattern: &TagPattern) -> Option<ToldRelease> {
        let version = &package.version;
        let mut naming = self.naming(package, pattern, version).into_iter();
        let found = naming.find(|(_, commit)| !self.reaches(*commit));
        found.map(|(tag, commit)| ToldRelease { witness: ReleaseEvidence::Tag(tag), commit, version: version.clone() })
    }

    /// The tags in any spelling that may name releases of a package above one version and up to that of its manifest, the
    /// highest first: those with its name before the version, and those without the name of any member. Whether they do is
    /// for the manifests at their commits to say.
    pub(crate) fn candidates(
        &self,
        package: &Package,
        packages: &[Package],
        above: Option<&Version>,
    ) -> Vec<ToldRelease> {
        let may = |version: &Version| {
            let is_new = above.is_none_or(|above| version.cmp_precedence(above).is_gt());
            is_new && version.cmp_precedence(&package.version).is_le()
        };
        let has_root = packages.iter().any(|package| package.dir == RepoPath::root());
        let mut found: Vec<ToldRelease> = self
            .all
            .iter()
            .filter(|(_, commit)| self.reaches(**commit))
            .filter_map(|(tag, commit)| {
                let version = version_at_end(tag).filter(may)?;
                let before = tag.as_str().strip_suffix(version.to_string().as_str())?;
                let fits = match named_in(before, packages) {
                    Some(name) => *name == package.name,
                    // Those of a package at the root are its own.
                    None => package.dir == RepoPath::root() || package.inherits_version || !has_root,
                };
                fits.then(|| ToldRelease { witness: ReleaseEvidence::Tag(tag.clone()), commit: *commit, version })
            })
            .collect();
        found.sort_by(|one, other| by_precedence(&other.version, &one.version));
        found.truncate(CANDIDATES);
        found
    }

    fn starting<'s>(&'s self, start: &'s str) -> impl Iterator<Item = (&'s TagName, &'s Oid)> {
        let from = self.all.range::<str, _>((Bound::Included(start), Bound::Unbounded));
        from.take_while(move |(tag, _)| tag.as_str().starts_with(start))
    }

    /// The tags, reachable or not, that name this version of a package: as they are configured, or as other projects do.
    fn naming(&self, package: &Package, pattern: &TagPattern, version: &Version) -> Vec<(TagName, Oid)> {
        let is_named = |tag: &TagName| pattern.version(tag).is_some_and(|named| named.cmp_precedence(version).is_eq());
        let starting = self.starting(&pattern.start);
        let as_configured = starting.filter(|(tag, _)| is_named(tag)).map(|(tag, commit)| (tag.clone(), *commit));
        let spelled = spellings(package, version);
        let otherwise = spelled.filter_map(|tag| self.all.get(&tag).map(|commit| (tag, *commit)));
        as_configured.chain(otherwise).collect()
    }

    /// Whether the head descends from a commit.
    pub(crate) fn reaches(&self, commit: Oid) -> bool {
        self.reachable.is_some_and(|(graph, reach)| graph.place(commit).is_some_and(|place| reach.has(place)))
    }

    /// The tag of the version in the manifest, where it is named as other projects do. Name and version together are no
    /// accident, nor is the version alone at the root, and a project that comes to us from another tool has such tags.
    fn spelled_otherwise(&self, package: &Package) -> Option<ToldRelease> {
        let version = &package.version;
        let mut found = spellings(package, version).filter_map(|tag| {
            let commit = self.all.get(&tag).copied().filter(|commit| self.reaches(*commit))?;
            Some(ToldRelease { witness: ReleaseEvidence::Tag(tag), commit, version: version.clone() })
        });
        found.next()
    }

    /// The release that the user names, for a package: the version in the tag's name, else the one in the manifest.
    ///
    /// # Errors
    /// There is no such tag.
    pub(crate) fn named(&self, tag: &TagName, package: &Package, pattern: &TagPattern) -> Result<ToldRelease> {
        let Some(commit) = self.all.get(tag) else {
            return Err(Failure::unplannable(format!("there is no tag `{tag}`"))
                .because("`--prev-tag-name` must name an existing tag")
                .help("`git tag --list` lists local tags; `git fetch --tags` fetches the remote's"));
        };
        let version = pattern.version(tag).or_else(|| version_at_end(tag)).unwrap_or_else(|| package.version.clone());
        Ok(ToldRelease { witness: ReleaseEvidence::Tag(tag.clone()), commit: *commit, version })
    }
}

/// What the tags of other projects for this version are called.
fn spellings(package: &Package, version: &Version) -> impl Iterator<Item = TagName> {
    let named = SPELLINGS.iter().map(move |between| format!("{}{between}{version}", package.name));
    let at_root = ROOT_SPELLINGS.iter().filter(|_| package.dir == RepoPath::root() || package.inherits_version);
    named.chain(at_root.map(move |before| format!("{before}{version}"))).map(TagName::from)
}

/// What the tags of each package look like, made once.
pub(crate) struct TagPatterns<'p> {
    all: BTreeMap<&'p PackageName, TagPattern>,
    /// The packages whose tags are named as those of another, so that the name of a tag does not tell which of them it is
    /// about.
    shared: BTreeSet<&'p PackageName>,
}

impl<'p> TagPatterns<'p> {
    /// Those of these packages, as they are configured.
    ///
    /// # Errors
    /// The template of somebody's tags is no pattern that can be matched.
    pub(crate) fn of(packages: &'p [Package], settings: &BTreeMap<PackageName, PackageSettings>) -> Result<Self> {
        let configured = packages.iter().filter_map(|package| Some((package, settings.get(&package.name)?)));
        let pattern = |(package, settings): (&'p Package, &PackageSettings)| {
            TagPattern::of(&package.name, &package.dir, settings).map(|pattern| (&package.name, pattern))
        };
        let all: BTreeMap<&PackageName, TagPattern> = configured.map(pattern).collect::<Result<_>>()?;
        let mut named: BTreeMap<&str, Vec<&PackageName>> = BTreeMap::new();
        for (name, pattern) in &all {
            named.entry(pattern.whole.as_str()).or_default().push(name);
        }
        let shared = named.into_values().filter(|names| names.len() > 1).flatten().collect();
        Ok(Self { all, shared })
    }

    /// That of one package.
    ///
    /// # Errors
    /// It has no configuration.
    pub(crate) fn get(&self, name: &PackageName) -> Result<&TagPattern> {
        self.all.get(name).ok_or_else(|| Failure::bug(format!("`{name}` has no configuration")))
    }

    /// Whether the names of a package's tags do not tell whose they are.
    pub(crate) fn is_shared(&self, name: &PackageName) -> bool {
        self.shared.contains(name)
    }
}

/// The member whose name stands right before the version of a tag, the longest where several do: `a` in `release-a-` and in
/// `a_v`. Where none does, the one whose directory does.
fn named_in<'p>(before: &str, packages: &'p [Package]) -> Option<&'p PackageName> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', '/', '@', '.', ' '], "-");
    let ends = |text: &str| text.trim_end_matches('-').to_owned();
    let whole = ends(&plain(before));
    let without_v = whole.strip_suffix('v').map_or_else(String::new, ends);
    let stands = |name: &str| {
        let name = plain(name);
        !name.is_empty()
            && [&whole, &without_v].into_iter().any(|text| *text == name || text.ends_with(&format!("-{name}")))
    };
    let longest = |of: &dyn Fn(&'p Package) -> &'p str| {
        packages.iter().filter(|package| stands(of(package))).max_by_key(|package| of(package).len())
    };
    let named = longest(&|package| package.name.as_str());
    named.or_else(|| longest(&|package| package.dir.name())).map(|package| &package.name)
}

/// Precedence first; build metadata only where nothing else tells two apart.
fn by_precedence(one: &Version, other: &Version) -> Ordering {
    one.cmp_precedence(other).then_with(|| one.cmp(other))
}

/// The version that a name ends in, after `v`, `-` or nothing.
fn version_at_end(tag: &TagName) -> Option<Version> {
    let starts = tag.as_str().char_indices().filter(|(_, c)| c.is_ascii_digit());
    starts.map(|(at, _)| &tag.as_str()[at..]).find_map(|end| Version::parse(end).ok())
}

/// What the names of a package's tags look like.
pub(crate) struct TagPattern {
    /// What they all start with.
    start: String,
    whole: Regex,
}

/// A version, in the part of a name that `{{version}}` stands for.
const VERSION: &str = r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?";

impl TagPattern {
    /// The template of a package's tags, as a pattern.
    pub(crate) fn of(name: &PackageName, dir: &RepoPath, settings: &PackageSettings) -> Result<Self> {
        let default = if *dir == RepoPath::root() { "" } else { "{{crate_name}}-" };
        let prefix = settings.tag_prefix.as_deref().unwrap_or(default);
        let template = settings.tag_name.replace("{{prefix}}", prefix);
        let mut pattern = String::from("^");
        let mut rest = template.as_str();
        let mut captured = false;
        let mut start = placeholder(rest).map_or(rest, |(literal, _, _)| literal).to_owned();
        if let Some((_, "crate_name", after)) = placeholder(rest) {
            start.push_str(name.as_str());
            start.push_str(placeholder(after).map_or(after, |(literal, _, _)| literal));
        }
        while let Some((literal, key, after)) = placeholder(rest) {
            pattern.push_str(&regex::escape(literal));
            pattern.push_str(&match key {
                "crate_name" => regex::escape(name.as_str()),
                "version" if !captured => format!("({VERSION})"),
                "version" => VERSION.to_owned(),
                _ => ".*".to_owned(),
            });
            captured |= key == "version";
            rest = after;
        }
        pattern.push_str(&regex::escape(rest));
        pattern.push('$');
        let what = || format!("the tag name `{}` of `{name}` cannot be matched", settings.tag_name);
        Regex::new(&pattern).or_unplannable(what).map(|whole| Self { start, whole })
    }

    fn version(&self, tag: &TagName) -> Option<Version> {
        let captures = self.whole.captures(tag.as_str())?;
        Version::parse(captures.get(1)?.as_str()).ok()
    }
}

/// The first `{{key}}` of a template: what stands before it, the key, and what follows.
fn placeholder(template: &str) -> Option<(&str, &str, &str)> {
    let (literal, rest) = template.split_once("{{")?;
    let (key, after) = rest.split_once("}}")?;
    Some((literal, key, after))
}
