//! The files and commits of the demo.

use crate::names::RegistryName;

/// One commit: its message and its files.
pub(super) struct Chapter {
    pub(super) subject: &'static str,
    pub(super) body: &'static str,
    /// Path below the checkout, and text.
    pub(super) files: Vec<(&'static str, String)>,
}

impl Chapter {
    fn new(subject: &'static str, files: &[(&'static str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
        Self { subject, body: "", files }
    }

    fn with_body(self, body: &'static str) -> Self {
        Self { body, ..self }
    }

    /// Replaces the placeholders for the registry's index and name.
    fn naming(mut self, index: &str, registry: &RegistryName) -> Self {
        for (_, text) in &mut self.files {
            *text = text.replace("{INDEX}", index).replace("{REGISTRY}", registry.as_str());
        }
        self
    }
}

/// The history up to the first release. Each commit builds.
pub(super) fn beginning(index: &str, registry: &RegistryName) -> Vec<Chapter> {
    let chapters = vec![
        Chapter::new(
            "chore: set the table",
            &[
                ("Cargo.toml", WORKSPACE),
                (".cargo/config.toml", CARGO_CONFIG),
                (".gitignore", "/target\n"),
                ("README.md", README),
            ],
        ),
        Chapter::new(
            "feat(leaf): know how long a leaf steeps",
            &[
                ("tea-leaf/Cargo.toml", LEAF),
                ("tea-leaf/src/lib.rs", &leaf_lib(LEAF_OLD)),
                ("tea-leaf/CHANGELOG.md", LEAF_CHANGELOG),
            ],
        ),
        Chapter::new("feat(pot): brew a pot", &[("tea-pot/Cargo.toml", POT), ("tea-pot/src/lib.rs", POT_LIB)]),
        Chapter::new(
            "feat(cup): pour a cup",
            &[("tea-cup/Cargo.toml", CUP), ("tea-cup/src/lib.rs", CUP_LIB), ("tea-cup/CHANGELOG.md", EMPTY_CHANGELOG)],
        ),
        Chapter::new(
            "feat(party): serve everyone",
            &[("tea-party/Cargo.toml", PARTY), ("tea-party/src/lib.rs", PARTY_LIB)],
        ),
        Chapter::new(
            "feat(timer): say which tea is on",
            &[("tea-timer/Cargo.toml", TIMER), ("tea-timer/src/main.rs", TIMER_MAIN)],
        ),
        Chapter::new(
            "chore(tasks): washing up, for ourselves",
            &[("tea-tasks/Cargo.toml", TASKS), ("tea-tasks/src/main.rs", TASKS_MAIN)],
        ),
    ];
    chapters.into_iter().map(|chapter| chapter.naming(index, registry)).collect()
}

/// The commits after the first release: a new function, its users adapted, the old function removed, and a fix. Each commit
/// builds, and only the removal is breaking.
pub(super) fn change() -> Vec<Chapter> {
    let both = leaf_lib(&format!("{LEAF_OLD}\n{LEAF_NEW}"));
    let new_only = leaf_lib(LEAF_NEW);
    let pot = POT_LIB.replace("steep_seconds()", "steep().as_secs()");
    let cup = CUP_LIB.replace("steep_seconds()", "steep().as_secs()");
    let cup_fixed = cup.replace("    let leaf", "    let millilitres = millilitres.min(CUP);\n    let leaf");
    vec![
        Chapter::new("feat(leaf): tell the steeping time as a `Duration`", &[("tea-leaf/src/lib.rs", &both)]),
        Chapter::new(
            "refactor(pot, cup): use the `Duration`",
            &[("tea-pot/src/lib.rs", &pot), ("tea-cup/src/lib.rs", &cup)],
        ),
        Chapter::new("feat(leaf)!: remove `Leaf::steep_seconds`", &[("tea-leaf/src/lib.rs", &new_only)])
            .with_body("BREAKING CHANGE: use `Leaf::steep`, which gives a `Duration`."),
        Chapter::new("fix(cup): do not pour more than a cup holds", &[("tea-cup/src/lib.rs", &cup_fixed)]),
    ]
}

fn leaf_lib(steeping: &str) -> String {
    format!("{LEAF_ENUM}{steeping}}}\n")
}

const WORKSPACE: &str = r#"[workspace]
members = ["tea-*"]
resolver = "3"

[workspace.package]
version = "0.2.0"
edition = "2024"
license = "MIT OR Apache-2.0"
publish = ["{REGISTRY}"]

[workspace.dependencies]
tea-leaf = { version = "0.3.0", path = "tea-leaf", registry = "{REGISTRY}" }
tea-cup = { version = "0.2.0", path = "tea-cup", registry = "{REGISTRY}" }
"#;

const CARGO_CONFIG: &str = r#"[registries.{REGISTRY}]
index = "{INDEX}"
"#;

const README: &str = "# Tea

Six crates to rehearse a release with. Nothing in here is needed afterwards.
";

const LEAF: &str = r#"[package]
name = "tea-leaf"
version = "0.3.0"
description = "What is in the pot"
edition.workspace = true
license.workspace = true
publish.workspace = true
"#;

const LEAF_ENUM: &str = r#"//! What is in the pot.

/// A kind of tea.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    Green,
    Black,
}

