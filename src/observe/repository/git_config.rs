//! What commits, tags and pushes are made with: identity, signing, hooks, submodules, and whether the remote lets us push.
//! Nothing is sent to find out; where it is asked for, something is signed and thrown away.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use super::state::first_lines;
use super::state::git;
use super::state::without_credentials;
use crate::config::Config;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::snapshot::Identity;
use crate::snapshot::Means;
use crate::snapshot::Push;
use crate::snapshot::Submodule;
use crate::tools::git::cli::Git;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;

/// The hooks that git runs when a release commits, lands and pushes.
const HOOKS: [&str; 6] = ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-merge", "pre-push"];
/// The keys of git's configuration that say who commits, and who signs with what.
const KEYS: &str = r"^(commit\.gpgsign|tag\.gpgsign|gpg\..*|user\..*|author\..*|committer\..*)$";

/// Reads them. Whether git can sign is known only when it has signed something (`prove`).
///
/// # Errors
/// git cannot be started.
pub(crate) fn read(root: &Path, environment: &Environment, config: &Config, prove: bool) -> Result<Means> {
    let settings = GitSettings::read(root, environment)?;
    let signs_commits = settings.says("commit.gpgsign");
    let signs_tags = settings.says("tag.gpgsign");
    let asked = config.workspace.sign_commit
        || config.packages.values().any(|settings| settings.sign_tag || settings.sign_commit);
    let signs = signs_commits || signs_tags || asked;
    let identity = identity(root, &settings)?;
    let mut cannot_sign = signs.then(|| settings.cannot_sign()).flatten();
    if signs && prove && cannot_sign.is_none() && !matches!(identity, Identity::Missing(_)) {
        cannot_sign = Git::at(root).cannot_sign()?;
    }
    Ok(Means { identity, signs_commits, signs_tags, cannot_sign, skipped_hooks: skipped_hooks(root)? })
}

/// The submodules that are declared, and whether each is checked out.
///
/// # Errors
/// git cannot be started.
pub(crate) fn submodules(root: &Path) -> Result<Vec<Submodule>> {
    if !root.join(".gitmodules").exists() {
        return Ok(Vec::new());
    }
    let declared = Git::at(root).submodules()?.into_iter();
    let submodule = |(_, path): (String, String)| {
        let filled = root.join(&path).join(".git").exists();
        Submodule { path: RepoPath::from(path.as_str()), filled }
    };
    Ok(declared.map(submodule).collect())
}

/// Whether the remote begins to take a push of the head to this branch. git breaks it off before anything is sent; a
/// remote that asks who we are has asked by then. Hooks of the user's are not run.
///
/// # Errors
/// git cannot be started.
pub(crate) fn push(root: &Path, remote: &RemoteName, branch: &BranchName) -> Result<Push> {
    let refspec = format!("HEAD:refs/heads/{branch}");
    let arguments =
        ["push", "--dry-run", "--no-verify", "--recurse-submodules=no", "--porcelain", "--", remote.as_str()];
    // A mirror takes no refspecs; the release pushes by names as well.
    let by_names = ["-c".to_owned(), format!("remote.{remote}.mirror=false")];
    let output = git(root).args(by_names).args(arguments).arg(refspec).run()?;
    if output.success() {
        return Ok(Push::Begun);
    }
    Ok(Push::Refused(without_credentials(&first_lines(&output.tail(20)))))
}

/// What git's configuration says, the last value of each key.
struct GitSettings<'a> {
    values: BTreeMap<String, String>,
    environment: &'a Environment,
}

impl<'a> GitSettings<'a> {
    fn read(root: &Path, environment: &'a Environment) -> Result<Self> {
        let output = git(root).args(["config", "--null", "--get-regexp", KEYS]).run()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        // A key without a value has no line end, and is true.
        let entry = |entry: &str| match entry.split_once('\n') {
            Some((key, value)) => (key.to_owned(), value.to_owned()),
            None => (entry.to_owned(), "true".to_owned()),
        };
        let values = said.split('\0').filter(|text| !text.is_empty()).map(entry).collect();
        Ok(Self { values, environment })
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// As git reads a boolean.
    fn says(&self, key: &str) -> bool {
        let value = self.values.get(key).map(|value| value.to_lowercase()).unwrap_or_default();
        ["true", "yes", "on"].contains(&value.as_str()) || value.parse::<i64>().is_ok_and(|number| number != 0)
    }

    fn names_address(&self, who: &str) -> bool {
        let variable = format!("GIT_{}_EMAIL", who.to_uppercase());
        let by_variable = [variable.as_str(), "EMAIL"].iter().any(|name| self.environment.get(name).is_some());
        by_variable || self.text("user.email").is_some() || self.text(&format!("{who}.email")).is_some()
    }

    /// Why nothing can be signed: no program, or no key, as far as that is known without signing.
    fn cannot_sign(&self) -> Option<String> {
        let format = self.text("gpg.format").unwrap_or("openpgp");
        let usual = match format {
            "openpgp" => "gpg",
            "x509" => "gpgsm",
            "ssh" => "ssh-keygen",
            other => return Some(format!("`gpg.format` is `{other}`, which git does not know")),
        };
        let own = self.text(&format!("gpg.{format}.program"));
        let older = self.text("gpg.program").filter(|_| format == "openpgp");
        let program = own.or(older).unwrap_or(usual);
        if !self.environment.has_program(&self.expanded(program)) {
            return Some(format!("the signing program `{program}` was not found"));
        }
        if format == "ssh" { self.no_ssh_key() } else { None }
    }

    /// With ssh a key must be named: itself, or the file that it is in. For the other formats git falls back on the
    /// address of the committer, and which keys there are is not asked.
    fn no_ssh_key(&self) -> Option<String> {
        let Some(key) = self.text("user.signingkey") else {
            let other = self.text("gpg.ssh.defaultkeycommand").is_some();
            return (!other).then(|| "`gpg.format` is `ssh`, and `user.signingKey` names no key".to_owned());
        };
        let is_itself = key.starts_with("key::") || key.starts_with("ssh-");
        let missing = !is_itself && !self.expanded(key).exists();
        missing.then(|| format!("the key in `user.signingKey` does not exist: `{key}`"))
    }

    /// With the home directory in the place of `~`.
    fn expanded(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), self.environment.home()) {
            (Some(rest), Some(home)) => home.join(rest),
            (_, _) => PathBuf::from(path),
        }
    }
}

/// git is asked for the identity as it would write it.
fn identity(root: &Path, settings: &GitSettings<'_>) -> Result<Identity> {
    for who in ["author", "committer"] {
        let variable = format!("GIT_{}_IDENT", who.to_uppercase());
        let output = git(root).args(["var", &variable]).run()?;
        if !output.success() {
            let said = output.stderr.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            return Ok(Identity::Missing(said.trim_start_matches("fatal: ").to_owned()));
        }
        if !settings.names_address(who) {
            let text = output.text();
            let name = text.rsplit_once('>').map_or(text.as_str(), |(before, _)| before);
            return Ok(Identity::Guessed(format!("{name}>")));
        }
    }
    Ok(Identity::Known)
}

/// Hooks that are there and are not executable: git says so in passing, and goes on without them.
fn skipped_hooks(root: &Path) -> Result<Vec<String>> {
    let asked = git(root).args(["rev-parse", "--path-format=absolute", "--git-path", "hooks"]).run()?;
    let dir = PathBuf::from(asked.text());
    let skipped = HOOKS.iter().filter(|hook| files::is_there_but_not_executable(&dir.join(hook)));
    Ok(skipped.map(|hook| (*hook).to_owned()).collect())
}
