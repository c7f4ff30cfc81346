//! The questions of `cargo release note`, and the parsing of their answers.

use std::io;

use crate::error::Failure;
use crate::error::Result;
use crate::level::Level;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::plan::NoteChoice;
use crate::plan::note_level;
use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::text;

/// If more unchanged packages than this exist, they are counted instead of listed.
const LISTED: usize = 12;

/// The comment in the file that opens in the editor.
const INSTRUCTIONS: &str = "\
<!-- Describe what changes for users. The text goes into the changelog unchanged.
     This comment is removed. To cancel, leave the text empty. -->
";

/// Writes the packages that a note may name, with their numbers.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn note_choices(out: &mut dyn Screen, choices: &[NoteChoice]) -> io::Result<()> {
    let changed = choices.iter().filter(|choice| choice.newest.is_some()).count();
    let shown = if choices.len() - changed > LISTED { changed } else { choices.len() };
    writeln!(out, "{}", style::paint(style::TITLE, "Which packages does the change affect?"))?;
    for (at, choice) in (1..).zip(choices.iter().take(shown)) {
        let line = format!("{at:>4}  {}", text::clean(&told(choice)));
        let line = text::shorten(&line, out.columns());
        writeln!(out, "{line}")?;
    }
    if shown < choices.len() {
        writeln!(out, "      {} unchanged packages are not listed; enter their names", choices.len() - shown)?;
    }
    Ok(())
}

fn told(choice: &NoteChoice) -> String {
    let NoteChoice { name, newest, more, level: _, is_noted, is_at_hand } = choice;
    let noted = if *is_noted { " (has a note)" } else { "" };
    match (newest, more) {
        (None, _) if *is_at_hand => format!("{name}{noted}: uncommitted changes"),
        (None, _) => format!("{name}{noted}, unchanged"),
        (Some(newest), 0) => format!("{name}{noted}: {newest}"),
        (Some(newest), more) => format!("{name}{noted}: {newest}, and {more} more"),
    }
}

/// The default answer: packages with uncommitted changes, otherwise the only changed package without a note.
pub(crate) fn suggested(choices: &[NoteChoice]) -> Vec<PackageName> {
    let names = |is: &dyn Fn(&&NoteChoice) -> bool| -> Vec<PackageName> {
        choices.iter().filter(is).map(|choice| choice.name.clone()).collect()
    };
    let at_hand = names(&|choice| choice.is_at_hand);
    let lacking = names(&|choice| choice.newest.is_some() && !choice.is_noted);
    if at_hand.is_empty() && lacking.len() == 1 { lacking } else { at_hand }
}

/// Asks for packages.
pub(crate) fn ask_packages(suggested: &[PackageName]) -> String {
    let names: Vec<&str> = suggested.iter().map(PackageName::as_str).collect();
    let default = if names.is_empty() { String::new() } else { format!(" [{}]", names.join(" ")) };
    format!("Numbers or names{default}: ")
}

/// The packages of an answer with names or numbers; an empty answer takes the suggested ones.
///
/// # Errors
/// A message about the invalid answer.
pub(crate) fn read_packages(
    answer: &str,
    choices: &[NoteChoice],
    suggested: &[PackageName],
) -> Result<Vec<PackageName>, String> {
    let words: Vec<&str> = answer.split([',', ' ', '\t']).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return if suggested.is_empty() {
            Err("enter at least one package".to_owned())
        } else {
            Ok(suggested.to_vec())
        };
    }
    let mut found: Vec<PackageName> = Vec::new();
    for word in words {
        let numbered = word.parse::<usize>().ok().and_then(|number| choices.get(number.checked_sub(1)?));
        let choice = numbered.or_else(|| choices.iter().find(|choice| choice.name == word));
        let name = &choice.ok_or_else(|| format!("`{word}` is neither a listed number nor a package"))?.name;
        if !found.contains(name) {
            found.push(name.clone());
        }
    }
    Ok(found)
}

/// Asks for the level of a package.
pub(crate) fn ask_level(name: &PackageName, suggested: Level) -> String {
    format!("Level for users of `{name}` (breaking, feature, patch) [{suggested}]: ")
}

