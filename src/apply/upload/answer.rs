//! What cargo says of an upload, read as far as it decides whether to wait, to send again, or to give up. Whether a version
//! is live is never read from here: registries tell that.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// What became of an upload, as far as cargo and the registry say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UploadOutcome {
    /// The registry took it.
    Accepted,
    /// The registry has this version already; whose it is, the index tells.
    Taken,
    /// Not now: from then on, where that is said.
    Later { at: Option<Timestamp>, said: String },
    /// No more of this for today, or until nobody knows when.
    Exhausted { said: String },
    /// No, and this is why.
    Refused { status: Option<u16>, said: String },
    /// Nothing was sent: cargo could not get as far.
    Unsent { said: String },
    /// Nothing was sent, and trying again does not help.
    Failed { said: String },
    /// It was sent, and nobody said what became of it.
    Unknown { said: String },
}

/// What was heard of one upload.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one field a fact, each with its name")]
pub(crate) struct Heard {
    /// The lines that are cargo's own.
    lines: Vec<String>,
    /// How cargo names the line that says that the registry took it.
    uploaded: String,
    accepted: bool,
    sent: bool,
    named: NamedTimes,
    in_log: bool,
}

/// The times in the header of the registry's answer.
#[derive(Clone, Debug, Default)]
struct NamedTimes {
    date: Option<Timestamp>,
    retry_after: Option<String>,
}

/// What cargo's log of HTTP begins its lines with.
const LOG: &str = " DEBUG network: ";
const LOG_OF_HTTP: &str = "http-debug: ";

/// How many lines a failure quotes.
const TAIL: usize = 12;

/// What precedes the words of a registry.
const SAID: &str = "the remote server responded with an error";
/// What precedes an answer that has no words.
const NO_WORDS: &str = "failed to get a 200 OK response, got ";

/// What cargo says where the index it reads does not show yet what was published before.
const NOT_SEEN_YET: [&str; 3] =
    ["failed to select a version for the requirement", "no matching package", "no hash listed"];

/// What cargo says where it could not ask anybody.
const NETWORK: [&str; 14] = [
    "spurious network error",
    "failed to download",
    "failed to query replaced source",
    "unable to update registry",
    "[5] ",
    "[6] ",
    "[7] ",
    "[16] ",
    "[28] ",
    "[35] ",
    "[52] ",
    "[55] ",
    "[56] ",
    "[92] ",
];

/// What cargo says where there is no token to send.
const NO_TOKEN: [&str; 3] = ["no token found", "no credential providers", "credential provider"];

/// Whether cargo says that it has packed, and sends from here on.
pub(crate) fn is_sending(line: &str) -> bool {
    line.trim_start().starts_with("Uploading ")
}

impl Heard {
    /// Of the upload of this package.
    pub(crate) fn of(name: &str, version: &str) -> Self {
        Self { uploaded: format!("Uploaded {name} v{version} "), ..Self::default() }
    }

    /// Takes a line. `true` for one that people should see: cargo's log and what it says of its own waiting is not.
    pub(crate) fn line(&mut self, line: &str) -> bool {
        if let Some((_, logged)) = line.split_once(LOG) {
            self.in_log = logged.ends_with('{');
            if let Some(logged) = logged.strip_prefix(LOG_OF_HTTP) {
                self.logged(logged);
            }
            return false;
        }
        if self.in_log {
            self.in_log = line != "}";
            return false;
        }
        self.accepted |= line.trim_start().starts_with(&self.uploaded);
        self.lines.push(line.to_owned());
        let is_about_waiting = line.contains("you may press ctrl-c") || line.starts_with("note: waiting for ");
        !is_about_waiting
    }

    fn logged(&mut self, line: &str) {
        if line.starts_with("> PUT ") {
            self.sent = true;
            self.named = NamedTimes::default();
        }
        let header = |name: &str| {
            let (found, value) = line.strip_prefix("< ")?.split_once(':')?;
            (self.sent && found.eq_ignore_ascii_case(name)).then(|| value.trim().to_owned())
        };
        if let Some(value) = header("Retry-After") {
            self.named.retry_after = Some(value);
        } else if let Some(value) = header("Date") {
            self.named.date = moment(&value);
        }
    }

    /// Whether the registry took it: what cargo does from here on is waiting.
    pub(crate) fn is_accepted(&self) -> bool {
        self.accepted
    }

