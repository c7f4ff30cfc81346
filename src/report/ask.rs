//! The one question that a release asks.

use super::effects::Effects;
use super::effects::Pushed;
use super::style::COLUMNS;
use super::text;
use crate::names::TagName;
use crate::plan::ReleasePlan;

/// The text of the prompt: what verification learnt (what hooks changed, sizes; a line each), what becomes permanent,
/// and the question. It ends where the answer is typed.
pub fn ask(plan: &ReleasePlan, learnt: &[String]) -> String {
    let effects = Effects::of(&plan.steps);
    let reserved = effects.reserved.iter().map(|(branch, remote)| branch_on(branch, remote));
    let uploads = effects.uploads.iter().map(|(registry, versions)| format!("on {registry}: {}", versions.join(", ")));
    let owners = effects.owners.iter().map(|(owners, package, registry)| {
        let package = package.map_or("", |package| package.as_str());
        format!("owners of {package} on {registry}: {}", owners.join(", "))
    });
    let pushed = effects.pushed.iter().flat_map(pushed);
    let permanent: Vec<String> = reserved.chain(uploads).chain(owners).chain(pushed).collect();
    let note = if effects.uploads.is_empty() { "" } else { "A published version can be yanked, never replaced.\n" };
    let (heading, question) = if permanent.is_empty() {
        ("Nothing leaves this machine.\n", "Go on?")
    } else {
        ("This becomes permanent:\n", "Release?")
    };
    format!("{}{heading}{}{note}{question} [y/N] ", items(learnt), items(&permanent))
}

fn branch_on(branch: &str, remote: &str) -> String {
    format!("the branch `{branch}` on `{remote}`")
}

fn pushed(pushed: &Pushed<'_>) -> Vec<String> {
    let Pushed { remote, branch, tags } = pushed;
    let names: Vec<&str> = tags.iter().map(TagName::as_str).collect();
    let tags = (!names.is_empty()).then(|| format!("tags on `{remote}`: {}", names.join(", ")));
    branch.map(|branch| branch_on(branch, remote)).into_iter().chain(tags).collect()
}

/// Each text as an item, wrapped and hanging.
fn items(texts: &[String]) -> String {
    let items = texts.iter().flat_map(|text| text::wrap_markdown(&format!("- {text}"), COLUMNS - 2));
    items.map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    // Everything that becomes permanent is named, not counted.
    #[test]
    fn names_all_that_becomes_permanent() {
        let learnt = ["base 0.2.0: 12.3 KiB".to_owned(), "the hook of core changed `core/src/gen.rs`".to_owned()];
        snapbox::assert_data_eq!(
            ask(&sample::workspace(), &learnt),
            snapbox::str![[r#"
  - base 0.2.0: 12.3 KiB
  - the hook of core changed `core/src/gen.rs`
This becomes permanent:
  - the branch `main` on `origin`
  - on crates-io: base 0.2.0, cli 1.2.1
  - owners of cli on crates-io: ann
  - tags on `origin`: base-v0.2.0, cli-v1.2.1
A published version can be yanked, never replaced.
Release? [y/N] 
"#]]
        );
    }

    // A release that stays here says so, and still asks.
    #[test]
    fn a_local_release_says_so() {
        let mut plan = sample::workspace();
        plan.steps.clear();
        snapbox::assert_data_eq!(
            ask(&plan, &[]),
            snapbox::str![[r#"
Nothing leaves this machine.
Go on? [y/N] 
"#]]
        );
    }
}
