//! What must not be published: keys, tokens of well-known shapes, and the files that hold such things. What was found is
//! named by its kind and place, and never shown.

use std::sync::LazyLock;

use regex::Regex;

use super::RuleSubject;
use super::codes::Code;
use super::finding::Finding;
use super::packed::ArchiveEntry;

/// Names of files that hold credentials.
const FILES: [&str; 16] = [
    ".env",
    ".envrc",
    ".npmrc",
    ".pypirc",
    ".netrc",
    "_netrc",
    ".git-credentials",
    ".htpasswd",
    ".pgpass",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "credentials.toml",
    "secring.gpg",
    ".dockercfg",
];
/// Directories whose keys are made for tests, as a rule.
const FOR_TESTS: [&str; 10] =
    ["test", "tests", "testdata", "test_data", "test-data", "fixtures", "examples", "benches", "assets", "certs"];

/// A shape that a token has.
struct Shape {
    kind: &'static str,
    /// The token is the first group.
    pattern: &'static str,
}

/// The shapes, as those who issue them describe them.
const SHAPES: [Shape; 9] = [
    Shape { kind: "a crates.io token", pattern: r"\b(cio(?:_tp_)?[0-9A-Za-z]{32})\b" },
    Shape { kind: "a GitHub token", pattern: r"\b(gh[pousr]_[0-9A-Za-z]{36})\b" },
    Shape { kind: "a GitHub token", pattern: r"\b(github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59})\b" },
    Shape { kind: "a GitLab token", pattern: r"\b(glpat-[0-9A-Za-z_-]{20})\b" },
    Shape { kind: "an AWS access key", pattern: r"\b((?:AKIA|ASIA)[0-9A-Z]{16})\b" },
    Shape { kind: "an npm token", pattern: r"\b(npm_[0-9A-Za-z]{36})\b" },
    Shape { kind: "a Slack token", pattern: r"\b(xox[abprs]-[0-9]{8,}-[0-9A-Za-z-]{16,})" },
    Shape { kind: "a Stripe key", pattern: r"\b([sr]k_live_[0-9A-Za-z]{24,})\b" },
    Shape { kind: "a PyPI token", pattern: r"\b(pypi-AgEIcHlwaS5vcmc[0-9A-Za-z_-]{50,})" },
];

/// A key in PEM: its first line, then at once a line of its body. Code that only knows the first line has no such body.
const PEM: &str = r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n|\\r)+(?:[A-Za-z-]+: [^\n]*\n\s*)*[A-Za-z0-9+/=]{40}";

static TOKENS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let compiled = SHAPES.iter().map(|shape| Some((shape.kind, Regex::new(shape.pattern).ok()?)));
    compiled.flatten().collect()
});
static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(PEM).ok());

/// All that is found in the files.
pub(super) fn findings(subject: &RuleSubject<'_>) -> Vec<Finding> {
    subject.packed.files().flat_map(|(path, entry)| in_file(subject, path, entry)).collect()
}

fn in_file(subject: &RuleSubject<'_>, path: &str, entry: &ArchiveEntry) -> Vec<Finding> {
    let by_name = holds_credentials(path).then(|| {
        let message = format!("`{path}` is a credentials file; publishing would expose it permanently");
        subject.file(Finding::error(Code::SecretFile, message), path)
    });
    let text = String::from_utf8_lossy(&entry.content);
    let keys =
        KEY.iter().flat_map(|key| key.find_iter(&text)).map(|found| key_at(subject, path, line(&text, found.start())));
    let tokens = TOKENS.iter().flat_map(|(kind, shape)| shape.captures_iter(&text).map(move |found| (*kind, found)));
    let tokens = tokens.filter_map(|(kind, found)| found.get(1).map(|token| (kind, token)));
    let tokens = tokens.filter(|(_, token)| !is_placeholder(token.as_str())).map(|(kind, token)| {
        let message = format!("`{path}` contains what looks like {kind}; publishing would expose it permanently");
        let finding = Finding::error(Code::Secret, message);
        finding.package(&subject.packed.name).at(&subject.packed.place(path), Some(line(&text, token.start())))
    });
    let found = by_name.into_iter().chain(keys).chain(tokens);
    let helped = |finding: Finding| {
        let (level, code) = (if finding.is_error() { "warn" } else { "allow" }, finding.code);
        let exclude = format!("remove it, or exclude the file: `exclude = [\"/{path}\"]`");
        finding.help(format!("{exclude}; if it opens nothing, set `[check] {level} = [\"{code}\"]`"))
    };
    found.map(helped).collect()
}

/// A private key blocks. In a directory for tests it is a warning: keys that were made for tests are published often.
fn key_at(subject: &RuleSubject<'_>, path: &str, line: usize) -> Finding {
    let for_tests = path.split('/').any(|part| FOR_TESTS.contains(&part));
    let finding = if for_tests {
        Finding::warning(
            Code::SecretInTests,
            format!("`{path}` contains a private key; make sure it is only for tests"),
        )
    } else {
        Finding::error(Code::Secret, format!("`{path}` contains a private key; publishing would expose it permanently"))
    };
    finding.package(&subject.packed.name).at(&subject.packed.place(path), Some(line))
}

fn holds_credentials(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let sample = ["example", "sample", "template", "dist", "test", "ci"];
    let environment = name.strip_prefix(".env.").is_some_and(|rest| !sample.iter().any(|word| rest.contains(word)));
    let cloud = path == ".aws/credentials" || path.ends_with("/.aws/credentials");
    let keys = [".p12", ".pfx", ".jks", ".keystore", ".kdbx"].iter().any(|ending| name.ends_with(ending));
    let for_tests = path.split('/').any(|part| FOR_TESTS.contains(&part));
    FILES.contains(&name) || environment || cloud || (keys && !for_tests)
}

/// `ghp_xxxxxxxx…`, `AKIAIOSFODNN7EXAMPLE`: what documentation writes where a token would stand.
fn is_placeholder(token: &str) -> bool {
    let body = token.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '_');
    let body = if body.len() < 12 { token } else { body };
    let distinct: std::collections::BTreeSet<char> = body.chars().collect();
    let upper = token.to_uppercase();
    let rising = ["0123456789", "1234567890", "ABCDEFGHIJ"].iter().any(|run| upper.contains(run));
    distinct.len() < 8 || upper.contains("EXAMPLE") || rising
}

fn line(text: &str, at: usize) -> usize {
    text.get(..at).map_or(1, |before| before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    // A placeholder is told from a token, so that documentation may speak of tokens.
    #[test]
    fn placeholders_are_no_tokens() {
        let body = "k3Jd92mQpZ7xVb4LtRwY8sNhGfAc6uEo";
        assert!(!is_placeholder(&format!("cio{body}")));
        assert!(!is_placeholder(&format!("ghp_{body}1234")));
        assert!(is_placeholder("AKIAIOSFODNN7EXAMPLE"));
        assert!(is_placeholder("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
        assert!(is_placeholder("ghp_1234567890abcdefghijklmnopqrstuvwxyz"));
    }

    // Every shape can be compiled: none is left out in silence.
    #[test]
    fn every_shape_is_looked_for() {
        assert_eq!(TOKENS.len(), SHAPES.len());
        assert!(KEY.is_some());
    }
}