impl Leaf {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Leaf::Green => "green tea",
            Leaf::Black => "black tea",
        }
    }

"#;

const LEAF_OLD: &str = r"    /// How long it steeps, in seconds.
    pub fn steep_seconds(self) -> u64 {
        match self {
            Leaf::Green => 120,
            Leaf::Black => 240,
        }
    }
";

const LEAF_NEW: &str = r"    /// How long it steeps.
    pub fn steep(self) -> std::time::Duration {
        std::time::Duration::from_secs(match self {
            Leaf::Green => 120,
            Leaf::Black => 240,
        })
    }
";

const LEAF_CHANGELOG: &str = "# Changelog

## [Unreleased]

### Added

- Green and black tea, each with the time that it likes to steep. Oolong is still being argued about.
";

const EMPTY_CHANGELOG: &str = "# Changelog

## [Unreleased]
";

const POT: &str = r#"[package]
name = "tea-pot"
description = "Brews a pot of tea"
version.workspace = true
edition.workspace = true
license.workspace = true
publish.workspace = true

[dependencies]
tea-leaf.workspace = true
"#;

const POT_LIB: &str = r#"//! Brews a pot of tea.

/// What is brewing, and for how long.
pub fn brew() -> String {
    let leaf = tea_leaf::Leaf::Green;
    format!("{} for {} s", leaf.name(), leaf.steep_seconds())
}
"#;

const CUP: &str = r#"[package]
name = "tea-cup"
description = "Holds a little tea"
version.workspace = true
edition.workspace = true
license.workspace = true
publish.workspace = true

[dependencies]
tea-leaf.workspace = true
"#;

const CUP_LIB: &str = r#"//! Holds a little tea.

/// What a cup holds, in millilitres.
pub const CUP: u32 = 150;

/// Pours so many millilitres, once the tea is ready.
pub fn pour(millilitres: u32) -> String {
    let leaf = tea_leaf::Leaf::Green;
    format!("{millilitres} ml after {} s", leaf.steep_seconds())
}
"#;

const PARTY: &str = r#"[package]
name = "tea-party"
version = "1.0.0"
description = "Serves tea to everyone"
edition.workspace = true
license.workspace = true
publish.workspace = true

[dependencies]
pot = { package = "tea-pot", version = "0.2.0", path = "../tea-pot", registry = "{REGISTRY}" }
tea-cup.workspace = true
"#;

const PARTY_LIB: &str = r#"//! Serves tea to everyone.

/// One pot, and a cup for each guest.
pub fn serve(guests: u32) -> String {
    format!("{}: {guests} x {}", pot::brew(), tea_cup::pour(tea_cup::CUP))
}
"#;

const TIMER: &str = r#"[package]
name = "tea-timer"
version = "1.0.0"
description = "Says which tea is on"
edition.workspace = true
license.workspace = true
publish.workspace = true

[dependencies]
tea-leaf.workspace = true
"#;

const TIMER_MAIN: &str = r#"//! Says which tea is on.

fn main() {
    println!("{}", tea_leaf::Leaf::Black.name());
}
"#;

const TASKS: &str = r#"[package]
name = "tea-tasks"
version = "0.1.0"
description = "Washing up"
edition.workspace = true
license.workspace = true
publish = false

[dependencies]
tea-party = { path = "../tea-party" }
"#;

const TASKS_MAIN: &str = r#"//! Washing up.

fn main() {
    println!("after {}", tea_party::serve(4));
}
"#;
