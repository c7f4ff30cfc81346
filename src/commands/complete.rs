//! `cargo release completions`, `cargo release man`, and the answers to a shell that completes.

use std::ffi::OsString;
use std::io::Write as _;

use clap_complete::CompleteEnv;
use clap_complete::engine::ArgValueCandidates;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::Shells;

use super::session::Session;
use super::session::unwritten;
use crate::cli;
use crate::cli::CompletionsArgs;
use crate::cli::ManArgs;
use crate::cli::Shell;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::tools::cargo::metadata;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;

/// The levels, each with an example as its description.
const LEVELS: [(&str, &str); 7] = [
    ("major", "1.2.3 -> 2.0.0"),
    ("minor", "1.2.3 -> 1.3.0"),
    ("patch", "1.2.3 -> 1.2.4"),
    ("release", "1.3.0-rc.1 -> 1.3.0"),
    ("rc", "1.2.3 -> 1.2.4-rc.1"),
    ("beta", "1.2.3 -> 1.2.4-beta.1"),
    ("alpha", "1.2.3 -> 1.2.4-alpha.1"),
];

/// The names of the program in the scripts below.
const NAME: &str = "cargo_release";
const BINARY: &str = "cargo-release";

/// Answers a completion request of the shell named in `COMPLETE`. False if the variable is not set.
pub(crate) fn answered(arguments: &[OsString]) -> bool {
    let answer = CompleteEnv::with_factory(command).bin(BINARY).completer(BINARY);
    answer.try_complete(arguments.iter().cloned(), None).unwrap_or_default()
}

/// The command line with completions for packages and levels of the workspace in the current directory.
fn command() -> clap::Command {
    let complete = |command: clap::Command| {
        command.mut_args(|argument| match argument.get_id().as_str() {
            "package" | "exclude" | "explain_package" => argument.add(ArgValueCandidates::new(packages)),
            "levels" => argument.add(ArgValueCandidates::new(levels)),
            _ => argument,
        })
    };
    cli::command().mut_subcommand("release", |release| complete(release).mut_subcommands(complete))
}

fn packages() -> Vec<CompletionCandidate> {
    names().into_iter().map(CompletionCandidate::new).collect()
}

fn levels() -> Vec<CompletionCandidate> {
    let levels = LEVELS.iter().map(|(level, makes)| CompletionCandidate::new(*level).help(Some((*makes).into())));
    let of_packages = names().into_iter().flat_map(|name| {
        LEVELS.iter().map(move |(level, _)| CompletionCandidate::new(format!("{name}@{level}")).hide(true))
    });
    levels.chain(of_packages).collect()
}

/// The members of the workspace; empty without a workspace.
fn names() -> Vec<String> {
    Environment::of_process().map(|environment| metadata::member_names(&environment)).unwrap_or_default()
}

/// `cargo release completions SHELL`: prints the script.
pub(crate) fn completions(session: &Session<'_>, args: CompletionsArgs) -> Result<()> {
    let (shell, hook) = match args.shell {
        Shell::Bash => ("bash", BASH),
        Shell::Zsh => ("zsh", ZSH),
        Shell::Fish => ("fish", FISH),
        Shell::Elvish => ("elvish", ""),
        Shell::Powershell => ("powershell", ""),
    };
    let shells = Shells::builtins();
    let script = shells.completer(shell).ok_or_else(|| Failure::bug(format!("there is no completion for {shell}")))?;
    let mut text = Vec::new();
    script.write_registration("COMPLETE", NAME, BINARY, BINARY, &mut text).or_world(unwritten)?;
    text.extend_from_slice(hook.as_bytes());
    session.terminal.stdout().write_all(&text).or_world(unwritten)
}

/// Completes `cargo release …` and passes everything else to the completion function that cargo had before.
const BASH: &str = r#"
__cargo_release_before=$(complete -p cargo 2>/dev/null | sed -n 's/.*-F \([^ ]*\).*/\1/p')
__cargo_release_or_cargo() {
    if [[ ${COMP_WORDS[1]} == release && $COMP_CWORD -gt 1 ]]; then
        _clap_complete_cargo_release "$@"
    elif [[ -n $__cargo_release_before && $__cargo_release_before != __cargo_release_or_cargo ]]; then
        "$__cargo_release_before" "$@"
    fi
}
complete -o nospace -o bashdefault -o default -F __cargo_release_or_cargo cargo
"#;

/// cargo's zsh completion calls a function of this name for a plugin.
const ZSH: &str = r#"
_cargo-release() {
    words=(cargo "${words[@]}")
    (( CURRENT++ ))
    _clap_dynamic_completer_cargo_release "$@"
}
"#;

const FISH: &str = r#"
complete --keep-order --no-files --command cargo --condition "__fish_seen_subcommand_from release" \
    --arguments "(COMPLETE=fish cargo-release -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
"#;

/// `cargo release man [DIR]`: prints the main page, or writes all pages.
pub(crate) fn man(session: &Session<'_>, args: &ManArgs) -> Result<()> {
    let mut cargo = cli::command();
    cargo.build();
    let release = cargo.find_subcommand("release").cloned().ok_or_else(|| Failure::bug("there is no command"))?;
    let Some(dir) = &args.dir else {
        return session.terminal.stdout().write_all(&page(release, "cargo-release")?).or_world(unwritten);
    };
    let dir = session.environment.directory().join(dir);
    for command in release.get_subcommands().filter(|command| command.get_name() != "help").cloned() {
        let name = format!("cargo-release-{}", command.get_name());
        files::write(&dir.join(format!("{name}.1")), &page(command, &name)?)?;
    }
    files::write(&dir.join("cargo-release.1"), &page(release, "cargo-release")?)
}

/// Renders one page, named `cargo-release-…` although clap knows the command as `cargo release …`.
fn page(command: clap::Command, name: &str) -> Result<Vec<u8>> {
    let command =
        command.name(name.to_owned()).bin_name(name.replace("cargo-release", "cargo release").replace('-', " "));
    let mut page = Vec::new();
    clap_mangen::Man::new(command.display_name(name.to_owned())).render(&mut page).or_world(unwritten)?;
    Ok(page)
}
