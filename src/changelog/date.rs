//! Dates as people write them in headings: found, and written anew in the same form.

use std::ops::Range;

use jiff::civil::Date;

/// A date that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoundDate {
    /// The bytes that it takes.
    pub(super) range: Range<usize>,
    /// What it says.
    pub(super) date: Date,
    parts: [(Range<usize>, DatePart); 3],
}

/// What one word of a date says, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatePart {
    Year,
    /// As digits, at least so many.
    Month(usize),
    MonthName(Letters),
    /// As digits, at least so many.
    Day(usize),
    /// `3rd`.
    Ordinal,
}

/// How much of a month's name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letters {
    Three,
    All,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The first date in a text, from this byte on: `2026-11-22`, `2026/11/22`, `22.11.2026`, `November 22nd, 2026`, `22. Nov, 2026` and the like.
pub(super) fn find(text: &str, from: usize) -> Option<FoundDate> {
    words(text, from).windows(3).find_map(|window| {
        let [a, b, c] = window else { return None };
        let between = [text.get(a.end..b.start)?, text.get(b.end..c.start)?];
        let word = |range: &Range<usize>| text.get(range.clone()).unwrap_or("");
        let read = read([word(a), word(b), word(c)], between)?;
        let parts = [(a.clone(), read.parts[0]), (b.clone(), read.parts[1]), (c.clone(), read.parts[2])];
        Some(FoundDate { range: a.start..c.end, date: read.date, parts })
    })
}

/// This date in the form of the one that was found in the text.
pub(super) fn rewrite(text: &str, found: &FoundDate, date: Date) -> String {
    let mut out = String::new();
    let mut at = found.range.start;
    for (range, part) in &found.parts {
        out.push_str(text.get(at..range.start).unwrap_or(""));
        out.push_str(&part.write(date));
        at = range.end;
    }
    out
}

/// Three words that make a date.
struct Read {
    date: Date,
    parts: [DatePart; 3],
}

/// Reads three words and what stands between them.
fn read(words: [&str; 3], between: [&str; 2]) -> Option<Read> {
    let [a, b, c] = words;
    let digits = |word: &str| word.bytes().all(|b| b.is_ascii_digit()) && word.len() <= 2;
    let prose = || between.iter().all(|gap| !gap.is_empty() && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '-')));
    let parts = if let (true, true, Some(_)) = (digits(b), digits(c), year(a)) {
        let same = between[0] == between[1] && matches!(between[0], "-" | "/" | ".");
        same.then_some([DatePart::Year, DatePart::Month(b.len()), DatePart::Day(c.len())])?
    } else if let (true, true, Some(_)) = (digits(a), digits(b), year(c)) {
        (between == [".", "."]).then_some([DatePart::Day(a.len()), DatePart::Month(b.len()), DatePart::Year])?
    } else if let (Some((_, letters)), Some(_)) = (month(a), year(c)) {
        prose().then_some([DatePart::MonthName(letters), day_part(b)?, DatePart::Year])?
    } else {
        let (_, letters) = month(b)?;
        prose().then_some([day_part(a)?, DatePart::MonthName(letters), DatePart::Year])?
    };
    let mut date = (0, 0, 0);
    for (word, part) in words.into_iter().zip(parts) {
        match part {
            DatePart::Year => date.0 = year(word)?,
            DatePart::Month(_) => date.1 = word.parse().ok()?,
            DatePart::MonthName(_) => date.1 = month(word)?.0,
            DatePart::Day(_) | DatePart::Ordinal => date.2 = day(word)?,
        }
    }
    Some(Read { date: Date::new(date.0, date.1, date.2).ok()?, parts })
}

/// The words of a text from a byte on: runs of letters and digits.
fn words(text: &str, from: usize) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let letters = text.char_indices().filter(|(at, c)| *at >= from && c.is_ascii_alphanumeric());
    for (at, c) in letters {
        match words.last_mut() {
            Some(word) if word.end == at => word.end = at + c.len_utf8(),
            Some(_) | None => words.push(at..at + c.len_utf8()),
        }
    }
    words
}

fn year(word: &str) -> Option<i16> {
    let year = word.parse().ok().filter(|_| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))?;
    (1970..=9999).contains(&year).then_some(year)
}

fn month(word: &str) -> Option<(i8, Letters)> {
    let number = |index: usize| i8::try_from(index + 1).ok();
    let is = |name: &str| name.eq_ignore_ascii_case(word);
    if let Some(index) = MONTHS.iter().position(|name| is(name)) {
        return Some((number(index)?, Letters::All));
    }
    let short = |name: &&str| name.get(..3).is_some_and(is) || (name.starts_with("Sept") && is("Sept"));
    Some((number(MONTHS.iter().position(short)?)?, Letters::Three))
}

fn day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = word.get(digits.len()..)?.to_ascii_lowercase();
    let known = matches!(suffix.as_str(), "" | "st" | "nd" | "rd" | "th");
    digits.parse().ok().filter(|day| known && (1..=31).contains(day))
}

fn day_part(word: &str) -> Option<DatePart> {
    day(word)?;
    // In prose two digits may be all that the day has; only a zero in front says that it is filled up.
    let width = if word.starts_with('0') { 2 } else { 1 };
    Some(if word.bytes().all(|b| b.is_ascii_digit()) { DatePart::Day(width) } else { DatePart::Ordinal })
}

impl DatePart {
    fn write(self, date: Date) -> String {
        match self {
            Self::Year => date.year().to_string(),
            Self::Month(width) => format!("{:0width$}", date.month()),
            Self::MonthName(letters) => {
                let name = usize::try_from(date.month() - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"");
                let shown = match letters {
                    Letters::Three => name.get(..3),
                    Letters::All => Some(*name),
                };
                shown.unwrap_or("").to_owned()
            }
            Self::Day(width) => format!("{:0width$}", date.day()),
            Self::Ordinal => format!("{}{}", date.day(), ordinal(date.day())),
        }
    }
}

fn ordinal(day: i8) -> &'static str {
    match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every form is found, and the new date is written in it.
    #[test]
    fn keeps_the_form() {
        let new = jiff::civil::date(2026, 6, 3);
        for (old, expected) in [
            ("2024-11-22", "2026-06-03"),
            ("2024/11/22", "2026/06/03"),
            ("22.11.2024", "03.06.2026"),
            ("November 22nd, 2024", "June 3rd, 2026"),
            ("May 30th, 2024", "June 3rd, 2026"),
            ("24. March, 2024", "3. June, 2026"),
            ("Sep 9 2024", "Jun 3 2026"),
            ("9 January 2024", "3 June 2026"),
        ] {
            let text = format!("({old})");
            let found = find(&text, 0).unwrap();
            assert_eq!(&text[found.range.clone()], old);
            assert_eq!(rewrite(&text, &found, new), expected);
        }
    }

    /// Other numbers are no dates.
    #[test]
    fn other_numbers_are_no_dates() {
        for text in ["1.2.3", "2024-13-01", "10 of 2024 things", "in March 2024", "2024-11/22"] {
            assert_eq!(find(text, 0), None, "{text}");
        }
    }
}
