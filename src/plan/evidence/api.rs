//! What the API check says for a release: a reason for each lint, and for each signature that surely changed.

use crate::level::Level;
use crate::phrase;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Reason;
use crate::snapshot::ApiAnswer;
use crate::snapshot::ApiLint;
use crate::snapshot::ApiPlace;
use crate::snapshot::ApiSignatures;
use crate::snapshot::SignatureChange;

/// What compares signatures, as the name of a lint.
const SIGNATURE: &str = "signature_changed";

/// How many places of a lint are named.
const PLACES: usize = 3;

/// What is said where no words of a lint are known.
const UNNAMED: &str = "cargo-semver-checks";

/// What an answer asks for: a reason for each lint, and at least one of the level that the answer has.
pub(crate) fn reasons(answer: Option<&ApiAnswer>, signatures: Option<&ApiSignatures>) -> Vec<Reason> {
    let sure = signatures.into_iter().flat_map(|all| &all.changes).filter(|change| change.sure);
    let mut reasons: Vec<Reason> = sure
        .map(|SignatureChange { item, what, sure: _ }| Reason {
            evidence: Evidence::Api { lint: SIGNATURE.to_owned(), path: None },
            level: Level::Breaking,
            summary: format!("signature of `{item}`: {what}"),
        })
        .collect();
    let Some(ApiAnswer::Needs { level, lints }) = answer else { return reasons };
    reasons.extend(lints.iter().map(reason));
    let level = *level;
    if reasons.iter().all(|reason| reason.level != level) {
        let evidence = Evidence::Api { lint: UNNAMED.to_owned(), path: None };
        let what = if level == Level::Breaking { "breaks" } else { "needs more than a patch" };
        reasons.push(Reason { evidence, level, summary: format!("`cargo semver-checks`: its API {what}") });
    }
    reasons
}

fn reason(lint: &ApiLint) -> Reason {
    let ApiLint { id, title, level, places } = lint;
    let path = places.iter().find_map(|place| place.path.clone());
    let places =
        if places.is_empty() { String::new() } else { format!(": {}", phrase::first(places.iter().map(at), PLACES)) };
    let evidence = Evidence::Api { lint: id.clone(), path };
    Reason { evidence, level: *level, summary: format!("{title}{places}") }
}

fn at(place: &ApiPlace) -> String {
    match (&place.path, place.line) {
        (Some(path), Some(line)) => format!("{} ({path}:{line})", place.what),
        (Some(path), None) => format!("{} ({path})", place.what),
        (None, _) => place.what.clone(),
    }
}
