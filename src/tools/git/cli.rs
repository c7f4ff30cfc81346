//! The `git` program, for everything that writes or talks to a remote: hooks, signing, credential helpers and URL
//! rewrites then work as they do for the user. Reading history is for `repository`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use super::settings::STEADY;
use crate::error::Failure;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::tools::system::files;
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

    /// The branch that is checked out here; `None` on a detached head.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn branch(&self) -> Result<Option<String>> {
        let output = self.program(&["symbolic-ref", "--quiet", "--short", "HEAD"]).run()?;
        Ok(output.success().then(|| output.text()))
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

    /// The newest commit of `base..tip` whose trailer of that key has that value.
    ///
    /// # Errors
    /// git cannot list the commits.
    pub(crate) fn commit_with_trailer(
        &self,
        base: &CommitId,
        tip: &str,
        trailer: (&str, &str),
    ) -> Result<Option<CommitId>> {
        let (key, value) = trailer;
        let format = format!("--format=%H %(trailers:key={key},valueonly,separator=%x2C)");
        let said = self.succeed(&["log", &format, "--end-of-options", &format!("{base}..{tip}")])?.text();
        let found = said.lines().filter_map(|line| line.split_once(' ')).find(|(_, found)| found.trim() == value);
        Ok(found.map(|(id, _)| CommitId::from(id)))
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

    /// Adds a worktree with a detached head, locked against pruning.
    ///
    /// # Errors
    /// git refuses.
    pub(crate) fn add_worktree(&self, dir: &Path, commit: &CommitId) -> Result<()> {
        let path = dir.to_string_lossy();
        let reason = "a release is in progress here";
        let git = self.clone().staging().without_hooks();
        git.succeed(&["worktree", "add", "--quiet", "--lock", "--reason", reason, "--detach", &path, commit.as_str()])?;
        git.elsewhere(dir).stays_whole()
    }

    /// Keeps programs that are started here, hooks for one, from taking this worktree for a sparse one as well.
    #[expect(clippy::excessive_nesting, reason = "a loop over what may be missing reads best in one place")]
    fn stays_whole(&self) -> Result<()> {
        let says = |key: &str| -> Result<bool> {
            Ok(self.program(&["config", "--worktree", "--type=bool", "--get", key]).run()?.text() == "true")
        };
        let keeps_its_own = self.program(&["config", "--type=bool", "--get", "extensions.worktreeConfig"]).run()?;
        if keeps_its_own.text() == "true" {
            for key in ["core.sparseCheckout", "index.sparse"] {
                if says(key)? {
                    self.succeed(&["config", "--worktree", key, "false"])?;
                }
            }
        }
        Ok(())
    }

    /// Makes a directory hold the files of a commit and no others of git's, without being a working tree of the
    /// repository: `index` remembers what is there, so that a file that stays as it is stays untouched.
    ///
    /// # Errors
    /// The commit cannot be read, or a file cannot be written.
    pub(crate) fn extract(&self, commit: &CommitId, dir: &Path, index: &Path) -> Result<()> {
        files::make_dir(dir)?;
        let work_tree = format!("--work-tree={}", dir.display());
        let arguments = ["-c", "core.sparseCheckout=false", &work_tree, "read-tree", "--reset", "-u", commit.as_str()];
        // Large files that live elsewhere are no source code.
        let program = self.program(&arguments).env("GIT_INDEX_FILE", index).env("GIT_LFS_SKIP_SMUDGE", "1");
        program.succeed().map(drop)
    }

    /// Removes a worktree of ours with everything in it; also one whose directory is gone.
    ///
    /// # Errors
    /// The directory cannot be removed.
    pub(crate) fn remove_worktree(&self, dir: &Path) -> Result<()> {
        let path = dir.to_string_lossy();
        // A locked worktree wants the flag twice. It may be half made: then git knows nothing of it.
        let output = self.program(&["worktree", "remove", "--force", "--force", &path]).run()?;
        files::remove(dir)?;
        if !output.success() {
            self.program(&["worktree", "unlock", &path]).run()?;
            self.succeed(&["worktree", "prune"])?;
        }
        Ok(())
    }

    /// Commits everything that differs in this working tree, as the user's own `git commit` would.
    ///
    /// # Errors
    /// There is nothing to commit, a hook refuses, or signing fails.
    pub(crate) fn commit_all(
        &self,
        planned: &[RepoPath],
        message: &str,
        trailers: &[String],
        sign: bool,
    ) -> Result<CommitId> {
        self.succeed(&["add", "--all"])?;
        // What the plan writes is committed though the user ignores files of that name.
        let there = planned.iter().filter(|path| self.dir.join(path.as_str()).exists());
        let there: String = there.map(|path| format!(":(top,literal){path}\0")).collect();
        self.program(&["add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"]).input(there).succeed()?;
        let sign: &[&str] = if sign { &["--gpg-sign"] } else { &[] };
        let trailers: Vec<&str> = trailers.iter().flat_map(|trailer| ["--trailer", trailer]).collect();
        let arguments =
            [&["commit", "--quiet", "--cleanup=whitespace", "--file=-"], trailers.as_slice(), sign].concat();
        self.program(&arguments).input(message).succeed()?;
        // What a hook left beside the commit is not released, and cargo would refuse to pack with it.
        let git = self.clone().without_hooks();
        git.succeed(&["reset", "--quiet", "--hard"])?;
        git.succeed(&["clean", "--quiet", "-d", "--force"])?;
        self.commit_of("HEAD")?.ok_or_else(|| Failure::bug("a commit was made and `HEAD` names none"))
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

    /// Checks a submodule out at the commit that is wanted here, cloned from a checkout of it on this machine.
    ///
    /// # Errors
    /// That checkout has not got the commit.
    pub(crate) fn fill_submodule(&self, name: &str, path: &str, source: &Path) -> Result<()> {
        let local = self.clone().without_hooks().with_setting(format!("submodule.{name}.url={}", source.display()));
        // git clones submodules from this machine only where it is told that it may; this one is the user's own.
        let local = local.with_setting("protocol.file.allow=always".to_owned());
        let local = local.with_setting(format!("submodule.{name}.update=checkout"));
        local.succeed(&["submodule", "--quiet", "update", "--init", "--checkout", "--", path])?;
        Ok(())
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

    /// Fast-forwards the branch that is checked out. Without `--no-overwrite-ignore` git would overwrite an ignored
    /// file of the user's in silence.
    ///
    /// # Errors
    /// It is no fast-forward, or a file is in the way.
    pub(crate) fn fast_forward(&self, commit: &CommitId) -> Result<()> {
        self.succeed(&["merge", "--quiet", "--ff-only", "--no-overwrite-ignore", commit.as_str()])?;
        Ok(())
    }

    /// Moves a branch that is not checked out from one commit to another.
    ///
    /// # Errors
    /// It is not where it was expected.
    pub(crate) fn move_branch(&self, branch: &str, from: &CommitId, to: &CommitId) -> Result<()> {
        let branch = format!("refs/heads/{branch}");
        self.succeed(&["update-ref", &branch, to.as_str(), from.as_str()])?;
        Ok(())
    }

    /// Puts the branch that is checked out back to a commit, keeping every local change.
    ///
    /// # Errors
    /// A local change is in the way.
    pub(crate) fn put_back(&self, commit: &CommitId) -> Result<()> {
        self.succeed(&["reset", "--quiet", "--keep", commit.as_str()])?;
        Ok(())
    }

    /// Asks whether [`Git::put_back`] would succeed, and changes nothing.
    ///
    /// # Errors
    /// A local change is in the way.
    pub(crate) fn could_put_back(&self, commit: &CommitId) -> Result<()> {
        // Only refreshes what git remembers of files; that some differ is no news here.
        self.program(&["update-index", "-q", "--refresh"]).run()?;
        self.succeed(&["read-tree", "-m", "-u", "--dry-run", "HEAD", commit.as_str()])?;
        Ok(())
    }

    /// Makes a tag: annotated with the message as it is (git would take `## …` lines for comments), signed where asked,
    /// lightweight where the message is empty. Never moves one.
    ///
    /// # Errors
    /// There is one of that name, or signing fails.
    pub(crate) fn tag(&self, tag: &TagName, commit: &CommitId, message: &str, sign: bool) -> Result<()> {
        if message.is_empty() && !sign {
            self.succeed(&["tag", "--no-sign", "--", tag.as_str(), commit.as_str()])?;
            return Ok(());
        }
        let kind = if sign { "--sign" } else { "--annotate" };
        let arguments = ["tag", kind, "--cleanup=verbatim", "--file=-", "--", tag.as_str(), commit.as_str()];
        self.program(&arguments).input(message).succeed()?;
        Ok(())
    }

    /// Deletes a local tag.
    ///
    /// # Errors
    /// There is none of that name.
    pub(crate) fn delete_tag(&self, tag: &TagName) -> Result<()> {
        self.succeed(&["tag", "--delete", "--", tag.as_str()])?;
        Ok(())
    }

    /// What a remote has: refs with the object that each peels to. Nothing is fetched.
    ///
    /// # Errors
    /// The remote does not answer.
    pub(crate) fn remote_refs(&self, remote: &str) -> Result<BTreeMap<String, CommitId>> {
        let said = self.succeed(&["ls-remote", "--quiet", "--", remote])?.text();
        let mut refs = BTreeMap::new();
        for (id, name) in said.lines().filter_map(|line| line.split_once('\t')) {
            // The peeled line of an annotated tag comes after the tag's own, and replaces it.
            refs.insert(name.trim_end_matches("^{}").to_owned(), CommitId::from(id));
        }
        Ok(refs)
    }

    /// Pushes these refspecs together or not at all, never by force.
    ///
    /// # Errors
    /// The remote refuses, or does not answer.
    pub(crate) fn push(&self, remote: &str, refspecs: &[String], options: &[String]) -> Result<()> {
        let options = options.iter().flat_map(|option| ["--push-option", option]);
        // Not every remote can take several refs at once; one ref is atomic anyway.
        let atomic: &[&str] = if refspecs.len() > 1 { &["--atomic"] } else { &[] };
        let front = ["push", "--quiet"].into_iter().chain(atomic.iter().copied());
        let arguments: Vec<&str> =
            front.chain(options).chain(["--", remote]).chain(refspecs.iter().map(String::as_str)).collect();
        // A mirror takes no refspecs.
        self.clone().with_setting(format!("remote.{remote}.mirror=false")).succeed(&arguments)?;
        Ok(())
    }
}
