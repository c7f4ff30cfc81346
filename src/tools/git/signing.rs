//! Whether git can sign: it signs something, which is thrown away.

use std::time::Duration;

use super::cli::Git;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::tools::system::process::Ended;

/// How long somebody has to type a passphrase or to touch a key.
const PATIENCE: Duration = Duration::from_secs(60);

impl Git {
    /// Why git cannot sign here; none where it has just signed a commit that is in no repository.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn cannot_sign(&self) -> Result<Option<String>> {
        let asked = self.program(&["rev-parse", "--path-format=absolute", "--git-path", "objects"]).succeed()?;
        let objects = tempfile::tempdir().or_world(|| "no temporary directory can be made".into())?;
        let program = self.program(&["commit-tree", "-S", "-m", "signed to see whether it can be", "HEAD^{tree}"]);
        let program = program.env("GIT_OBJECT_DIRECTORY", objects.path());
        let program = program.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", asked.text());
        Ok(match program.within(PATIENCE)? {
            Ended::ByItself(output) if output.success() => None,
            Ended::ByItself(output) => {
                let said = output.tail(6);
                let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                Some(lines.join("; "))
            }
            Ended::OutOfTime => Some(format!("nothing was signed within {} seconds", PATIENCE.as_secs())),
            Ended::Interrupted => None,
        })
    }
}