    /// What became of it: cargo has ended, with success or without; `asked` where it had come to the point of sending.
    #[expect(clippy::fn_params_excessive_bools, reason = "both come from one process and are named at the call")]
    pub(crate) fn answer(&self, succeeded: bool, asked: bool, now: Timestamp) -> UploadOutcome {
        if self.accepted || succeeded {
            return UploadOutcome::Accepted;
        }
        let text = self.lines.join("\n");
        let said = self.in_short();
        if let Some(at) = text.find(SAID) {
            let (status, words) = words_of_registry(text.get(at + SAID.len()..).unwrap_or_default());
            return self.by_registry(status, words, now);
        }
        if let Some(rest) = text.split_once(NO_WORDS).map(|(_, rest)| rest) {
            let status = rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok());
            let headers = rest.split_once("body:").map_or(rest, |(headers, _)| headers);
            return self.with_headers(headers).by_registry(status, status_words(status), now);
        }
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if text.contains("already exists on ") {
            return UploadOutcome::Taken;
        }
        if text.contains("Request timed out after") {
            return UploadOutcome::Unknown { said };
        }
        match asked || self.sent {
            true => UploadOutcome::Unknown { said },
            false if has(&NO_TOKEN) => UploadOutcome::Failed { said },
            false if has(&NOT_SEEN_YET) || has(&NETWORK) => UploadOutcome::Unsent { said },
            false => UploadOutcome::Failed { said },
        }
    }

    /// As heard, with the headers that cargo prints beside an answer without words.
    fn with_headers(&self, headers: &str) -> Self {
        let mut with = Self { sent: true, ..self.clone() };
        headers.lines().for_each(|line| with.logged(&format!("< {}", line.trim())));
        with
    }

    fn by_registry(&self, status: Option<u16>, said: String, now: Timestamp) -> UploadOutcome {
        let lower = said.to_lowercase();
        if lower.contains("already uploaded") || lower.contains("already exists") {
            return UploadOutcome::Taken;
        }
        let is_limit = status == Some(429) || (status.is_none() && lower.contains("too many"));
        if is_limit {
            let at = self.named_time(now).or_else(|| time_in(&said));
            return match at {
                None if lower.contains("24 hours") => UploadOutcome::Exhausted { said },
                at => UploadOutcome::Later { at, said },
            };
        }
        let is_silent = lower.contains("read-only mode") || lower.contains("service unavailable");
        match status {
            Some(408 | 425 | 500..) => UploadOutcome::Unknown { said },
            None if is_silent => UploadOutcome::Unknown { said },
            Some(_) | None => UploadOutcome::Refused { status, said },
        }
    }

    /// When the header says to come back: by the registry's own clock, where it tells its time.
    fn named_time(&self, now: Timestamp) -> Option<Timestamp> {
        let named = self.named.retry_after.as_deref()?;
        if let Ok(seconds) = named.parse::<u64>() {
            return now.checked_add(Duration::from_secs(seconds)).ok();
        }
        let at = moment(named)?;
        match self.named.date {
            Some(theirs) => now.checked_add(at.duration_since(theirs)).ok(),
            None => Some(at),
        }
    }

    /// The last lines that cargo said.
    pub(crate) fn tail(&self) -> String {
        let from = self.lines.len().saturating_sub(TAIL);
        self.lines.get(from..).unwrap_or_default().join("\n")
    }

    /// The end of what cargo said, in one line.
    fn in_short(&self) -> String {
        let from = self.lines.iter().rposition(|line| line.starts_with("error")).unwrap_or(0);
        let lines = self.lines.get(from..).unwrap_or_default().iter().map(|line| line.trim());
        let lines = lines.filter(|line| !line.is_empty() && *line != "Caused by:");
        lines.map(|line| line.trim_start_matches("error: ")).collect::<Vec<_>>().join(": ")
    }
}

/// The status and the words in `… (status 429 Too Many Requests): words`; without a status where it was 200.
fn words_of_registry(text: &str) -> (Option<u16>, String) {
    let status = text.strip_prefix(" (status ").and_then(|rest| rest.get(..3)).and_then(|digits| digits.parse().ok());
    let words = text.split_once(": ").map_or(text, |(_, words)| words);
    // What follows after an empty line is cargo's own again.
    let words = words.split("\n\n").next().unwrap_or(words);
    (status, words.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned())
}

fn status_words(status: Option<u16>) -> String {
    status.map_or_else(|| "an answer that is not HTTP".to_owned(), |status| format!("status {status} without a reason"))
}

/// The time in `Please try again after Wed, 26 Aug 2026 10:00:00 GMT and see …`, or any other of that form.
fn time_in(text: &str) -> Option<Timestamp> {
    let (before, _) = text.split_once(" GMT")?;
    // `Wed, 26 Aug 2026 10:00:00`
    let from = before.char_indices().rev().map(|(at, _)| at).nth(24)?;
    moment(&format!("{} GMT", before.get(from..)?))
}

