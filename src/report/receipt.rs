//! The receipt of a finished release: what was published where, and next steps.

use std::io;

use semver::Version;

use crate::apply::Receipt;
use crate::apply::ReceiptEntry;
use crate::journal::Pulled;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::report::screen::measure;
use crate::report::screen::page::Screen;
use crate::report::screen::page::link;
use crate::report::screen::style;
use crate::report::screen::style::field;
use crate::report::screen::table::Cell;
use crate::report::screen::table::table;
use crate::report::screen::text;
use crate::report::screen::text::count;

/// How many digits of a checksum are shown.
const DIGITS: usize = 7;
/// If there are more links than this, the rest is counted.
const LISTED: usize = 6;

/// Writes the receipt: the published versions, links, how to announce and how to yank. `remote` is the URL of the remote that
/// was pushed to. `rehearsed` is set if the release ran in a sandbox, where links and next steps make no sense.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn receipt(
    out: &mut dyn Screen,
    receipt: &Receipt,
    remote: Option<&str>,
    rehearsed: bool,
) -> io::Result<()> {
    let Receipt { packages, pushed, elapsed, pr, announced, tags: _ } = receipt;
    if let Some(pulled) = pr {
        return proposal(out, pulled);
    }
    let mut names: Vec<_> = packages.iter().map(|entry| &entry.package).collect();
    names.sort();
    names.dedup();
    let released = format!("{} in {}", count(names.len(), "package"), measure::duration(*elapsed));
    // A release that only commits is not released until its branch is merged.
    let is_out = pushed.is_some() || packages.iter().any(|entry| entry.registry.is_some() || entry.tag.is_some());
    let word = match (rehearsed, is_out) {
        (true, _) => "Rehearsed",
        (false, true) => "Released",
        (false, false) => "Prepared",
    };
    style::status(out, word, &released)?;
    writeln!(out)?;
    table(out, &["Package", "Version", "Registry", "Tag", "SHA-256"], &packages.iter().map(row).collect::<Vec<_>>())?;
    writeln!(out)?;
    let commit = packages.first().map(|entry| entry.commit.short().to_owned());
    field(out, "Commit", &commit.into_iter().collect::<Vec<_>>())?;
    field(out, "Pushed", &[pushed.clone().unwrap_or_else(|| "nothing".to_owned())])?;
    field(out, "Announced", announced)?;
    field(out, "Remarks", &packages.iter().filter_map(remark).collect::<Vec<_>>())?;
    if rehearsed { Ok(()) } else { next(out, packages, remote) }
}

/// The result of a proposal; the last line is its URL, for scripts.
fn proposal(out: &mut dyn Screen, pulled: &Pulled) -> io::Result<()> {
    let Pulled { number, url, action, branch, remarks } = pulled;
    let mut word = action.clone();
    word.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    let what = number.map_or_else(|| format!("`{branch}`"), |number| format!("pull request #{number} from `{branch}`"));
    style::status(out, &word, &what)?;
    for remark in remarks {
        writeln!(out, "{}: {}", style::paint(style::WARNING, "warning"), text::clean(remark))?;
    }
    url.iter().try_for_each(|url| writeln!(out, "{url}"))
}

fn row(entry: &ReceiptEntry) -> Vec<Cell> {
    let ReceiptEntry { package, version, registry, commit: _, tag, checksum, confirmed_at, remark: _, entry: _ } =
        entry;
    let live = registry.as_ref().map_or("not published".to_owned(), |registry| {
        let doubt = if confirmed_at.is_some() { "" } else { " (not seen)" };
        format!("{}{doubt}", registry.shown())
    });
    let digits = checksum.as_ref().map(|digest| digest.as_str().get(..DIGITS).unwrap_or(digest.as_str()));
    vec![
        Cell::from(package.as_str()),
        Cell::from(version.to_string()),
        Cell::from(live),
        Cell::from(tag.as_ref().map_or("-".to_owned(), ToString::to_string)),
        Cell::from(digits.map_or("-".to_owned(), |digits| format!("{digits}…"))),
    ]
}

fn remark(entry: &ReceiptEntry) -> Option<String> {
    let remark = entry.remark.as_ref()?;
    Some(text::clean(&format!("{} {}: {remark}", entry.package, entry.version)))
}

/// Links, how to announce, and how to yank.
fn next(out: &mut dyn Screen, packages: &[ReceiptEntry], remote: Option<&str>) -> io::Result<()> {
    let pages: Vec<String> = packages.iter().filter_map(page).collect();
    links(out, "See", &pages)?;
    let mut tags: Vec<String> = packages.iter().filter_map(|entry| tag_page(entry, remote?)).collect();
    tags.dedup();
    links(out, "", &tags)?;
    let published = packages.iter().find_map(|entry| Some((entry, entry.registry.as_ref()?)));
    let Some((ReceiptEntry { package, version, .. }, registry)) = published else { return Ok(()) };
    let several = packages.iter().any(|entry| entry.package != *package);
    let of = if several { format!(" -p {package}") } else { String::new() };
    field(out, "Announce", &[format!("`cargo release changelog show{of}` prints the entry")])?;
    field(out, "Take back", &[format!("`{}`: new lock files avoid it", yank(package, version, registry))])
}

