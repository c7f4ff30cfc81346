//! A terminal of some size, what a person sees in it, and what they type.

use std::io::Read as _;
use std::io::Write as _;
use std::num::NonZero;
use std::process::Child;
use std::process::ChildStdin;
use std::process::ChildStdout;
use std::process::Stdio;

use regex::Regex;
use vt100::Cell;
use vt100::Color;
use vt100::Parser;

use crate::support::World;

/// High enough for every screen, so that nothing scrolls off.
const ROWS: NonZero<u16> = NonZero::new(90).unwrap();

/// A program that runs in a terminal.
pub(crate) struct Terminal<'a> {
    world: &'a World,
    child: Child,
    keys: ChildStdin,
    output: ChildStdout,
    screen: Parser,
    /// Everything that was printed, as it came.
    printed: Vec<u8>,
}

impl<'a> Terminal<'a> {
    /// Runs `cargo release` with these arguments in a terminal of so many columns.
    pub(crate) fn run(world: &'a World, columns: u16, arguments: &str) -> Self {
        let size = NonZero::new(columns).unwrap();
        let program = env!("CARGO_BIN_EXE_cargo-release");
        let inside = format!("stty cols {columns} rows {ROWS} && exec '{program}' release {arguments}");
        let mut command = world.command("script", &world.checkout());
        command.args(["--quiet", "--flush", "--return", "--command", &inside, "/dev/null"]);
        command.env("TERM", "xterm-256color").env("PAGER", "cat").env("ConEmuANSI", "ON").env("SHELL", "/bin/sh");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (keys, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { world, child, keys, output, screen: Parser::new(ROWS, size, 0), printed: Vec::new() }
    }

    /// Waits until the screen shows this.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) -> &mut Self {
        while !self.screen.screen().contents().contains(text) {
            assert!(self.step(), "it ended without `{text}`:\n{}", self.screen.screen().contents());
        }
        self
    }

    /// Waits until the screen does not show this.
    #[track_caller]
    pub(crate) fn until_gone(&mut self, text: &str) -> &mut Self {
        while self.screen.screen().contents().contains(text) {
            assert!(self.step(), "it ended with `{text}`:\n{}", self.screen.screen().contents());
        }
        self
    }

    /// Types this.
    pub(crate) fn types(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    /// Sends the program a signal: `INT` as the key does, the others as the system does.
    pub(crate) fn signal(&mut self, name: &str) -> &mut Self {
        if name == "INT" {
            return self.types("\x03");
        }
        // What runs in the terminal is the only child of what made it.
        let id = self.child.id();
        let program = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), program.trim()]).status().unwrap();
        assert!(sent.success());
        self
    }

    /// Waits until the program has ended; its exit status.
    pub(crate) fn end(&mut self) -> Option<i32> {
        while self.step() {}
        self.child.wait().unwrap().code()
    }

    /// Everything that was printed, as it came.
    pub(crate) fn printed(&self) -> String {
        String::from_utf8_lossy(&self.printed).into_owned()
    }

    fn step(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let read = self.output.read(&mut bytes).unwrap();
        self.screen.process(&bytes[..read]);
        self.printed.extend(&bytes[..read]);
        read > 0
    }

    /// The screen as it is now: its text with the style of each run, and what differs from run to run left out.
    pub(crate) fn shown(&self) -> String {
        let screen = self.screen.screen();
        let (rows, columns) = screen.size();
        let cells = |row| (0..columns.get()).filter_map(move |column| screen.cell(row, column));
        let lines: Vec<String> = (0..rows.get()).map(|row| styled(cells(row))).collect();
        let text = lines.join("\n");
        masked(&self.world.redacted(text.trim_end()))
    }
}

impl Drop for Terminal<'_> {
    fn drop(&mut self) {
        // One that has ended cannot be ended.
        self.child.kill().unwrap_or(());
        self.child.wait().unwrap();
    }
}

/// A line of a screen, with the style of each run around it.
fn styled<'a>(cells: impl Iterator<Item = &'a Cell>) -> String {
    let mut runs: Vec<(String, String)> = Vec::new();
    for cell in cells {
        let (style, text) = match cell.has_contents() {
            true => (style_of(cell), cell.contents()),
            false => (String::new(), " "),
        };
        match runs.last_mut().filter(|(known, _)| *known == style) {
            Some((_, run)) => run.push_str(text),
            None => runs.push((style, text.to_owned())),
        }
    }
    let tagged = |(style, text): &(String, String)| match style.as_str() {
        "" => text.clone(),
        style => format!("<{style}>{text}</>"),
    };
    runs.iter().map(tagged).collect::<String>().trim_end().to_owned()
}

fn style_of(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.bold() {
        words.push("bold");
    }
    if cell.dim() {
        words.push("dim");
    }
    if cell.underline() {
        words.push("underlined");
    }
    let colour = match cell.fgcolor() {
        Color::Idx(1 | 9) => "red",
        Color::Idx(2 | 10) => "green",
        Color::Idx(3 | 11) => "yellow",
        Color::Idx(4 | 12) => "blue",
        Color::Idx(5 | 13) => "magenta",
        Color::Idx(6 | 14) => "cyan",
        Color::Idx(_) | Color::Rgb(..) => "other",
        Color::Default => "",
    };
    words.extend((!colour.is_empty()).then_some(colour));
    words.join(" ")
}

/// Times, ids and what moves differ from run to run.
fn masked(text: &str) -> String {
    let masks = [
        (r"\b[0-9a-f]{16}\b", "[ID]"),
        (r"\b\d+m( \d+s)?\b", "[TIME]"),
        (r"\b\d+(\.\d+)?m?s\b", "[TIME]"),
        (r"\b\d\d:\d\d(:\d\d)?( UTC)?\b", "[CLOCK]"),
        (r"\b\d+m \[TIME\]", "[TIME]"),
        (r"( \(\[TIME\]\)|, \[TIME\])", ""),
        // What stands at the right moves with the length of the time.
        (r" {2,}\[TIME\]", "  [TIME]"),
        (r"\b\d+ B\b", "[SIZE]"),
        (r"[⠁-⣿]", "*"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]"),
    ];
    masks
        .iter()
        .fold(text.to_owned(), |text, (from, to)| Regex::new(from).unwrap().replace_all(&text, *to).into_owned())
}
