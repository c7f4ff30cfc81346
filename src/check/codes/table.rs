//! The table of codes, in the order of the page.

use super::Code;
use super::Group;
use super::Usually;
use super::before::BEFORE;
use super::packed::PACKED;

/// A row of the table.
pub(super) const fn row(code: &'static str, group: Group, usually: Usually, texts: [&'static str; 2]) -> Code {
    let [what, source] = texts;
    Code { code, group, usually, what, source }
}

const ALL: usize = BEFORE.len() + PACKED.len();

/// Every code, by what it is about.
pub const CODES: &[Code] = &joined();

const fn joined() -> [Code; ALL] {
    let mut all = [BEFORE[0]; ALL];
    let mut at = 0;
    while at < ALL {
        all[at] = if at < BEFORE.len() { BEFORE[at] } else { PACKED[at - BEFORE.len()] };
        at += 1;
    }
    all
}