/// The command that yanks a version.
pub(super) fn yank(package: &PackageName, version: &Version, registry: &RegistryName) -> String {
    let elsewhere = if registry.is_crates_io() { String::new() } else { format!(" --registry {registry}") };
    format!("cargo release yank {package}@{version}{elsewhere} -x")
}

/// URLs, one per line and not wrapped, so that they can be copied.
fn links(out: &mut dyn Screen, label: &str, addresses: &[String]) -> io::Result<()> {
    let (shown, rest) = addresses.split_at(addresses.len().min(LISTED));
    for (at, address) in shown.iter().enumerate() {
        let label = if at == 0 { label } else { "" };
        let address = link(out, address, address);
        writeln!(out, "{} {address}", style::paint(style::TITLE, text::pad(label, style::GUTTER - 1)))?;
    }
    if rest.is_empty() { Ok(()) } else { field(out, " ", &[format!("and {} more", rest.len())]) }
}

/// The page of a version on crates.io; other registries have no known pages.
fn page(entry: &ReceiptEntry) -> Option<String> {
    let registry = entry.registry.as_ref()?;
    registry.is_crates_io().then(|| format!("https://crates.io/crates/{}/{}", entry.package, entry.version))
}

/// The page of a tag on the forge of this remote.
fn tag_page(entry: &ReceiptEntry, remote: &str) -> Option<String> {
    let tag = entry.tag.as_ref()?;
    let web = web_address(remote)?;
    let path = if web.contains("gitlab") { "-/tags" } else { "releases/tag" };
    Some(format!("{web}/{path}/{tag}"))
}

/// The web URL of a remote: `git@host:owner/name.git` and similar become `https://host/owner/name`.
fn web_address(remote: &str) -> Option<String> {
    let remote = remote.trim().trim_end_matches('/').trim_end_matches(".git");
    let place = match remote.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.to_owned(),
        Some(_) => return None,
        None => {
            let (host, path) = remote.split_once(':')?;
            if host.contains('/') || host.len() < 2 {
                return None;
            }
            format!("{host}/{path}")
        }
    };
    let place = place.rsplit_once('@').map_or(place.as_str(), |(_user, place)| place);
    let (host, path) = place.split_once('/')?;
    let host = host.split_once(':').map_or(host, |(host, _port)| host);
    (host.contains('.') && path.contains('/')).then(|| format!("https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::names::Digest;
    use crate::names::RegistryName;
    use crate::report::sample;
    use crate::report::sample::shown;
    use crate::report::screen::page::Page;

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
            entry: None,
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
            elapsed: Duration::from_millis(62_400),
            ..Receipt::default()
        };
        snapbox::assert_data_eq!(
            shown(|out| receipt(out, &value, Some("git@github.com:tea/house.git"), false)),
            snapbox::str![[r#"
    Released 3 packages in 1m 02s

Package  Version  Registry           Tag          SHA-256
base     0.2.0    crates.io          base-v0.2.0  cae6621…
base     0.2.0    kellnr (not seen)  base-v0.2.0  cae6621…
cli      0.2.0    crates.io          cli-v0.2.0   99bb884…
tool     0.2.0    not published      -            -

Commit         1a2b3c4
Pushed         main to origin
Remarks        cli 0.2.0: the lock file differs; ours by commit and files
See            https://crates.io/crates/base/0.2.0
               https://crates.io/crates/cli/0.2.0
               https://github.com/tea/house/releases/tag/base-v0.2.0
               https://github.com/tea/house/releases/tag/cli-v0.2.0
Announce       `cargo release changelog show -p base` prints the entry
Take back      `cargo release yank base@0.2.0 -x`: new lock files avoid it

"#]]
        );
    }

    // Each row: a remote, and where people look at it.
    #[test]
    fn remotes_have_pages() {
        let table = [
            ("git@github.com:tea/house.git", Some("https://github.com/tea/house")),
            ("https://user:secret@codeberg.org/tea/house/", Some("https://codeberg.org/tea/house")),
            ("ssh://git@gitlab.example.org:2222/a/b/c.git", Some("https://gitlab.example.org/a/b/c")),
            ("/srv/git/house.git", None),
            ("file:///srv/git/house.git", None),
            ("C:/git/house", None),
        ];
        for (remote, page) in table {
            assert_eq!(web_address(remote).as_deref(), page, "{remote}");
        }
    }

    // Where the terminal follows links, an address is one.
    #[test]
    fn addresses_are_links() {
        let value = Receipt { packages: vec![entry("base")], ..Receipt::default() };
        let mut out = Page::new(Vec::new(), 80).with_links(true);
        receipt(&mut out, &value, None, false).unwrap();
        let text = String::from_utf8(out.into_inner()).unwrap();
        let address = "https://crates.io/crates/base/0.2.0";
        assert!(text.contains(&format!("\u{1b}]8;;{address}\u{1b}\\{address}\u{1b}]8;;\u{1b}\\")), "{text:?}");
    }

    // A rehearsal does not say that anything is live, nor how to take it back.
    #[test]
    fn a_rehearsal_says_so() {
        let value = Receipt { packages: vec![entry("base")], ..Receipt::default() };
        let text = shown(|out| receipt(out, &value, Some("git@github.com:tea/house.git"), true));
        assert!(text.starts_with("   Rehearsed 1 package") && !text.contains("yank"), "{text}");
    }
}
