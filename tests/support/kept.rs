//! Texts that are kept in files, and the schemas that they follow.

use std::path::Path;
use std::path::PathBuf;

use serde_json::Value;

/// A path of this repository.
pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Ends unless the file holds this text. `SNAPSHOTS=overwrite` writes it instead.
#[track_caller]
pub fn is_kept(path: &str, text: &str) {
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        super::put(&here(path), text);
        return;
    }
    let kept = std::fs::read_to_string(here(path)).unwrap_or_default();
    let first = kept.lines().zip(text.lines()).position(|(kept, now)| kept != now).unwrap_or(kept.lines().count());
    let near = |text: &str| text.lines().skip(first.saturating_sub(3)).take(9).collect::<Vec<_>>().join("\n");
    assert!(
        kept == text,
        "{path} differs from line {} on\n-- kept\n{}\n-- now\n{}\n(`SNAPSHOTS=overwrite` writes it)",
        first + 1,
        near(&kept),
        near(text)
    );
}

/// Ends unless a value is as the committed schema of its kind says.
#[track_caller]
pub fn is_as_the_schema_says(kind: &str, value: &Value) {
    let text = std::fs::read_to_string(here(&format!("docs/schema/{kind}.json"))).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    let wrong: Vec<String> =
        schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