fn moment(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().map(|moment| moment.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-08-26T10:00:00Z";

    fn heard(lines: &str) -> Heard {
        let mut heard = Heard::of("core", "0.5.0");
        for line in lines.lines() {
            heard.line(line);
        }
        heard
    }

    fn answer(lines: &str, asked: bool) -> UploadOutcome {
        heard(lines).answer(false, asked, NOW.parse().unwrap())
    }

    fn error(cause: &str) -> String {
        format!("error: failed to publish core v0.5.0 to registry at http://box\n\nCaused by:\n  {cause}")
    }

    fn at(seconds: i64) -> Option<Timestamp> {
        NOW.parse::<Timestamp>().unwrap().checked_add(jiff::SignedDuration::from_secs(seconds)).ok()
    }

    fn kind(answer: &UploadOutcome) -> &'static str {
        match answer {
            UploadOutcome::Accepted => "accepted",
            UploadOutcome::Taken => "taken",
            UploadOutcome::Later { .. } => "later",
            UploadOutcome::Exhausted { .. } => "exhausted",
            UploadOutcome::Refused { .. } => "refused",
            UploadOutcome::Unsent { .. } => "unsent",
            UploadOutcome::Failed { .. } => "failed",
            UploadOutcome::Unknown { .. } => "unknown",
        }
    }

    // Each row: the cause that cargo prints, whether cargo had come to the point of sending, and what became of it.
    #[test]
    fn words_of_cargo_are_sorted() {
        let api = |status: &str, words: &str| format!("the remote server responded with an error{status}: {words}");
        let code =
            |status: &str| format!("failed to get a 200 OK response, got {status}\n  headers:\n  \tx: y\n  body:");
        let table = [
            (api(" (status 403 Forbidden)", "authentication failed"), true, "refused"),
            (api(" (status 400 Bad Request)", "crate version `0.5.0` is already uploaded"), true, "taken"),
            (api("", "crate version `0.5.0` is already uploaded"), true, "taken"),
            (api("", "ERROR: Crate with version already exists: core-0.5.0"), true, "taken"),
            (api("", "unknown or invalid license expression"), true, "refused"),
            (api("", "crates.io is currently in read-only mode."), true, "unknown"),
            (api(" (status 503 Service Unavailable)", "Service unavailable"), true, "unknown"),
            (api(" (status 429 Too Many Requests)", "slow down"), true, "later"),
            (api("", "You have published too many new crates in a short period of time."), true, "later"),
            (api("", "You have published too many versions of this crate in the last 24 hours"), true, "exhausted"),
            (code("403"), true, "refused"),
            (code("502"), true, "unknown"),
            (code("429"), true, "later"),
            ("[28] Timeout was reached (Operation too slow)".to_owned(), true, "unknown"),
            ("[56] Failure when receiving data from the peer".to_owned(), true, "unknown"),
            ("[7] Could not connect to server".to_owned(), false, "unsent"),
            ("failed to select a version for the requirement `base = \"^0.2\"`".to_owned(), false, "unsent"),
            ("no token found, please run `cargo login`".to_owned(), false, "failed"),
            ("crate core@0.5.0 already exists on registry `box`".to_owned(), false, "taken"),
            ("`license-file` does not appear to exist".to_owned(), false, "failed"),
        ];
        for (cause, asked, expected) in table {
            assert_eq!(kind(&answer(&error(&cause), asked)), expected, "{cause}");
        }
    }

    // The time is that of the header, by the registry's own clock, else the one in the text.
    #[test]
    fn limits_name_their_time() {
        let text = "(status 429 Too Many Requests): You have published too many new crates in a short period of time. \
                    Please try again after Wed, 26 Aug 2026 10:10:00 GMT and see the policy for more details.";
        let cause = error(&format!("the remote server responded with an error {text}"));
        assert!(matches!(answer(&cause, true), UploadOutcome::Later { at: found, .. } if found == at(600)));
        let log = |name: &str, value: &str| format!("   0.1s DEBUG network: http-debug: < {name}: {value}\n");
        let put = "   0.1s DEBUG network: http-debug: > PUT /api/v1/crates/new HTTP/1.1\n";
        let limited = error("the remote server responded with an error (status 429 Too Many Requests): slow down");
        let seconds = format!("{put}{}{limited}", log("retry-after", "7"));
        assert!(matches!(answer(&seconds, true), UploadOutcome::Later { at: found, .. } if found == at(7)));
        let date = log("Date", "Wed, 26 Aug 2026 09:00:00 GMT") + &log("Retry-After", "Wed, 26 Aug 2026 09:01:00 GMT");
        assert!(
            matches!(answer(&format!("{put}{date}{limited}"), true), UploadOutcome::Later { at: found, .. } if found == at(60))
        );
        let code = "failed to get a 200 OK response, got 429\n  headers:\n  \tRetry-After: 9\n  body:\n  x";
        assert!(matches!(answer(&error(code), true), UploadOutcome::Later { at: found, .. } if found == at(9)));
    }

    // What the registry took is taken, however cargo ended afterwards; its log and its advice are not passed on.
    #[test]
    fn accepted_is_heard_and_the_log_is_not() {
        let mut heard = Heard::of("core", "0.5.0");
        assert!(heard.line("   Uploading core v0.5.0 (/stage/core)"));
        assert!(!heard.line("   0.1s DEBUG network: Version {"));
        assert!(!heard.line("    version: 8"));
        assert!(!heard.line("}"));
        assert!(!heard.is_accepted());
        assert!(heard.line("    Uploaded core v0.5.0 to registry `box`"));
        assert!(!heard.line("help: you may press ctrl-c to skip waiting; the crate should be available shortly"));
        assert!(heard.is_accepted());
        assert_eq!(heard.answer(false, true, NOW.parse().unwrap()), UploadOutcome::Accepted);
        let mut other = Heard::of("core", "0.5.0");
        other.line("    Uploaded core v0.5.0-rc.1 to registry `box`");
        assert!(!other.is_accepted());
    }
}
