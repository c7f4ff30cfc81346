//! The words for uploads that did not go well: what the registry said, and what helps against just that.

use crate::error::Failure;
use crate::journal::Verified;

/// What a registry says, and what helps: the first whose words are in it.
const REASONS: &[(&str, &[&str])] = &[
    ("please run `cargo login`", &[LOGIN]),
    ("no token found", &[LOGIN]),
    ("authentication failed", &[EXPIRED]),
    (
        "does not match the format",
        &["this is not a token of this registry: make one there, and store it by `cargo login`"],
    ),
    ("failed to parse token", &["the token is cut off or of another registry: store it again by `cargo login`"]),
    (
        "invalid `authorization` header",
        &["the token is cut off or of another registry: store it again by `cargo login`"],
    ),
    ("invalid authentication token", &["this token of trusted publishing has expired: let the job mint another one"]),
    (
        "does not have the required permissions",
        &["make a token that may publish new crates and new versions, for this crate, and store it by `cargo login`"],
    ),
    ("is not valid for crate", &["let the crate's settings at the registry trust this workflow"]),
    (
        "do not support creating new crates",
        &["publish its first version with a token of your own: `cargo login`, then `cargo release resume`"],
    ),
    (
        "only be published using trusted publishing",
        &[
            "let its CI workflow finish the release: `cargo release resume --from REV` there, REV being the pushed commit",
        ],
    ),
    ("verified email", &["verify your address in the registry's profile settings"]),
    ("account is", &["the registry has locked the account: its support can tell why"]),
    ("github session has expired", &["log in at the registry's web site again"]),
    ("restricted oauth access", &["let the organisation allow the registry to see its teams"]),
    ("be an owner", &["let an owner add you: `cargo owner --add`, and accept the invitation"]),
    ("not the owner", &["let an owner add you: `cargo owner --add`"]),
    ("was recently deleted", &["the name is free again at the time that it says: go on then, or choose another name"]),
    ("reserved name", &[RENAME]),
    ("previously named", &[RENAME]),
];

const LOGIN: &str = "log in: `cargo login --registry NAME`, or set the variable that cargo reads the token from";
const EXPIRED: &str = "the token is unknown there, revoked or expired: make another one, and store it by `cargo login`";
const DENIED: &str = "check that you own the crate, and that your token may publish it and is not revoked or expired; \
                      `cargo login --registry NAME` stores another one";
const RENAME: &str =
    "it takes another name: end this release by `cargo release abort`, rename the package, release again";

/// The registry said no.
pub(crate) fn refused(known: &Verified, status: Option<u16>, said: &str) -> Failure {
    let what = format!("{:#} refused {} {}", known.registry, known.name, known.version);
    let failure = Failure::world(what).because(said.to_owned());
    let helped = for_reason(said, known);
    let helps = match (helped.is_empty(), status) {
        (false, _) => helped,
        (true, Some(401)) => vec![EXPIRED.to_owned()],
        (true, Some(403)) => vec![DENIED.replace("NAME", known.registry.as_str())],
        (true, _) => vec!["fix what the registry says in a version of its own, or ask the registry".to_owned()],
    };
    ways(helps.into_iter().fold(failure, Failure::help))
}

/// Cargo could not even ask.
pub(crate) fn failed(known: &Verified, tail: &str) -> Failure {
    let what = format!("{} {} was not uploaded to {:#}", known.name, known.version, known.registry);
    let failure = Failure::world(what).because(tail.to_owned()).because("nothing was sent");
    let helps = for_reason(tail, known);
    ways(helps.into_iter().fold(failure, Failure::help))
}

/// Nobody said what became of it, and the time for trying is over.
pub(crate) fn unknown(known: &Verified, said: &str) -> Failure {
    let what = format!("it is not known whether {:#} took {} {}", known.registry, known.name, known.version);
    Failure::interrupted(what)
        .because(said.to_owned())
        .because("neither the index nor the API shows it")
        .help("`cargo release resume` looks again, and sends it where it did not arrive")
        .help("`[publish] retry` sets for how long that is tried")
}

/// Nothing was sent, and the time for trying is over.
pub(crate) fn unsent(known: &Verified, said: &str) -> Failure {
    Failure::interrupted(format!(
        "{} {} was not uploaded: {:#} cannot be reached",
        known.name, known.version, known.registry
    ))
    .because(said.to_owned())
    .because("nothing was sent")
    .help("`cargo release resume` tries again")
    .help("`[publish] retry` sets for how long that is tried")
}

/// The registry takes no more, and does not say until when.
pub(crate) fn exhausted(known: &Verified, said: &str) -> Failure {
    Failure::interrupted(format!("{:#} takes no more uploads for now", known.registry))
        .because(said.to_owned())
        .help("`cargo release resume` goes on when it takes more")
}

fn for_reason(said: &str, known: &Verified) -> Vec<String> {
    let lower = said.to_lowercase();
    let found = REASONS.iter().find(|(words, _)| lower.contains(words));
    let helps = found.into_iter().flat_map(|(_, helps)| *helps);
    helps.map(|help| help.replace("NAME", known.registry.as_str())).collect()
}

fn ways(failure: Failure) -> Failure {
    failure
        .help("then `cargo release resume` goes on: what is live already is passed over")
        .help("`cargo release abort` ends the release, and says what is live")
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each row: what crates.io says, and a word of the help that fits it.
    #[test]
    fn help_fits_the_reason() {
        let known = Verified {
            name: "core".into(),
            version: semver::Version::new(0, 5, 0),
            registry: "box".into(),
            checksum: "abc".into(),
            size: 1,
        };
        let table = [
            (403, "authentication failed", "revoked or expired"),
            (401, "The given API token does not match the format used by crates.io.", "not a token of this registry"),
            (403, "this token does not have the required permissions to perform this action", "may publish new crates"),
            (400, "A verified email address is required to publish crates to crates.io.", "verify your address"),
            (403, "This account is indefinitely locked. Reason: spam", "locked the account"),
            (403, "this crate exists but you don't seem to be an owner.", "cargo owner --add"),
            (403, "Trusted Publishing tokens do not support creating new crates.", "a token of your own"),
            (403, "New versions of this crate can only be published using Trusted Publishing", "its CI workflow"),
            (400, "A crate with the name `core` was recently deleted.", "free again"),
            (400, "crate was previously named `Core`", "another name"),
            (403, "status 403 without a reason", "revoked or expired"),
            (403, "not your crate", "check that you own the crate"),
            (400, "unknown or invalid license expression", "fix what the registry says"),
        ];
        for (status, said, expected) in table {
            let failure = refused(&known, Some(status), said);
            assert!(failure.helps().join("\n").contains(expected), "{said}: {:?}", failure.helps());
            assert!(failure.why().contains(&said.to_owned()));
        }
    }
}