/// The level of an answer, which may be abbreviated; an empty answer takes the suggested one.
///
/// # Errors
/// A message about the invalid answer.
pub(crate) fn read_level(answer: &str, suggested: Level) -> Result<Level, String> {
    let word = answer.trim().to_ascii_lowercase();
    let levels = [Level::Breaking, Level::Feature, Level::Patch];
    match levels.into_iter().find(|level| level.to_string().starts_with(&word)) {
        Some(_) if word.is_empty() => Ok(suggested),
        Some(level) => Ok(level),
        None => note_level(&word).map_err(|_near| format!("`{word}` is not a level")),
    }
}

/// Asks for the text.
pub(crate) fn ask_text() -> String {
    "What changes for users? (one line, or Enter to open your editor): ".to_owned()
}

/// The text of the file that opens in the editor.
pub(crate) fn note_instructions() -> String {
    format!("{INSTRUCTIONS}\n")
}

/// The text without the comment.
///
/// # Errors
/// The text is empty.
pub(crate) fn read_note(edited: &str) -> Result<String> {
    let text = edited.replace("\r\n", "\n").replace(INSTRUCTIONS, "").trim().to_owned();
    if text.is_empty() { Err(Failure::blocked("canceled: the text is empty")) } else { Ok(text) }
}

/// Writes what to do with the note.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn note_written(out: &mut dyn Screen, path: &RepoPath) -> io::Result<()> {
    style::note(out, &format!("commit `{path}` together with the change; the release removes it"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::shown;

    fn choices() -> Vec<NoteChoice> {
        let choice = |name: &str, newest: Option<&str>, is_noted| NoteChoice {
            is_at_hand: false,
            name: name.into(),
            newest: newest.map(str::to_owned),
            more: 2,
            level: Level::Feature,
            is_noted,
        };
        vec![choice("core", Some("add `tap`"), false), choice("cli", Some("b"), true), choice("x", None, false)]
    }

    // What is being worked on is suggested, else the one that lacks a note; several are for the person to tell.
    #[test]
    fn suggestions() {
        let mut choices = choices();
        assert_eq!(suggested(&choices), [PackageName::from("core")]);
        choices[1].is_noted = false;
        assert!(suggested(&choices).is_empty());
        choices[2].is_at_hand = true;
        assert_eq!(suggested(&choices), [PackageName::from("x")]);
    }

    // What changed comes first, with what it was.
    #[test]
    fn packages_to_choose_from() {
        snapbox::assert_data_eq!(
            shown(|out| note_choices(out, &choices())),
            snapbox::str![[r#"
Which packages does the change affect?
   1  core: add `tap`, and 2 more
   2  cli (has a note): b, and 2 more
   3  x, unchanged

"#]]
        );
        assert_eq!(ask_packages(&suggested(&choices())), "Numbers or names [core]: ");
    }

    // Each row: an answer, and what it comes to.
    #[test]
    fn answers_are_read() {
        let packages = |answer: &str| match read_packages(answer, &choices(), &suggested(&choices())) {
            Ok(names) => names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(" "),
            Err(why) => why,
        };
        let table = [
            ("", "core"),
            ("2,3", "cli x"),
            ("cli core  1", "cli core"),
            ("0", "`0` is neither a listed number nor a package"),
            ("4", "`4` is neither a listed number nor a package"),
        ];
        for (answer, expected) in table {
            assert_eq!(packages(answer), expected, "{answer}");
        }
        assert!(read_packages(" ", &choices(), &[]).is_err());
        let level = |answer: &str| read_level(answer, Level::Patch).map_or_else(|why| why, |it| it.to_string());
        for (answer, expected) in [
            ("", "patch"),
            ("F", "feature"),
            ("breaking", "breaking"),
            ("minor", "feature"),
            ("x", "`x` is not a level"),
        ] {
            assert_eq!(level(answer), expected, "{answer}");
        }
    }

    // The instructions are no text.
    #[test]
    fn texts_are_read() {
        assert!(read_note(&note_instructions()).is_err());
        assert_eq!(read_note(&format!("{}A.\r\n\r\nB.\n", note_instructions())).unwrap(), "A.\n\nB.");
    }
}
