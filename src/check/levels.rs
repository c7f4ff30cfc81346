//! `--deny`, `--warn`, `--allow` and the keys of `[check]`: what a finding's severity comes to.

use super::codes::Code;
use super::finding::Finding;
use super::finding::Severity;
use crate::error::Failure;
use crate::error::Result;
use crate::phrase;

/// What stands for all findings that warn.
const WARNINGS: &str = "warnings";

/// Codes whose severity is not the usual one. Of two that name the same code the one that was added last holds; a code
/// holds against `warnings`, which stands for all that warn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    given: Vec<(LevelTarget, Option<Severity>)>,
}

/// What a level is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LevelTarget {
    Code(Code),
    Warnings,
}

impl LevelTarget {
    fn read(written: &str) -> Result<Self> {
        if written == WARNINGS { Ok(Self::Warnings) } else { written.parse().map(Self::Code) }
    }
}

impl Levels {
    /// Adds codes: those that block, those that warn, those that are not told. Of these the first named here holds.
    ///
    /// # Errors
    /// `Unplannable` for a code that does not exist.
    pub fn add(mut self, deny: &[String], warn: &[String], allow: &[String]) -> Result<Self> {
        for (codes, severity) in [(allow, None), (warn, Some(Severity::Warning)), (deny, Some(Severity::Error))] {
            for code in codes {
                self.given.push((LevelTarget::read(code)?, severity));
            }
        }
        Ok(self)
    }

    /// Applies them.
    pub fn apply(&self, found: Vec<Finding>) -> Vec<Finding> {
        found.into_iter().filter_map(|finding| self.applied(finding)).collect()
    }

    fn applied(&self, finding: Finding) -> Option<Finding> {
        let given = |of: LevelTarget| self.given.iter().rev().find(|(named, _)| *named == of);
        let all = || given(LevelTarget::Warnings).filter(|_| !finding.is_error());
        match given(LevelTarget::Code(finding.code)).or_else(all) {
            None => Some(finding),
            Some((_, severity)) => severity.map(|severity| Finding { severity, ..finding }),
        }
    }
}

/// There is no such code.
pub(super) fn no_such(code: &str) -> Failure {
    let failure = Failure::unplannable(format!("there is no finding `{code}`"));
    match phrase::similar(code, Code::ALL.iter().map(|known| known.as_str())) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("each finding prints its code, as in `error[dirty-tree]`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Vec<Finding> {
        vec![
            Finding::error(Code::Secret, "s"),
            Finding::warning(Code::FileMedia, "m"),
            Finding::warning(Code::FileLarge, "l"),
        ]
    }

    fn list(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|code| (*code).to_owned()).collect()
    }

    // A code holds against the group, what was added last against what was before, and nobody else is touched.
    #[test]
    fn levels_are_laid_over_each_other() {
        let file = Levels::default().add(&[], &[], &list(&["file-large", "secret"])).unwrap();
        let line = file.add(&list(&["warnings"]), &list(&["file-large"]), &[]).unwrap();
        let left: Vec<_> = line.apply(found()).into_iter().map(|finding| (finding.code, finding.severity)).collect();
        let expected = [(Code::FileMedia, Severity::Error), (Code::FileLarge, Severity::Warning)];
        assert_eq!(left, expected);
    }

    // A code that does not exist is refused, and the nearest is named.
    #[test]
    fn unknown_codes_are_refused() {
        let failure = Levels::default().add(&[], &[], &list(&["file-medium"])).unwrap_err();
        assert_eq!(failure.helps(), ["did you mean `file-media`?"]);
    }
}
