//! Changelog entries of a release: what a person wrote under Unreleased, else a draft from commits and change notes; what
//! was drafted before is brought up to date.

use std::collections::BTreeMap;

use super::changelog_flaws::of_problem;
use super::changelog_flaws::unreadable;
use super::changelog_target::Curated;
use super::drafting::Drafting;
use super::edit_buffer::EditBuffer;
use super::entry_source::Since;
use super::note_consumption;
use crate::changelog;
use crate::changelog::DraftEvidence;
use crate::changelog::Origin;
use crate::changelog::Problem;
use crate::changelog::Release;
use crate::changelog::Unreleased;
use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::level::Level;
use crate::manifest::requirement;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::phrase;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::evidence::proposals;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::PlannedChangelog;
use crate::plan::versions::bump::compatibility;
use crate::plan::versions::bump::raised;
use crate::plan::versions::next_version::Bump;

/// An entry as it is to be written, with what is said of it.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) found: Vec<Finding>,
    /// The text of the whole file, and the entry in it. `None` where the changelog is off, or edited by replacements and
    /// never drafted.
    pub(super) written: Written,
}

/// The entry of a package, for the files as they are by now.
pub(super) fn entry(
    inputs: &PlanInputs<'_>,
    bump: &Bump,
    drafting: &Drafting<'_>,
    texts: &EditBuffer<'_>,
) -> Result<Entry> {
    let curated = Curated::of(inputs, inputs.package(&bump.name)?)?;
    let writable = curated.map(|curated| Ok(curated.may_be_written(inputs, texts)?.then_some(curated))).transpose()?;
    let Some(curated) = writable.flatten() else {
        return Ok(Entry { found: note_consumption::untold(inputs, bump).into_iter().collect(), written: None });
    };
    if let Some(finding) = unreadable(inputs, &curated) {
        return Ok(Entry { found: vec![finding], written: None });
    }
    let mut entry = EntryDraft { inputs, curated: &curated, bump, drafting, found: Vec::new() };
    let fresh = changelog::new_document(&bump.name);
    let written = entry.written(texts.get(&curated.path).unwrap_or(&fresh))?;
    let mut found = entry.found;
    let written = written.unwrap_or_else(|problem| {
        found.push(of_problem(problem, &curated));
        None
    });
    Ok(Entry { found, written })
}

/// The changelogs that are there and no entry can be written into: one note for each file.
pub(crate) fn foreign(inputs: &PlanInputs<'_>, bumps: &BTreeMap<PackageName, Bump>) -> Result<Vec<Finding>> {
    let mut found: BTreeMap<&RepoPath, Finding> = BTreeMap::new();
    for name in bumps.keys() {
        let curated = Curated::of(inputs, inputs.package(name)?)?;
        let Some(path) = curated.map(|curated| curated.foreign(inputs)).transpose()?.flatten() else { continue };
        let message =
            format!("`{path}` is not Markdown: no entry is written into it, and no other changelog is created");
        let help = "rename it to end in `.md` if it is Markdown; a `pre-release-hook` or `pre-release-replacements` can \
                    write it; `[changelog] enabled = false` silences this";
        found
            .entry(path)
            .or_insert_with(|| Finding::warning(Code::ChangelogForeign, message).at(path, None).help(help));
    }
    Ok(found.into_values().collect())
}

/// That packages have no changelog and get none: one note for all of them.
pub(crate) fn none_made(
    inputs: &PlanInputs<'_>,
    bumps: &BTreeMap<PackageName, Bump>,
    texts: &EditBuffer<'_>,
) -> Result<Option<Finding>> {
    let mut without = Vec::new();
    for name in bumps.keys() {
        if let Some(curated) = Curated::of(inputs, inputs.package(name)?)?
            && curated.none_made(inputs, texts)?
        {
            without.push(format!("`{name}`"));
        }
    }
    let Some(first) = without.first() else { return Ok(None) };
    let more = if without.len() == 1 { String::new() } else { format!(" and {} more", without.len() - 1) };
    let verb = if without.len() == 1 { "has" } else { "have" };
    let message = format!("{first}{more} {verb} no changelog, and none is created: earlier releases had none either");
    let help = "`[changelog] create = true` creates one with the next release; `enabled = false` silences this";
    Ok(Some(Finding::warning(Code::ChangelogNone, message).help(help)))
}

