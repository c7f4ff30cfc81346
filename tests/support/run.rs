//! One run of the program, and what it said.

use std::io::Write as _;
use std::process::Stdio;

use regex::Regex;

use super::World;

/// What a run of the program left.
#[derive(Debug)]
pub struct Run {
    /// The exit status; none where it was killed by a signal.
    pub code: Option<i32>,
    /// Results.
    pub stdout: String,
    /// Words.
    pub stderr: String,
}

impl World {
    /// Runs `cargo release` with these arguments, with nobody at the terminal.
    pub fn release(&self, arguments: &str) -> Run {
        self.release_words(&words(arguments))
    }

    /// Runs it with these arguments, which may have spaces in them.
    pub fn release_words(&self, arguments: &[&str]) -> Run {
        self.run(arguments, "", &[])
    }

    /// Runs it, and types this.
    pub fn release_typing(&self, arguments: &str, typed: &str) -> Run {
        self.run(&words(arguments), typed, &[])
    }

    /// Runs it, and kills it at a place: the `at`-th, from one.
    pub fn release_killed(&self, arguments: &str, at: usize) -> Run {
        self.run(&words(arguments), "", &[("CARGO_RELEASE_FAILPOINT", &at.to_string())])
    }

    /// Runs it with these variables besides.
    pub fn release_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Run {
        self.run(&words(arguments), "", variables)
    }

    fn run(&self, arguments: &[&str], typed: &str, variables: &[(&str, &str)]) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_cargo-release"), &self.checkout());
        command.arg("release").args(arguments).envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may end without reading it.
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap_or(());
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A text without what differs from one world to the next.
    pub fn redacted(&self, text: &str) -> String {
        let text = text.replace(&self.dir.path().display().to_string(), "[DIR]");
        [
            (r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]"),
            (r"\b[0-9a-f]{64}\b", "[SHA256]"),
            (r"sha256 [0-9a-f]{7}", "sha256 [SHA256]"),
            (r"\b\d+(\.\d+)? ?m?s\b", "[TIME]"),
            (r"\b\d+\.\d+ KiB\b", "[SIZE]"),
            (r"\d\d:\d\d:\d\d UTC", "[TIME]"),
        ]
        .iter()
        .fold(text, |text, (what, instead)| Regex::new(what).unwrap().replace_all(&text, *instead).into_owned())
    }
}

fn words(arguments: &str) -> Vec<&str> {
    arguments.split_whitespace().collect()
}

impl Run {
    /// Ends unless it ended with this status.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n-- stdout\n{}\n-- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// Ends unless it ended well.
    #[track_caller]
    pub fn ends_well(self) -> Self {
        self.ends(0)
    }

    /// Ends unless it said these words, in its results or to the user.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        // Lines are laid out for the width of the terminal: where they break is no part of the words.
        let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let there =
            [&self.stderr, &self.stdout].iter().any(|said| said.contains(words) || folded(said).contains(words));
        assert!(there, "`{words}` is missing\n-- stdout\n{}\n-- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// The JSON object that it printed.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }
}
