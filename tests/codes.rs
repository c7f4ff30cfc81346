//! Every code in the table is found by something; that every code has a row is the compiler's to know.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "it reads the sources, which are there")]

use std::fs;
use std::path::Path;

use cargo_release::testing::check::Code;

/// All sources but tests, samples and the table.
fn sources() -> Vec<String> {
    let mut left = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(path) = left.pop() {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if !["tests", "sample.rs", "table.rs"].iter().any(|word| name.contains(word)) {
            let text = fs::read_to_string(&path).unwrap();
            found.push(text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned());
        }
    }
    found
}

// A code in the table that nothing finds would promise a rule that is not there.
#[test]
fn every_row_is_found_by_something() {
    let texts = sources().concat();
    let named = |code: &&Code| {
        let name = format!("Code::{code:?}");
        let ends = |at: usize| !texts[at + name.len()..].starts_with(|next: char| next.is_ascii_alphanumeric());
        texts.match_indices(&name).any(|(at, _)| ends(at))
    };
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !named(code)).collect();
    assert!(missing.is_empty(), "nothing finds {missing:?}");
}
