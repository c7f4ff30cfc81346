//! The user's editor: `$VISUAL`, else `$EDITOR`, run by a shell as git does, so that it may have arguments.

use super::environment::Environment;
use super::files;
use super::process::Program;
use crate::error::Failure;
use crate::error::Result;

/// Lets the user edit a text, in a file of this name (its ending tells editors what it is), and reads it back.
///
/// # Errors
/// No editor is set, it cannot be started, or it ends with anything but 0: then the text is not to be used.
pub(crate) fn edit(environment: &Environment, name: &str, text: &str) -> Result<String> {
    let set = |variable: &str| environment.text(variable).filter(|value| !value.trim().is_empty());
    let Some(editor) = set("VISUAL").or_else(|| set("EDITOR")) else {
        return Err(Failure::unplannable("there is no editor to open")
            .because("neither `VISUAL` nor `EDITOR` is set")
            .help("set one: `EDITOR=vi cargo release …`"));
    };
    let dir = files::temporary_dir("cargo-release-")?;
    let file = dir.join(name);
    files::write(&file, text.as_bytes())?;
    let shell = Program::new("sh").arg("-c").arg(format!("{editor} \"$@\"")).arg(editor).arg(&file);
    let ended = shell.hand_over();
    let edited = files::read_text(&file);
    files::remove(&dir)?;
    match ended? {
        Some(0) => Ok(edited?.unwrap_or_default()),
        code => Err(Failure::blocked(format!("`{editor}` failed, so nothing was done")).because(
            code.map_or_else(|| "it was killed by a signal".to_owned(), |code| format!("it exited with status {code}")),
        )),
    }
}
