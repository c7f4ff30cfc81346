//! The confirmation prompt of a release.

use std::io;

use crate::check::Code;
use crate::names::BranchName;
use crate::names::RemoteName;
use crate::names::TagName;
use crate::phrase;
use crate::plan::Finding;
use crate::plan::PlannedPackage;
use crate::plan::ReleasePlan;
use crate::report::findings::finding::grouped;
use crate::report::findings::finding::likewise;
use crate::report::plan::effects::Effects;
use crate::report::plan::effects::PushLine;
use crate::report::plan::level;
use crate::report::plan::packages_table;
use crate::report::plan::usual_destination;
use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::text;
use crate::report::screen::text::count;

/// What the plan found that the prompt says again.
const REPEATED: [Code; 5] =
    [Code::RateLimit, Code::RemoteUnknown, Code::RegistryUnknown, Code::RegistryNotAsked, Code::DependencyUnknown];

/// What verification found: sizes and files changed by hooks, a line each, and findings.
pub(crate) struct Learnt<'a> {
    /// Lines.
    pub(crate) lines: &'a [String],
    /// What was found in the archives, and what registries said.
    pub(crate) findings: &'a [Finding],
}

/// Writes what verification found, the packages, what becomes permanent, and the question. The cursor stays behind the
/// question.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn ask(out: &mut dyn Screen, plan: &ReleasePlan, learnt: &Learnt<'_>) -> io::Result<()> {
    let effects = Effects::of(&plan.steps);
    items(out, learnt.lines)?;
    items(out, &found(plan, learnt.findings))?;
    writeln!(out)?;
    packages_table(out, &plan.packages, &usual_destination(&plan.packages))?;
    writeln!(out)?;
    let permanent = permanent(&effects);
    if permanent.is_empty() && !effects.proposed.is_empty() {
        writeln!(out, "Nothing is published. This proposes the release:")?;
        items(out, &effects.proposed)?;
    } else if permanent.is_empty() {
        writeln!(out, "Nothing leaves this machine.")?;
    } else {
        writeln!(out, "This becomes permanent:")?;
        items(out, &permanent)?;
    }
    if !effects.uploads.is_empty() {
        writeln!(out, "A published version can be yanked but not replaced.")?;
    }
    write!(out, "{} [y/N] ", style::paint(style::TITLE, question(&plan.packages)))
}

/// What was found since, a line for each kind; and what the plan said before verification and matters to the answer: how
/// long the release will take, and what nobody knows. By now that has scrolled away.
fn found(plan: &ReleasePlan, learnt: &[Finding]) -> Vec<String> {
    let mut all = learnt.to_vec();
    let matter = plan.findings.iter().filter(|finding| REPEATED.contains(&finding.code));
    all.extend(matter.filter(|finding| !learnt.contains(finding)).cloned());
    let line = |group: Vec<&Finding>| {
        let first = group.first()?;
        let likewise = likewise(&group);
        let others = match likewise.is_empty() {
            true => String::new(),
            false => format!("; likewise: {}", phrase::first(&likewise, 4)),
        };
        Some(format!("{}: {}{others}", first.code, first.message))
    };
    grouped(&all).into_iter().filter_map(line).collect()
}

fn question(packages: &[PlannedPackage]) -> String {
    let breaking: Vec<&str> =
        packages.iter().filter(|package| level(package) == "breaking").map(|package| package.name.as_str()).collect();
    let what = match packages {
        [only] => format!("{} {}", only.name, only.to),
        several => count(several.len(), "package"),
    };
    match breaking.as_slice() {
        [] => format!("Release {what}?"),
        [_] if packages.len() == 1 => format!("Release {what} (breaking)?"),
        several => format!("Release {what} ({} breaking: {})?", several.len(), phrase::first(several, 4)),
    }
}

fn permanent(effects: &Effects<'_>) -> Vec<String> {
    let reserved = effects.reserved.iter().map(|(branch, remote)| branch_on(branch, remote));
    let uploads =
        effects.uploads.iter().map(|(registry, versions)| format!("on {}: {}", registry.shown(), versions.join(", ")));
    let owners = effects.owners.iter().map(|(owners, package, registry)| {
        let package = package.map_or("", |package| package.as_str());
        format!("owners of {package} on {}: {}", registry.shown(), owners.join(", "))
    });
    let pushed = effects.pushed.iter().flat_map(pushed);
    reserved.chain(uploads).chain(owners).chain(pushed).collect()
}

fn branch_on(branch: &BranchName, remote: &RemoteName) -> String {
    format!("the branch `{branch}` on `{remote}`")
}

fn pushed(pushed: &PushLine<'_>) -> Vec<String> {
    let PushLine { remote, branch, tags } = pushed;
    let names: Vec<&str> = tags.iter().map(TagName::as_str).collect();
    let tags = (!names.is_empty()).then(|| format!("tags on `{remote}`: {}", names.join(", ")));
    branch.map(|branch| branch_on(branch, remote)).into_iter().chain(tags).collect()
}

/// Each text as an item, wrapped and hanging.
fn items(out: &mut dyn Screen, texts: &[String]) -> io::Result<()> {
    let columns = out.text_columns() - 2;
    let mut lines = texts.iter().flat_map(|text| text::wrap_markdown(&format!("- {text}"), columns));
    lines.try_for_each(|line| writeln!(out, "  {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::report::sample::shown;

    // Everything that becomes permanent is named, not counted.
    #[test]
    fn names_all_that_becomes_permanent() {
        let lines = ["base 0.2.0: 12.3 KiB".to_owned(), "the hook of core changed `core/src/gen.rs`".to_owned()];
        let no_readme = |name: &str| {
            let message = format!("`{name}` has no readme");
            Finding::warning(Code::ReadmeMissing, message).package(&name.into()).help("write one")
        };
        let findings = [no_readme("base"), no_readme("cli")];
        let learnt = Learnt { lines: &lines, findings: &findings };
        snapbox::assert_data_eq!(
            shown(|out| ask(out, &sample::workspace(), &learnt)),
            snapbox::str![[r#"
  - base 0.2.0: 12.3 KiB
  - the hook of core changed `core/src/gen.rs`
  - readme-missing: `base` has no readme; likewise: cli

Package  Version         Level     Registry       Reason
base     0.1.0 -> 0.2.0  breaking                 drop `Old`, which nobody used
                                                  any more (+1)
cli      1.2.0 -> 1.2.1  patch                    requires `base` 0.2.0
tool     new   -> 0.1.0  new       not published  first release

This becomes permanent:
  - the branch `main` on `origin`
  - on crates.io: base 0.2.0, cli 1.2.1
  - owners of cli on crates.io: ann
  - tags on `origin`: base-v0.2.0, cli-v1.2.1
A published version can be yanked but not replaced.
Release 3 packages (1 breaking: base)? [y/N] 
"#]]
        );
    }

    // A release that stays here says so, and still asks.
    #[test]
    fn a_local_release_says_so() {
        let mut plan = sample::workspace();
        plan.steps.clear();
        snapbox::assert_data_eq!(
            shown(|out| ask(out, &plan, &Learnt { lines: &[], findings: &[] })),
            snapbox::str![[r#"

Package  Version         Level     Registry       Reason
base     0.1.0 -> 0.2.0  breaking                 drop `Old`, which nobody used
                                                  any more (+1)
cli      1.2.0 -> 1.2.1  patch                    requires `base` 0.2.0
tool     new   -> 0.1.0  new       not published  first release

Nothing leaves this machine.
Release 3 packages (1 breaking: base)? [y/N] 
"#]]
        );
    }
}
