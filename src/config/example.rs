//! `release.toml.example`: every key with what it is for and its default.

use std::sync::LazyLock;

use super::declare::Scope;
use super::keys::KEYS;

/// What stands above the keys.
const INTRODUCTION: &str = "\
# All configuration keys with their defaults.
#
# Configuration is read from these places; later ones override earlier ones: `$HOME/.release.toml`,
# `cargo-release/release.toml` in the platform's configuration directory, `release.toml` and `[workspace.metadata.release]`
# of the workspace, `release.toml` and `[package.metadata.release]` of a package, the file given with `-c`, and flags. A list
# replaces the whole earlier list. Keys marked `(workspace)` cannot be set for a single package of a workspace with several
# members.
#
# Cargo.toml takes precedence over all of these, including flags: a package with `publish = false` is not published, a package
# without a version is not released, and packages with `version.workspace = true` share the version group \"workspace\".
#
# Keys without a default are commented out: `# key = an example`. Messages, tag names and hook arguments are templates:
# {{prev_version}} {{prev_metadata}} {{version}} {{metadata}} {{crate_name}} {{date}} {{prefix}} {{tag_name}};
# in replacements also {{repository}}. Unknown or unset placeholders are not replaced.
";

/// The text of the example, which is the defaults. A key without a default is commented out.
pub fn example() -> &'static str {
    static EXAMPLE: LazyLock<String> = LazyLock::new(written);
    &EXAMPLE
}

fn written() -> String {
    let (mut text, mut table) = (INTRODUCTION.to_owned(), "");
    for key in KEYS {
        if key.name.table != table || table.is_empty() {
            text.push('\n');
        }
        if key.name.table != table {
            table = key.name.table;
            text.push_str(&format!("[{table}]\n"));
        }
        let mut lines: Vec<String> = key.lines.iter().map(|line| format!("#{line}")).collect();
        let mark = match key.scope {
            Scope::Workspace | Scope::Skipped => " (workspace)",
            Scope::Package | Scope::Both | Scope::Unused => "",
        };
        if let Some(last) = lines.last_mut() {
            last.push_str(mark);
        }
        let name = key.name.key();
        lines.push(match key.default {
            Some(default) => format!("{name} = {default}"),
            None => format!("# {name} = {}", key.example),
        });
        lines.push(String::new());
        text.push_str(&lines.join("\n"));
    }
    text
}