/// One entry that is being written.
struct EntryDraft<'a> {
    inputs: &'a PlanInputs<'a>,
    curated: &'a Curated<'a>,
    bump: &'a Bump,
    drafting: &'a Drafting<'a>,
    found: Vec<Finding>,
}

/// The text of the file, and the entry in it.
pub(super) type Written = Option<(String, PlannedChangelog)>;

impl EntryDraft<'_> {
    fn written(&mut self, before: &str) -> Result<Result<Written, Problem>> {
        let state = match Unreleased::read(before, &self.curated.owner) {
            Ok(state) => state,
            Err(problem) => return Ok(Err(problem)),
        };
        if self.curated.by_replacements && state.marker.is_none() {
            self.speaks_of_notes(&state)?;
            return Ok(Ok(None));
        }
        let mut like = self.curated.release(self.inputs, &self.bump.to)?;
        let prepared = self.prepared(before, &state, &mut like)?;
        let (text, drafted) = match prepared {
            Ok(prepared) => prepared,
            Err(problem) => return Ok(Err(problem)),
        };
        let path = self.curated.path.clone();
        if self.curated.by_replacements {
            let entry = Unreleased::read(&text, &self.curated.owner).map(|state| state.entry);
            return Ok(entry.map(|entry| Some((text, PlannedChangelog { path, entry, drafted }))));
        }
        let released = match changelog::release(&text, &like) {
            Ok(released) => released,
            Err(problem) => return Ok(Err(problem)),
        };
        self.judge(&released.entry, state.line);
        self.found.extend(self.declared(&released.entry, before, state.line));
        let drafted = drafted || released.origin == Origin::Drafted;
        Ok(Ok(Some((released.text, PlannedChangelog { path, entry: released.entry, drafted }))))
    }

    /// The text with Unreleased as it is to be released, and whether something was drafted into it. What is drafted where
    /// nothing stands is left to the release, in `like`.
    fn prepared(
        &mut self,
        before: &str,
        state: &Unreleased,
        like: &mut Release,
    ) -> Result<Result<(String, bool), Problem>> {
        if let Some(edited) = self.inputs.request.entries.get(&self.bump.name) {
            like.draft = Some(edited.clone());
            if changelog::line_of(before, &like.owner, &like.version).is_some() {
                return Ok(changelog::amend(before, like).map(|text| (text, false)));
            }
            return Ok(changelog::replace(before, like, None).map(|text| (text, false)));
        }
        let stable = self.bump.to.pre.is_empty();
        let all = self.curated.told(self.inputs, if stable { Since::LastStable } else { Since::LastRelease });
        let cliff = &self.drafting.cliff;
        if state.marker.is_some() {
            like.draft = Some(all.newer(state).without_what_is_told(&state.entry).drafted(like, cliff)?);
            let text = changelog::bring_up(before, like, None);
            let added = like.draft.as_ref().is_some_and(|draft| !draft.trim().is_empty());
            like.draft = Some(self.forced_by());
            return Ok(text.map(|text| (text, added)));
        }
        if state.entry.is_empty() {
            let draft = all.drafted(like, cliff)?;
            like.draft = Some(self.with_dependencies(draft));
            return Ok(Ok((before.to_owned(), false)));
        }
        // What pre-releases have told is for whoever wrote the entry to say again.
        let fresh = self.curated.told(self.inputs, Since::LastRelease).without_editors(&self.curated.path);
        let fresh = fresh.without_what_is_told(&state.entry);
        let mut missing = changelog::missing(&state.entry, &fresh.drafted(like, cliff)?);
        if stable {
            let untold = changelog::missing(&state.entry, &fresh.only_notes().drafted(like, cliff)?);
            missing.retain(|item| !untold.contains(item));
            self.found.extend(self.untold(&untold, state));
        }
        self.found.extend(self.uncovered(&missing, state));
        Ok(Ok((before.to_owned(), false)))
    }

    /// Holds an entry that replacements release as it stands against the notes that are consumed.
    fn speaks_of_notes(&mut self, state: &Unreleased) -> Result<()> {
        let notes = self.curated.told(self.inputs, Since::LastRelease).only_notes();
        if !notes.is_empty() && self.bump.to.pre.is_empty() {
            let like = self.curated.release(self.inputs, &self.bump.to)?;
            let missing = changelog::missing(&state.entry, &notes.drafted(&like, &self.drafting.cliff)?);
            self.found.extend(self.untold(&missing, state));
        }
        Ok(())
    }

    /// What is worth knowing about an entry.
    fn judge(&mut self, entry: &str, line: Option<usize>) {
        let (name, to) = (&self.bump.name, &self.bump.to);
        let place = |finding: Finding, line| finding.package(name).at(&self.curated.path, line);
        let mut found = Vec::new();
        if entry.trim().is_empty() {
            let message = format!("the changelog entry of `{name}` {to} is empty");
            let help = "write the entry under `## [Unreleased]`, commit it, then plan again";
            found.push(place(Finding::warning(Code::ChangelogEmpty, message), line).help(help));
        }
        let breaks = |reason: &&crate::plan::release_plan::Reason| match reason.evidence {
            // Who wrote the number has decided, as who asks for a level has.
            Evidence::Manifest { ref key } => reason.level == Level::Breaking && key != "package.version",
            Evidence::Commit { .. } | Evidence::Api { .. } | Evidence::Note { .. } => reason.level == Level::Breaking,
            Evidence::Dependency { .. } | Evidence::Group { .. } | Evidence::Request => false,
        };
        let breaking = self.bump.reasons.iter().find(breaks).filter(|_| self.bump.from.is_some());
        if let Some(reason) = breaking.filter(|_| !changelog::says_breaking(entry)) {
            let summary = &reason.summary;
            let message = format!("the entry of `{name}` {to} does not mention a breaking change: {summary}");
            let help =
                "describe it under a heading such as `### Breaking` or `### Removed`, or mark it `**breaking:**`";
            found.push(place(Finding::warning(Code::ChangelogBreaking, message), line).help(help));
        }
        // Where a release commit of ours wrote it, or its tag is there already, this is the release that it was written for.
        let ours = proposals::of(self.inputs, self.curated.package).is_some() || self.bump.from.as_ref() == Some(to);
        let original = self.inputs.snapshot.workspace.texts.get(&self.curated.path).filter(|_| !ours);
        if let Some(line) = original.and_then(|text| changelog::line_of(text, &self.curated.owner, to)) {
            let message = format!("`{}` already has a section for {to}, which is used as the entry", self.curated.path);
            let help =
                "to add to the entry, edit that section; text under `## [Unreleased]` waits for the next release";
            found.push(place(Finding::warning(Code::ChangelogVersionExists, message), Some(line)).help(help));
        }
        self.found.append(&mut found);
    }

    /// What a person wrote outweighs what commits say: an entry that declares a breaking change does not go to people who
    /// take the version for compatible. Where other evidence says the same, that is told already.
    fn declared(&self, entry: &str, before: &str, line: Option<usize>) -> Option<Finding> {
        let (name, to) = (&self.bump.name, &self.bump.to);
        let last = self.bump.from.as_ref()?;
        let from = if last.pre.is_empty() { last } else { &self.inputs.last_stable(name)?.version };
        let is_told = self.bump.reasons.iter().any(|reason| reason.level == Level::Breaking);
        if is_told || compatibility(from, to) == Level::Breaking {
            return None;
        }
        let quote = changelog::declares_breaking(entry)?;
        let start = line.unwrap_or(1);
        let after = before.lines().skip(start).position(|line| line.trim_end() == quote);
        let wanted = raised(from, Level::Breaking, self.inputs.config.workspace.bump.features_in_zero);
        let message = format!(
            "the entry of `{name}` declares a breaking change, but cargo treats {to} as compatible with {from}: {}",
            quote.trim_start().trim_start_matches(['-', '*', '+']).trim().replace("**", "")
        );
        let help =
            format!("release `{name}@{wanted}`, or reword the entry; pass `--allow-breaking` if nobody is affected");
        let finding = if self.inputs.request.allow_breaking { Finding::warning } else { Finding::error };
        let place = after.map(|after| start + after + 1);
        Some(finding(Code::ChangelogDeclaresBreaking, message).package(name).at(&self.curated.path, place).help(help))
    }

    /// What change notes say and an entry does not: the release takes the notes away.
    fn untold(&self, missing: &[String], state: &Unreleased) -> Option<Finding> {
        let name = &self.bump.name;
        let message = "this release uses up change notes that the entry of";
        let message = format!("{message} `{name}` does not mention: {}", first_of(missing)?);
        Some(self.to_draft(Finding::warning(Code::NoteUntold, message), state))
    }

    fn uncovered(&self, missing: &[String], state: &Unreleased) -> Option<Finding> {
        let name = &self.bump.name;
        let message = format!("what is written for `{name}` does not mention: {}", first_of(missing)?);
        Some(self.to_draft(Finding::warning(Code::ChangelogUncovered, message), state))
    }

    fn to_draft(&self, finding: Finding, state: &Unreleased) -> Finding {
        let name = &self.bump.name;
        let help = format!("`cargo release changelog draft -p {name}` adds them; lines that you delete stay deleted");
        finding.package(name).at(&self.curated.path, state.line).help(help)
    }

    /// What to say of a release that no commit and no note asks for.
    fn forced_by(&self) -> String {
        let lines = self.bump.reasons.iter().filter_map(|reason| match &reason.evidence {
            Evidence::Dependency { package } => self.update(package, reason.level),
            Evidence::Group { .. } => Some(format!("- No direct changes: it {}", reason.summary)),
            Evidence::Manifest { .. }
            | Evidence::Commit { .. }
            | Evidence::Api { .. }
            | Evidence::Note { .. }
            | Evidence::Request => None,
        });
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() { String::new() } else { format!("### Changed\n\n{}\n", lines.join("\n")) }
    }

    /// A draft with what no commit and no note asks for: all of it where they tell nothing, else what breaks. A release
    /// of nothing that concerns its users says so in one line.
    fn with_dependencies(&self, draft: String) -> String {
        if draft.trim().is_empty() {
            let forced = self.forced_by();
            let internal = self.bump.from.is_some() && !self.bump.reasons.is_empty();
            return if forced.is_empty() && internal { MAINTENANCE.to_owned() } else { forced };
        }
        let breaking = self.bump.reasons.iter().filter(|reason| reason.level == Level::Breaking);
        let lines: Vec<DraftEvidence> = breaking
            .filter_map(|reason| match &reason.evidence {
                Evidence::Dependency { package } => {
                    let text = self.update(package, reason.level)?;
                    let text = text.trim_start_matches("- ").trim_start_matches("**breaking:** ").to_owned();
                    Some(DraftEvidence { heading: "Changed", level: Level::Breaking, text })
                }
                Evidence::Manifest { .. }
                | Evidence::Commit { .. }
                | Evidence::Api { .. }
                | Evidence::Note { .. }
                | Evidence::Group { .. }
                | Evidence::Request => None,
            })
            .collect();
        changelog::with_evidence(&draft, &lines, &self.drafting.cliff)
    }

    /// That a dependency is updated, from what to what, and why this package is released for it.
    fn update(&self, dependency: &PackageName, level: Level) -> Option<String> {
        let Bump { from, to, .. } = self.drafting.bumps.get(dependency)?;
        let from = from.as_ref().map_or_else(String::new, |from| format!(" from {from}"));
        let edges = self.curated.package.dependencies.iter().filter(|edge| edge.package == *dependency);
        let outgrown =
            edges.filter_map(|edge| edge.requirement.as_deref()).find(|wanted| !requirement::admits(wanted, to));
        let (mark, why) = match (level, outgrown) {
            (Level::Breaking, _) => ("**breaking:** ", ", a breaking change in a public dependency".to_owned()),
            (_, Some(wanted)) => ("", format!(", which `{wanted}` does not match")),
            (_, None) => ("", String::new()),
        };
        Some(format!("- {mark}Update `{dependency}`{from} to {to}{why}"))
    }
}

/// The entry of a release that concerns only those who work on the package.
const MAINTENANCE: &str = "- Maintenance release.\n";

/// The first of several, and how many more.
fn first_of(items: &[String]) -> Option<String> {
    (!items.is_empty()).then(|| phrase::first(items, 1))
}
