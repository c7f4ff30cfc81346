//! Changes inside a text that know what they expect to find there.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use similar::DiffTag;
use similar::TextDiff;

use crate::error::Failure;
use crate::error::Result;

/// One change inside a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Splice {
    /// The byte offset in the text before.
    pub at: usize,
    /// What must be there.
    pub expects: String,
    /// What is put in its place.
    pub writes: String,
}

impl Splice {
    /// The byte offset, in the text before, at which the unchanged text goes on.
    fn end(&self) -> usize {
        self.at.saturating_add(self.expects.len())
    }
}

/// The text with these changes made. They stand in the order of the text and do not overlap.
///
/// # Errors
/// The text does not hold what a change expects (kind `World`), or the changes are out of order or overlap (kind
/// `Unplannable`: no plan of ours holds such). Nothing is applied in part.
pub(crate) fn apply(text: &str, splices: &[Splice]) -> Result<String> {
    let mut after = String::with_capacity(text.len());
    let mut done = 0;
    for splice in splices {
        let unchanged = unchanged(text, done, splice)?;
        after.push_str(unchanged);
        after.push_str(&splice.writes);
        done = splice.end();
    }
    after.push_str(text.get(done..).unwrap_or_default());
    Ok(after)
}

/// The text between the change before and this one, where this one finds what it expects.
fn unchanged<'a>(text: &'a str, done: usize, splice: &Splice) -> Result<&'a str> {
    if splice.at < done {
        return Err(Failure::unplannable(format!("the change at byte {} overlaps the one before it", splice.at)));
    }
    let found = text.get(splice.at..).is_some_and(|rest| rest.starts_with(&splice.expects));
    match text.get(done..splice.at) {
        Some(unchanged) if found => Ok(unchanged),
        Some(_) | None => {
            let expects = splice.expects.lines().next().unwrap_or_default();
            Err(Failure::world(format!("the text at byte {} is not what the change expects there", splice.at))
                .because(format!("expected `{expects}`")))
        }
    }
}

/// The changes, whole lines each, that make `after` of `before`: the fewest lines that a line by line comparison finds,
/// byte for byte, whatever the line ends are.
pub(crate) fn between(before: &str, after: &str) -> Vec<Splice> {
    // What both begin and end with is most of a large changelog, and costs nothing here.
    let start = common(before.split_inclusive('\n'), after.split_inclusive('\n'));
    let (before, after) = (&before[start..], &after[start..]);
    let end = common(before.split_inclusive('\n').rev(), after.split_inclusive('\n').rev());
    let (before, after) = (&before[..before.len() - end], &after[..after.len() - end]);
    let diff = TextDiff::from_lines(before, after);
    let old: Vec<usize> = diff.iter_old_slices().map(str::len).collect();
    let new: Vec<usize> = diff.iter_new_slices().map(str::len).collect();
    let mut splices: Vec<Splice> = Vec::new();
    let mut from = 0;
    let mut to = 0;
    for op in diff.ops() {
        let expects = &before[from..from + old[op.old_range()].iter().sum::<usize>()];
        let writes = &after[to..to + new[op.new_range()].iter().sum::<usize>()];
        if op.tag() != DiffTag::Equal {
            match splices.last_mut().filter(|last| last.end() == start + from) {
                Some(last) => {
                    last.expects.push_str(expects);
                    last.writes.push_str(writes);
                }
                None => {
                    splices.push(Splice { at: start + from, expects: expects.to_owned(), writes: writes.to_owned() })
                }
            }
        }
        from += expects.len();
        to += writes.len();
    }
    splices
}

/// How many bytes the lines have that both begin with.
fn common<'a>(one: impl Iterator<Item = &'a str>, other: impl Iterator<Item = &'a str>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(line, _)| line.len()).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::Kind;

    fn splice(at: usize, expects: &str, writes: &str) -> Splice {
        Splice { at, expects: expects.to_owned(), writes: writes.to_owned() }
    }

    // Only the lines that differ are in the changes, at their offsets in the text before.
    #[test]
    fn a_change_is_whole_lines() {
        let found = between("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n");
        assert_eq!(found, [splice(2, "b\n", "B\n"), splice(8, "", "e\n")]);
    }

    // A BOM, CRLF and a missing final newline are bytes like any other.
    #[test]
    fn line_ends_and_bom_are_kept() {
        let found = between("\u{feff}a\r\nb\r\nc", "\u{feff}a\r\nB\r\nc");
        assert_eq!(found, [splice(6, "b\r\n", "B\r\n")]);
    }

    // A new file is one change that expects nothing; an unchanged one is none.
    #[test]
    fn nothing_becomes_something() {
        assert_eq!(between("", "a\nb"), [splice(0, "", "a\nb")]);
        assert_eq!(between("a\n", "a\n"), []);
    }

    // A text that somebody else changed is left alone.
    #[test]
    fn a_stranger_text_is_refused() {
        let refused = apply("abc", &[splice(1, "x", "y")]).unwrap_err();
        assert_eq!(refused.kind(), Kind::World);
        assert_eq!(apply("abc", &[splice(9, "", "y")]).unwrap_err().kind(), Kind::World);
        assert_eq!(apply("aä", &[splice(2, "", "y")]).unwrap_err().kind(), Kind::World);
    }

    // Changes that are out of order or overlap are no plan.
    #[test]
    fn overlapping_changes_are_refused() {
        let overlap = [splice(0, "ab", "x"), splice(1, "b", "y")];
        assert_eq!(apply("abc", &overlap).unwrap_err().kind(), Kind::Unplannable);
        let disorder = [splice(2, "c", "x"), splice(0, "a", "y")];
        assert_eq!(apply("abc", &disorder).unwrap_err().kind(), Kind::Unplannable);
    }

    proptest! {
        // What lies between two texts leads from the one to the other.
        #[test]
        fn between_leads_from_before_to_after(
            before in "(\u{feff})?([abä]{0,2}(\n|\r\n|\r)){0,8}[ab]{0,2}",
            after in "(\u{feff})?([abä]{0,2}(\n|\r\n|\r)){0,8}[ab]{0,2}",
        ) {
            let splices = between(&before, &after);
            prop_assert_eq!(apply(&before, &splices).unwrap(), after);
        }
    }
}
