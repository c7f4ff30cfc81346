//! Title and text of a pull request. What this program writes stands between two comments, the first of which has short
//! digests of what it wrote: where a person changed the title or that part, it stays as the person left it.

use super::proposal::Proposing;
use super::release_plan::PlannedPackage;
use super::release_plan::ReleasePlan;
use crate::config::Placeholder;
use crate::config::Values;
use crate::names::Digest;
use crate::names::trailer;

/// How the first comment starts.
const BEGIN: &str = "<!-- cargo-release: what is written here is kept up to date; write above or below it. ";

/// The second comment.
pub(super) const END: &str = "<!-- /cargo-release -->";

/// The longest text, in bytes; forges take about 65,000 characters.
const LONGEST: usize = 60_000;

/// How many digits of a digest are kept.
const DIGITS: usize = 8;

/// Title and text, as they will be: of a pull request that is open, what people wrote there stays.
pub(super) fn texts(plan: &ReleasePlan, proposing: &Proposing<'_>) -> (String, String) {
    let fresh_title = title(plan, proposing);
    let block = block(plan, proposing);
    let Some(pull) = proposing.pull else {
        let text = framed(&fresh_title, &block);
        return (fresh_title, text);
    };
    let Some(found) = Frame::find(&pull.body) else {
        let body = format!("{}\n\n{}", pull.body.trim_end(), framed(&fresh_title, &block));
        return (pull.title.clone(), body.trim_start().to_owned());
    };
    let is_ours = found.title == digest(&bare_title(&pull.title));
    let title = if is_ours { fresh_title } else { pull.title.clone() };
    // The digest of a title that a person chose is kept as it is: it is still not ours.
    let signed = if is_ours { digest(&title) } else { found.title.clone() };
    let text = if found.body == digest(&found.block) { &block } else { &found.block };
    let signed_body = if found.body == digest(&found.block) { digest(text) } else { found.body.clone() };
    let middle = format!("{BEGIN}{signed} {signed_body} -->\n{text}\n{END}");
    (title, format!("{}{middle}{}", found.above, found.below))
}

/// The text with the trailers of the commit, for a squash that takes its message from it.
pub(crate) fn with_trailers(body: &str, plan: &str, base: &str) -> String {
    let lines = format!("\n{}: {plan}\n{}: {base}\n{END}", trailer::PLAN, trailer::BASE);
    body.replacen(END, &lines, 1)
}

/// The part of this program in a text.
struct Frame {
    above: String,
    /// The digest of the title that it wrote.
    title: String,
    /// The digest of the part that it wrote.
    body: String,
    /// The part as it is now, without trailers.
    block: String,
    below: String,
}

impl Frame {
    fn find(body: &str) -> Option<Self> {
        let body = body.replace("\r\n", "\n");
        let start = body.find(BEGIN)?;
        let (above, rest) = (body.get(..start)?, body.get(start + BEGIN.len()..)?);
        let (digests, rest) = rest.split_once("-->\n")?;
        let (block, below) = rest.split_once(END)?;
        let (title, written) = digests.trim().split_once(' ')?;
        let is_trailer = |line: &&str| [trailer::PLAN, trailer::BASE].iter().any(|key| trailer::is_in(line, key));
        let lines: Vec<&str> = block.lines().filter(|line| !is_trailer(line)).collect();
        Some(Self {
            above: above.to_owned(),
            title: title.to_owned(),
            body: written.to_owned(),
            block: lines.join("\n").trim_end().to_owned(),
            below: below.to_owned(),
        })
    }
}

fn framed(title: &str, block: &str) -> String {
    format!("{BEGIN}{} {} -->\n{block}\n{END}", digest(title), digest(block))
}

fn digest(text: &str) -> String {
    Digest::of(text.trim_end().as_bytes()).as_str().chars().take(DIGITS).collect()
}

/// A title without what marks it as a draft.
fn bare_title(title: &str) -> String {
    ["Draft: ", "WIP: "].iter().find_map(|mark| title.strip_prefix(mark)).unwrap_or(title).to_owned()
}

fn title(plan: &ReleasePlan, proposing: &Proposing<'_>) -> String {
    let edited = &plan.packages;
    let one_version = edited.first().filter(|first| edited.iter().all(|other| other.to == first.to));
    if let Some(template) = &proposing.settings.title {
        let values =
            one_version.map_or_else(Values::new, |first| Values::new().set(Placeholder::Version, first.to.to_string()));
        let values = match edited.as_slice() {
            [only] => values.set(Placeholder::CrateName, only.name.as_str()),
            _ => values,
        };
        return values.render(template);
    }
    match (edited.as_slice(), one_version) {
        ([only], _) => format!("chore: Release {} {}", only.name, only.to),
        (several, Some(first)) => format!("chore: Release {} ({} packages)", first.to, several.len()),
        (several, None) => format!("chore: Release {} packages", several.len()),
    }
}

fn block(plan: &ReleasePlan, proposing: &Proposing<'_>) -> String {
    let mut text = format!(
        "Merging this releases what it shows, from `{}`. Entries can be edited on this branch: what you write stays.\n\n\
         | Package | From | To |\n| --- | --- | --- |\n",
        proposing.base
    );
    for package in &plan.packages {
        let from = package.from.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        text.push_str(&format!("| `{}` | {from} | {} |\n", package.name, package.to));
    }
    for finding in &plan.findings {
        let word = if finding.is_error() { "error" } else { "warning" };
        text.push_str(&format!("\n- {word} `{}`: {}", finding.code, escaped(&finding.message)));
    }
    if !plan.findings.is_empty() {
        text.push('\n');
    }
    plan.packages.iter().filter_map(entry).for_each(|entry| text.push_str(&entry));
    if text.len() > LONGEST {
        let at = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(at);
        text.push_str("\n\nThe rest is in the changelogs.");
    }
    text.trim_end().to_owned()
}

fn entry(package: &PlannedPackage) -> Option<String> {
    let entry = package.changelog.as_ref()?.entry.trim();
    (!entry.is_empty()).then(|| format!("\n## {} {}\n\n{}\n", package.name, package.to, escaped(entry)))
}

/// A text of others, that may hold no comment: it could be taken for one of ours.
fn escaped(text: &str) -> String {
    text.replace("<!--", "&lt;!--").replace("-->", "--&gt;")
}
