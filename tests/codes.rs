//! Every code that the program can find is in the table, and nothing else is.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "it reads the sources, which are there")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cargo_release::check::CODES;
use regex::Regex;

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

// A finding whose code is not in the table could neither be explained nor be allowed.
#[test]
fn every_code_is_in_the_table() {
    let known: BTreeSet<&str> = CODES.iter().map(|code| code.code).collect();
    let made = Regex::new(r#"Finding::(?:error|warning)\(\s*"([^"]+)""#).unwrap();
    let texts = sources();
    let codes = texts.iter().flat_map(|text| made.captures_iter(text)).map(|found| found.get(1).unwrap().as_str());
    let unknown: BTreeSet<&str> = codes.filter(|code| !known.contains(code)).collect();
    assert!(unknown.is_empty(), "not in `src/check/codes/`: {unknown:?}");
}

// A code in the table that nothing finds would promise a rule that is not there.
#[test]
fn every_row_is_found_by_something() {
    let texts = sources().concat();
    let missing: Vec<&str> =
        CODES.iter().map(|code| code.code).filter(|code| !texts.contains(&format!("\"{code}\""))).collect();
    assert!(missing.is_empty(), "nothing finds {missing:?}");
}
