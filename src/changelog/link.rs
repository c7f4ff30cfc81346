//! The links of a changelog: comparisons of tags, and the definitions that headings in brackets refer to.

use super::document::Document;
use super::document::Section;
use super::document::SectionKind;
use super::heading;
use super::heading::Title;
use super::owner::Owner;
use super::release::Release;
use super::scan::Definition;
use super::scan::LineKind;
use super::scan::lines;

/// Keeps the definitions up: the one of Unreleased goes on from the new tag, and the new release gets one of its own,
/// in the style of those that are there. Where there are none they are made, for a known forge, with the first release;
/// in a file of several packages with the first release of each, where the others have theirs.
pub(super) fn update(document: &mut Document, release: &Release, new: &NewLink<'_>) {
    let Some(tag) = &release.tag else { return };
    let known = HeadingDefinitions::of(document, &release.owner);
    if known.unreleased.is_none() && known.versions.is_empty() {
        let begins = new.fresh || (release.owner.apart && others_link(document) && is_first(document, release));
        if let Some(label) = new.label.filter(|_| begins) {
            begin(document, release, &FirstDefinition { label, tag: tag.as_str(), newline: new.newline });
        }
        return;
    }
    let moves = known.unreleased.as_ref().and_then(|place| Some((place, moved(&place.url, tag.as_str())?)));
    if let Some((place, url)) = moves {
        replace(document, place, &url);
    }
    let missing = !known.versions.iter().any(|place| Some(place.label.as_str()) == new.label);
    let url = known.url_for(release, tag.as_str());
    let line = new.label.zip(url).filter(|_| missing).map(|(label, url)| format!("[{label}]: {url}"));
    if let (Some(line), Some((anchor, above))) = (line, known.anchor()) {
        insert(document, anchor, &LineInsertion { line, above, newline: new.newline });
    }
}

/// Whether headings of others in the file have definitions.
fn others_link(document: &Document) -> bool {
    let mut labels = document.sections.iter().flat_map(|section| definitions(&section.body));
    labels.any(|(_, Definition { label, .. })| !matches!(heading::read(label), Title::Other))
}

/// Whether the owner has no release but the new one.
fn is_first(document: &Document, release: &Release) -> bool {
    document.releases_of(&release.owner).all(|(heading, _)| heading.version == release.version)
}

/// What the definition of a new release needs to know.
pub(super) struct NewLink<'a> {
    /// Between the brackets of its heading; none where it has no brackets.
    pub(super) label: Option<&'a str>,
    /// Whether the file had no release before.
    pub(super) fresh: bool,
    /// The line ending of the file.
    pub(super) newline: &'static str,
}

/// The address of Unreleased, once this tag is there: `compare/old...HEAD` becomes `compare/tag...HEAD`.
pub(super) fn moved(url: &str, tag: &str) -> Option<String> {
    let compare = Compare::read(url)?;
    Some(format!("{}{tag}{}{}", compare.base, compare.dots, compare.to))
}

/// The address of a new release in the style of that of an older one: a comparison, or a page whose last part names the
/// old version.
pub(super) fn next(url: &str, release: &Release) -> Option<String> {
    let tag = release.tag.as_ref()?.as_str();
    if let Some(compare) = Compare::read(url) {
        let from = release.previous_tag.as_ref().map_or(compare.to, |previous| previous.as_str());
        return Some(format!("{}{from}{}{tag}", compare.base, compare.dots));
    }
    let (base, last) = url.rsplit_once('/')?;
    matches!(heading::read(last), Title::Release(_)).then(|| format!("{base}/{tag}"))
}

/// The address of a heading that is a link itself.
pub(super) fn inline(heading: &str) -> Option<&str> {
    heading.split_once("](").and_then(|(_, rest)| rest.split_once(')')).map(|(url, _)| url)
}

/// The tags of releases that an address compares or shows. Branches and commits are none.
pub(super) fn tags(url: &str) -> impl Iterator<Item = &str> {
    let compared = Compare::read(url).map(|compare| [compare.from, compare.to]);
    let shown = url.rsplit_once("/releases/tag/").map(|(_, tag)| tag);
    let named = compared.into_iter().flatten().chain(shown);
    named.filter(|name| !name.contains(['/', '?', '#', '%']) && matches!(heading::read(name), Title::Release(_)))
}

