//! The `git` program, for everything that writes or talks to a remote: hooks, signing, credential helpers and URL
//! rewrites then work as they do for the user. Reading history is for `repository`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use super::settings::STEADY;
use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::tools::system::process::Output;
use crate::tools::system::process::Program;

/// `git` in one working tree.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    dir: PathBuf,
    settings: Vec<String>,
}

impl Git {
    /// In this working tree.
    pub(crate) fn at(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), settings: Vec::new() }
    }

    /// With a setting of git's configuration for every call, as `-c KEY=VALUE` gives it.
    #[must_use]
    pub(crate) fn with_setting(mut self, setting: String) -> Self {
        self.settings.push(setting);
        self
    }

    /// In another working tree, with the same settings.
    #[must_use]
    pub(crate) fn elsewhere(&self, dir: &Path) -> Self {
        Self { dir: dir.to_owned(), settings: self.settings.clone() }
    }

    /// Whether git would commit: it knows by which names.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn knows_who_commits(&self) -> Result<bool> {
        let knows = |who: &str| Ok(self.program(&["var", who]).run()?.success());
        Ok(knows("GIT_AUTHOR_IDENT")? && knows("GIT_COMMITTER_IDENT")?)
    }

    /// The working tree.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// A call. Variables by which git tells its hooks where they are would lead it astray, so they are taken away.
    pub(crate) fn program(&self, arguments: &[&str]) -> Program {
        let astray = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"];
        let settings = STEADY.into_iter().chain(self.settings.iter().map(String::as_str));
        let settings = settings.flat_map(|setting| ["-c", setting]);
        let program =
            Program::new("git").unsaid(["-C".as_ref(), self.dir.as_os_str()]).unsaid(settings).args(arguments);
        astray.iter().fold(program, |program, name| program.without_env(name))
    }

    pub(super) fn succeed(&self, arguments: &[&str]) -> Result<Output> {
        self.program(arguments).succeed()
    }

    /// The directory that all worktrees of the repository share.
    ///
    /// # Errors
    /// Not in a repository.
    pub(crate) fn common_dir(&self) -> Result<PathBuf> {
        let said = self.succeed(&["rev-parse", "--path-format=absolute", "--git-common-dir"])?.text();
        Ok(PathBuf::from(said))
    }

    /// The tree of a revision.
    ///
    /// # Errors
    /// It names no commit here.
    pub(crate) fn tree(&self, revision: &str) -> Result<String> {
        Ok(self.succeed(&["rev-parse", "--verify", "--end-of-options", &format!("{revision}^{{tree}}")])?.text())
    }

    /// The commit that a revision names; `None` where it names none.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn commit_of(&self, revision: &str) -> Result<Option<CommitId>> {
        let asked = format!("{revision}^{{commit}}");
        let output = self.program(&["rev-parse", "--verify", "--quiet", "--end-of-options", &asked]).run()?;
        Ok(output.success().then(|| CommitId::from(output.text())))
    }

    /// The commit that a tag peels to; `None` where there is no such tag.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn tagged(&self, tag: &TagName) -> Result<Option<CommitId>> {
        self.commit_of(&format!("refs/tags/{tag}"))
    }

    /// The commits that tags peel to, of those that there are: [`Git::tagged`] in one question.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn all_tagged(&self, tags: &[TagName]) -> Result<BTreeMap<TagName, CommitId>> {
        let mut found = BTreeMap::new();
        if tags.is_empty() {
            return Ok(found);
        }
        let format = "--format=%(refname:lstrip=2) %(objectname) %(*objectname)";
        let refs = tags.iter().map(|tag| format!("refs/tags/{tag}"));
        let said = self.program(&["for-each-ref", format, "--"]).args(refs).succeed()?.text();
        for line in said.lines() {
            let mut parts = line.split_whitespace();
            if let (Some(name), Some(commit)) = (parts.next(), parts.next_back()) {
                found.insert(TagName::from(name), CommitId::from(commit));
            }
        }
        Ok(found)
    }

    /// The branch that is checked out here; `None` on a detached head.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn branch(&self) -> Result<Option<BranchName>> {
        let output = self.program(&["symbolic-ref", "--quiet", "--short", "HEAD"]).run()?;
        Ok(output.success().then(|| output.text().into()))
    }

    /// Whether one commit is reachable from another (or is it). Both have to be here.
    ///
    /// # Errors
    /// git says neither yes nor no.
    pub(crate) fn is_ancestor(&self, old: &CommitId, new: &CommitId) -> Result<bool> {
        let program = self.program(&["merge-base", "--is-ancestor", old.as_str(), new.as_str()]);
        let output = program.run()?;
        match output.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            Some(_) | None => Err(program.failed(&output)),
        }
    }

    /// Whether the message of a commit has a trailer of that key.
    ///
    /// # Errors
    /// git cannot read the commit.
    pub(crate) fn has_trailer(&self, commit: &CommitId, key: &str) -> Result<bool> {
        let format = format!("--format=%(trailers:key={key},valueonly)");
        let said = self.succeed(&["log", "-1", &format, "--end-of-options", commit.as_str()])?;
        Ok(!said.text().trim().is_empty())
    }

    /// The paths that one commit changes against another.
    ///
    /// # Errors
    /// git cannot compare them.
    pub(crate) fn changed(&self, old: &CommitId, new: &CommitId) -> Result<Vec<String>> {
        let said = self.succeed(&["diff", "--name-only", "--no-renames", "-z", old.as_str(), new.as_str()])?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        Ok(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// The commits that `HEAD` has and a revision has not.
    ///
    /// # Errors
    /// There is no such revision.
    pub(crate) fn commits_since(&self, revision: &str) -> Result<BTreeSet<CommitId>> {
        let range = format!("{revision}..HEAD");
        let said = self.succeed(&["rev-list", "--end-of-options", &range]).map_err(|refused| {
            Failure::unplannable(format!("cannot determine the commits since `{revision}`"))
                .because(refused.to_string())
                .help("fetch enough history: in CI, set `fetch-depth: 0`")
        })?;
        Ok(String::from_utf8_lossy(&said.stdout).lines().map(CommitId::from).collect())
    }

    /// The paths of all files in a commit.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn files(&self, commit: &CommitId) -> Result<BTreeSet<RepoPath>> {
        let said = self.succeed(&["ls-tree", "-r", "--name-only", "--full-tree", "-z", commit.as_str()])?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        Ok(text.split('\0').filter(|path| !path.is_empty()).map(RepoPath::from).collect())
    }

    /// Whether nothing differs from `HEAD`, files unknown to git included.
    ///
    /// # Errors
    /// git cannot tell.
    pub(crate) fn is_clean(&self) -> Result<bool> {
        let arguments = ["status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=none"];
        Ok(self.succeed(&arguments)?.stdout.is_empty())
    }

    /// Whether git has that file in its index.
    ///
    /// # Errors
    /// git cannot tell.
    pub(crate) fn tracks(&self, path: &str) -> Result<bool> {
        Ok(!self.succeed(&["ls-files", "--", &format!(":(literal){path}")])?.stdout.is_empty())
    }

    /// Whether a tracked file among these has a word in it.
    ///
    /// # Errors
    /// git cannot tell.
    pub(crate) fn has_word(&self, word: &str, files: &[&str]) -> Result<bool> {
        let program = self.program(&["grep", "--quiet", "--word-regexp", "--fixed-strings", "-e", word, "--"]);
        let program = program.args(files);
        let output = program.run()?;
        match output.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            Some(_) | None => Err(program.failed(&output)),
        }
    }

    /// The submodules that `.gitmodules` declares: name and path.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn submodules(&self) -> Result<Vec<(String, String)>> {
        let pattern = r"^submodule\..*\.path$";
        let output = self.program(&["config", "--null", "--file", ".gitmodules", "--get-regexp", pattern]).run()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let declared = said.split('\0').filter_map(|entry| entry.split_once('\n'));
        let named = declared.filter_map(|(key, path)| {
            let name = key.strip_prefix("submodule.")?.strip_suffix(".path")?;
            Some((name.to_owned(), path.to_owned()))
        });
        Ok(named.collect())
    }

    /// The files that git does not track and one of these globs names, ignored ones among them. Globs are paths from the
    /// root of the repository.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn untracked(&self, globs: &[String]) -> Result<Vec<RepoPath>> {
        let globs = globs.iter().map(|glob| format!(":(top,glob){glob}"));
        let arguments: Vec<String> =
            ["ls-files", "--others", "-z", "--"].map(str::to_owned).into_iter().chain(globs).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let listed = self.succeed(&arguments)?.stdout;
        let paths = listed.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        Ok(paths.map(|path| RepoPath::from(&*String::from_utf8_lossy(path))).collect())
    }

    /// What a remote has: refs with the object that each peels to. Nothing is fetched.
    ///
    /// # Errors
    /// The remote does not answer.
    pub(crate) fn remote_refs(&self, remote: &RemoteName) -> Result<BTreeMap<String, CommitId>> {
        let said = self.succeed(&["ls-remote", "--quiet", "--", remote.as_str()])?.text();
        let mut refs = BTreeMap::new();
        for (id, name) in said.lines().filter_map(|line| line.split_once('\t')) {
            // The peeled line of an annotated tag comes after the tag's own, and replaces it.
            refs.insert(name.trim_end_matches("^{}").to_owned(), CommitId::from(id));
        }
        Ok(refs)
    }
}
