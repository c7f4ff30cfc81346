//! What is live where, when a release is over.

use std::io;
use std::io::Write;

use super::measure;
use super::style;
use super::style::field;
use super::table::Column;
use super::table::table;
use super::text;
use super::text::count;
use crate::apply::Receipt;
use crate::apply::ReceiptEntry;

/// How many digits of a checksum are shown.
const DIGITS: usize = 7;

const TABLE: [Column; 6] = [
    Column { title: "Package", least: 13 },
    Column { title: "Version", least: 12 },
    Column { title: "Live on", least: 13 },
    Column { title: "Tag", least: 13 },
    Column { title: "Commit", least: 7 },
    Column { title: "SHA-256", least: 8 },
];

/// Writes the receipt: a table that fits 80 columns, and what else is to be known.
///
/// # Errors
/// The stream does not take it.
pub fn receipt(out: &mut dyn Write, receipt: &Receipt) -> io::Result<()> {
    let Receipt { packages, pushed, milliseconds } = receipt;
    let mut names: Vec<_> = packages.iter().map(|entry| &entry.package).collect();
    names.sort();
    names.dedup();
    let released = format!("{} in {}", count(names.len(), "package"), measure::duration(*milliseconds));
    style::status(out, "Released", &released)?;
    writeln!(out)?;
    table(out, &TABLE, &packages.iter().map(row).collect::<Vec<_>>())?;
    writeln!(out)?;
    field(out, "Pushed", &[pushed.clone().unwrap_or_else(|| "nothing".to_owned())])?;
    field(out, "Remarks", &packages.iter().filter_map(remark).collect::<Vec<_>>())
}

fn row(entry: &ReceiptEntry) -> [String; 6] {
    let ReceiptEntry { package, version, registry, commit, tag, checksum, confirmed_at, remark: _ } = entry;
    let live = registry.as_ref().map_or("not published".to_owned(), |registry| {
        let doubt = if confirmed_at.is_some() { "" } else { " (not seen)" };
        format!("{registry}{doubt}")
    });
    let digits = checksum.as_ref().map(|digest| digest.as_str().get(..DIGITS).unwrap_or(digest.as_str()));
    [
        package.to_string(),
        version.to_string(),
        live,
        tag.as_ref().map_or("-".to_owned(), ToString::to_string),
        commit.short().to_owned(),
        digits.map_or("-".to_owned(), |digits| format!("{digits}…")),
    ]
}

fn remark(entry: &ReceiptEntry) -> Option<String> {
    let remark = entry.remark.as_ref()?;
    Some(text::clean(&format!("{} {}: {remark}", entry.package, entry.version)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Digest;
    use crate::names::RegistryName;
    use crate::report::sample;
    use crate::report::sample::shown;

    fn entry(package: &str) -> ReceiptEntry {
        ReceiptEntry {
            package: package.into(),
            version: sample::version("0.2.0"),
            registry: Some(RegistryName::crates_io()),
            commit: sample::commit(),
            tag: Some(format!("{package}-v0.2.0").into()),
            checksum: Some(Digest::of(package.as_bytes())),
            confirmed_at: Some(jiff::Timestamp::UNIX_EPOCH),
            remark: None,
        }
    }

    // What is live, what is not published, what was not seen, and what was only told by other means.
    #[test]
    fn says_what_is_live_where() {
        let remark = Some("the lock file differs; ours by commit and files".to_owned());
        let value = Receipt {
            packages: vec![
                entry("base"),
                ReceiptEntry { registry: Some("kellnr".into()), confirmed_at: None, ..entry("base") },
                ReceiptEntry { remark, ..entry("cli") },
                ReceiptEntry { registry: None, checksum: None, tag: None, ..entry("tool") },
            ],
            pushed: Some("main to origin".into()),
            milliseconds: 62_400,
        };
        snapbox::assert_data_eq!(
            shown(|out| receipt(out, &value)),
            snapbox::str![[r#"
    Released 3 packages in 1m 02s

Package  Version  Live on            Tag          Commit   SHA-256
base     0.2.0    crates-io          base-v0.2.0  1a2b3c4  cae6621…
base     0.2.0    kellnr (not seen)  base-v0.2.0  1a2b3c4  cae6621…
cli      0.2.0    crates-io          cli-v0.2.0   1a2b3c4  99bb884…
tool     0.2.0    not published      -            1a2b3c4  -

Pushed         main to origin
Remarks        cli 0.2.0: the lock file differs; ours by commit and files

"#]]
        );
    }
}