/// An address that compares two tags.
struct Compare<'a> {
    /// Up to and with `/compare/`.
    base: &'a str,
    from: &'a str,
    dots: &'a str,
    to: &'a str,
}

impl<'a> Compare<'a> {
    fn read(url: &'a str) -> Option<Self> {
        let at = url.rfind("/compare/")? + "/compare/".len();
        let (base, range) = url.split_at_checked(at)?;
        let dots = if range.contains("...") { "..." } else { ".." };
        let (from, to) = range.split_once(dots)?;
        (!from.is_empty() && !to.is_empty()).then_some(Self { base, from, dots, to })
    }
}

/// Where a definition stands.
#[derive(Clone)]
struct DefinitionSite {
    section: usize,
    /// The line in the section's body.
    line: usize,
    label: String,
    url: String,
}

/// The definitions that belong to headings.
struct HeadingDefinitions {
    unreleased: Option<DefinitionSite>,
    versions: Vec<DefinitionSite>,
}

impl HeadingDefinitions {
    fn of(document: &Document, owner: &Owner) -> Self {
        let bodies = document.sections.iter().map(|section| section.body.as_str()).enumerate();
        let places = bodies.flat_map(|(section, body)| definitions(body).map(move |definition| (section, definition)));
        let mut known = Self { unreleased: None, versions: Vec::new() };
        for (section, (line, Definition { label, url })) in places {
            let place = DefinitionSite { section, line, label: label.to_owned(), url: url.to_owned() };
            let title = heading::read(label);
            let name = match &title {
                Title::Unreleased => heading::pending(label).name,
                Title::Release(title) => title.name_at.clone().and_then(|range| label.get(range)).map(str::to_owned),
                Title::Other => continue,
            };
            // What stands in for a name in front may be the beginning of a tag: only packages kept apart are told by it.
            if owner.apart && !owner.has(name.as_deref()) {
                continue;
            }
            match title {
                Title::Unreleased => known.unreleased = known.unreleased.or(Some(place)),
                Title::Release(_) => known.versions.push(place),
                Title::Other => {}
            }
        }
        known
    }

    /// The address of the new release: like that of the newest one that compares, else made from that of Unreleased. The
    /// link of a first release has nothing to compare with, and two that do not compare are a style.
    fn url_for(&self, release: &Release, tag: &str) -> Option<String> {
        let compares = |place: &&DefinitionSite| Compare::read(&place.url).is_some();
        let comparing = self.versions.iter().filter(compares).max_by_key(|place| version(&place.label));
        let paged = self.newest().filter(|_| self.versions.len() > 1);
        if let Some(model) = comparing.or(paged) {
            return next(&model.url, release);
        }
        let compared = self.unreleased.as_ref().and_then(|place| {
            let compare = Compare::read(&place.url)?;
            let from = release.previous_tag.as_ref().map_or(compare.from, |previous| previous.as_str());
            Some(format!("{}{from}{}{tag}", compare.base, compare.dots))
        });
        compared.or_else(|| next(&self.newest()?.url, release))
    }

    fn newest(&self) -> Option<&DefinitionSite> {
        self.versions.iter().max_by_key(|place| version(&place.label))
    }

    /// The definition beside which the new one goes, and whether above it: below that of Unreleased, else before the
    /// newest where the newest comes first, and after it where it comes last.
    fn anchor(&self) -> Option<(&DefinitionSite, bool)> {
        let newest = self.newest();
        let ascending =
            self.versions.len() > 1 && self.versions.first().map(|first| &first.label) != newest.map(|it| &it.label);
        match (&self.unreleased, newest) {
            (Some(unreleased), _) if !ascending => Some((unreleased, false)),
            (_, Some(newest)) => Some((newest, !ascending)),
            (Some(unreleased), None) => Some((unreleased, false)),
            (None, None) => None,
        }
    }
}

fn version(label: &str) -> Option<semver::Version> {
    match heading::read(label) {
        Title::Release(title) => Some(title.version),
        Title::Unreleased | Title::Other => None,
    }
}

