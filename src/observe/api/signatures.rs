//! What changed in the signatures of a public API: types of parameters, results, fields and constants, and bounds, none of
//! which `cargo semver-checks` compares. Where a rule is sure that callers break it is breaking, else it is for a person to
//! look at.

use super::rustdoc::Item;
use super::rustdoc::PlacedType;
use super::rustdoc::PublicApi;
use crate::snapshot::SignatureChange;

/// The changes of items that both have, in the order of their paths. The lints report what is gone or new.
pub(crate) fn changes(before: &PublicApi, now: &PublicApi) -> Vec<SignatureChange> {
    let both = before.items.iter().filter_map(|(path, old)| Some((path, old, now.items.get(path)?)));
    both.flat_map(|(path, old, new)| of_item(path, old, new)).collect()
}

fn of_item(path: &str, old: &Item, new: &Item) -> Vec<SignatureChange> {
    let change = |what: String, sure: bool| SignatureChange { item: path.to_owned(), what, sure };
    let mut found = Vec::new();
    // A lint reports another number of parameters.
    if old.types.len() == new.types.len() {
        for (one, other) in old.types.iter().zip(&new.types).filter(|(one, other)| one.full != other.full) {
            let what = format!("{} changed from `{}` to `{}`", one.place, one.short, other.short);
            found.push(change(what, is_sure(one, other)));
        }
    }
    if new.required > old.required {
        found.push(change("it has a type parameter more, without a default".to_owned(), true));
    }
    if new.parameters != old.parameters {
        // The bounds are those of other parameters.
        return found;
    }
    let added: Vec<&str> = new.bounds.difference(&old.bounds).map(String::as_str).collect();
    let lost = old.bounds.difference(&new.bounds).count();
    if !added.is_empty() {
        // Bounds that moved to another spelling are no new ones; where some are gone as well, that cannot be told.
        let what = format!("bounds are tighter: `{}`", added.join("`, `"));
        found.push(change(what, lost == 0));
    } else if lost > 0 && new.of_trait {
        found.push(change("bounds are looser, which implementations may not admit".to_owned(), false));
    }
    found
}

/// Whether callers surely break: both types are concrete, and no coercion of references stands in between.
fn is_sure(one: &PlacedType, other: &PlacedType) -> bool {
    one.concrete && other.concrete && !(one.reference && other.reference)
}

#[cfg(test)]
mod tests {
    use super::super::rustdoc::read;
    use super::*;

    const BEFORE: &str = include_str!("../../../tests/semver/before.json");
    const AFTER: &str = include_str!("../../../tests/semver/after.json");

    fn told(one: &str, other: &str) -> Vec<String> {
        let changes = changes(&read(one).unwrap(), &read(other).unwrap());
        let line = |it: SignatureChange| format!("{}{}: {}", if it.sure { "!" } else { "" }, it.item, it.what);
        changes.into_iter().map(line).collect()
    }

    // Pairs of items that differ in one type each, and their neighbours that do not.
    #[test]
    fn changed_types_are_seen() {
        assert_eq!(told(BEFORE, BEFORE), [""; 0]);
        let expected = [
            "!tea::Alias: type changed from `u32` to `u64`",
            "!tea::Brew::brew: return type changed from `u32` to `u64`",
            "!tea::Kind::A.0: type changed from `u32` to `u64`",
            "!tea::LIMIT: type changed from `u32` to `u64`",
            "!tea::Pot.size: type changed from `u32` to `u64`",
            "!tea::Pot::fill: parameter 2 changed from `u32` to `u64`",
            "!tea::S: type changed from `u8` to `u16`",
            "!tea::g: parameter 1 changed from `BTreeMap<String, u8>` to `BTreeMap<String, u16>`",
            "!tea::generic: bounds are tighter: `T1: core::marker::Send`",
            "!tea::opt: return type changed from `Result<u32, String>` to `Result<u32, u8>`",
            "!tea::steep: parameter 2 changed from `u32` to `u64`",
            "tea::takes: parameter 1 changed from `&String` to `&str`",
        ];
        assert_eq!(told(BEFORE, AFTER), expected);
    }

    // A crate that is re-exported is part of the API, whole or in parts, renamed or not; one that is only used is not.
    #[test]
    fn reexported_crates_are_in_the_api() {
        let reexport = |id: u64, visibility: &str, is_glob: bool| {
            let inner = serde_json::json!({ "use": { "source": "x", "name": "x", "id": id, "is_glob": is_glob } });
            serde_json::json!({ "name": null, "visibility": visibility, "inner": inner })
        };
        let elsewhere = |of: u64| serde_json::json!({ "crate_id": of, "path": ["x"], "kind": "module" });
        let document = serde_json::json!({
            "root": 0,
            "index": {
                "0": { "name": "tea", "visibility": "public", "inner": { "module": { "items": [1, 2, 3, 4] } } },
                "1": reexport(11, "public", false),
                "2": reexport(12, "public", true),
                "3": reexport(13, "default", false),
                "4": reexport(14, "public", false),
            },
            "paths": { "11": elsewhere(1), "12": elsewhere(2), "13": elsewhere(3), "14": elsewhere(4) },
            "external_crates": {
                "1": { "name": "pot" }, "2": { "name": "lid" }, "3": { "name": "cup" }, "4": { "name": "std" },
            },
        });
        let crates: Vec<String> = read(&document.to_string()).unwrap().crates.into_iter().collect();
        assert_eq!(crates, ["lid", "pot"]);
    }

    // What rustdoc writes in a form that nobody knows is no API, and no difference is made of it.
    #[test]
    fn other_forms_are_no_harm() {
        assert_eq!(read("{}"), None);
        assert_eq!(read("no json"), None);
    }
}
