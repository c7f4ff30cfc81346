//! What a commit changes in its parent, file by file, with the new contents.

use super::cli::Git;
use crate::error::Failure;
use crate::error::Result;
use crate::names::CommitId;

/// A file that differs between two commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileChange {
    /// The path, from the root of the repository.
    pub(crate) path: String,
    /// The new content; `None` where the file is deleted.
    pub(crate) content: Option<Vec<u8>>,
    /// Why the file is more than a path and a content; `None` for an ordinary file.
    pub(crate) special: Option<&'static str>,
}

impl Git {
    /// The files that differ between two commits, with the contents of the newer one.
    ///
    /// # Errors
    /// One of the commits is not here, or a path is not UTF-8.
    pub(crate) fn file_changes(&self, old: &CommitId, new: &CommitId) -> Result<Vec<FileChange>> {
        let said = self
            .program(&["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old.as_str(), new.as_str()])
            .succeed()?;
        let text = String::from_utf8(said.stdout).map_err(|wrong| {
            Failure::blocked("the release commit changes a file whose path is not UTF-8").because(wrong.to_string())
        })?;
        let mut fields = text.split('\0');
        let mut changes = Vec::new();
        while let (Some(raw), Some(path)) = (fields.next(), fields.next()) {
            // `:OLDMODE NEWMODE OLDBLOB NEWBLOB STATUS`
            let mut words = raw.trim_start_matches(':').split(' ');
            let (_, mode, _, blob) = (words.next(), words.next(), words.next(), words.next());
            let (Some(mode), Some(blob)) = (mode, blob) else { break };
            let special = match mode {
                "000000" | "100644" => None,
                "100755" => Some("executable"),
                "120000" => Some("a symbolic link"),
                _ => Some("a submodule"),
            };
            let content =
                if mode == "100644" { Some(self.program(&["cat-file", "blob", blob]).succeed()?.stdout) } else { None };
            changes.push(FileChange { path: path.to_owned(), content, special });
        }
        Ok(changes)
    }
}