fn definitions(body: &str) -> impl Iterator<Item = (usize, Definition<'_>)> {
    lines(body).enumerate().filter_map(|(index, line)| match line.kind {
        LineKind::Definition(definition) => Some((index, definition)),
        LineKind::Blank
        | LineKind::Text
        | LineKind::Code
        | LineKind::Comment
        | LineKind::Rule
        | LineKind::Heading(_)
        | LineKind::Underline => None,
    })
}

/// A line that goes beside another.
struct LineInsertion {
    line: String,
    above: bool,
    newline: &'static str,
}

fn insert(document: &mut Document, place: &DefinitionSite, insertion: &LineInsertion) {
    let LineInsertion { line, above, newline } = insertion;
    rewrite(document, place, |old| {
        let ends = old.ends_with('\n');
        match (above, ends) {
            (true, _) => format!("{line}{newline}{old}"),
            (false, true) => format!("{old}{line}{newline}"),
            (false, false) => format!("{old}{newline}{line}"),
        }
    });
}

fn replace(document: &mut Document, place: &DefinitionSite, url: &str) {
    rewrite(document, place, |old| old.replacen(&place.url, url, 1));
}

fn rewrite(document: &mut Document, place: &DefinitionSite, change: impl Fn(&str) -> String) {
    let Some(section) = document.sections.get_mut(place.section) else { return };
    let lines = section.body.split_inclusive('\n').enumerate();
    section.body =
        lines.map(|(index, line)| if index == place.line { change(line) } else { line.to_owned() }).collect();
}

/// The definition of a release that is the first in its file.
struct FirstDefinition<'a> {
    label: &'a str,
    tag: &'a str,
    newline: &'static str,
}

/// Makes the first definitions of a file, where the forge is known.
fn begin(document: &mut Document, release: &Release, line: &FirstDefinition<'_>) {
    let Some(forge) = release.repository.as_deref().and_then(forge) else { return };
    let FirstDefinition { label, tag, newline } = line;
    let url = match &release.previous_tag {
        Some(previous) => format!("{}{previous}...{tag}", forge.compare),
        None => format!("{}{tag}", forge.tag),
    };
    let text = document.render();
    let name = if release.owner.apart { format!("{} ", release.owner.package) } else { String::new() };
    let body = format!("[{name}unreleased]: {}{tag}...HEAD{newline}[{label}]: {url}{newline}", forge.compare);
    let foot = document.sections.last_mut().filter(|section| section.kind == SectionKind::Foot);
    if let Some(foot) = foot.filter(|_| release.owner.apart) {
        foot.body.push_str(if text.ends_with('\n') { "" } else { newline });
        foot.body.push_str(&body);
        return;
    }
    let gap = if text.ends_with('\n') { *newline } else { &newline.repeat(2) };
    if let Some(last) = document.sections.last_mut() {
        last.body.push_str(gap);
    }
    let line = text.lines().count() + 2;
    document.sections.push(Section { kind: SectionKind::Foot, line, head: String::new(), body });
}

/// Where a forge shows comparisons and tags, up to the tag.
struct ForgeUrls {
    compare: String,
    tag: String,
}

/// What is known of the forge that a repository is on.
fn forge(repository: &str) -> Option<ForgeUrls> {
    let (scheme, rest) = repository.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let gitlab = host.split('.').any(|part| part == "gitlab");
    let known =
        gitlab || host == "github.com" || host.split('.').any(|part| matches!(part, "codeberg" | "gitea" | "forgejo"));
    // A manifest may name a directory of the repository; below GitLab's groups only `/-/` says where that begins.
    let path = if gitlab { path.split("/-/").next().unwrap_or(path).to_owned() } else { first_two(path)? };
    let path = path.trim_end_matches('/').trim_end_matches(".git");
    if !matches!(scheme, "http" | "https") || !known || !path.contains('/') {
        return None;
    }
    let root = format!("{scheme}://{host}/{path}");
    Some(match gitlab {
        true => ForgeUrls { compare: format!("{root}/-/compare/"), tag: format!("{root}/-/tags/") },
        false => ForgeUrls { compare: format!("{root}/compare/"), tag: format!("{root}/releases/tag/") },
    })
}

fn first_two(path: &str) -> Option<String> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    Some(format!("{}/{}", parts.next()?, parts.next()?))
}
