//! What `check` says of git: with real repositories, remotes and hooks.

use crate::tearoom::Tearoom;

impl Tearoom {
    /// With a remote that has the branch.
    fn with_remote() -> Self {
        let tearoom = Self::new();
        let remote = tearoom.outside("remote.git");
        tearoom.run("git", &format!("init -q --bare -b main {remote}"));
        tearoom.run("git", &format!("remote add origin {remote}"));
        tearoom.run("git", "push -q origin main");
        tearoom
    }

    /// A place beside the checkout.
    fn outside(&self, name: &str) -> String {
        self.path("..").join(name).display().to_string()
    }

    /// A hook of git that leaves a file behind.
    fn hook(&self, name: &str, mode: &str) {
        let path = format!(".git/hooks/{name}");
        self.write(&path, &format!("#!/bin/sh\ntouch {}\n", self.outside(name)));
        self.run("chmod", &format!("{mode} {path}"));
    }
}

/// A remote that takes no push from here is found with `--release`, and nobody else is asked.
#[test]
fn a_refused_push_is_found() {
    let tearoom = Tearoom::with_remote();
    assert_eq!(tearoom.codes("--release"), [""; 0]);
    tearoom.run("git", "config remote.origin.pushurl /nowhere");
    assert_eq!(tearoom.codes("--release"), ["error push-refused"]);
    assert_eq!(tearoom.codes(""), [""; 0]);
}

/// What only the server's hook decides is not foreseen: it is listed with its step, and nothing has moved there.
#[test]
fn hooks_of_the_server_show_at_their_step() {
    let tearoom = Tearoom::with_remote();
    let (remote, hook) = (tearoom.outside("remote.git"), tearoom.outside("remote.git/hooks/pre-receive"));
    tearoom.write("../remote.git/hooks/pre-receive", "#!/bin/sh\nexit 1\n");
    tearoom.run("chmod", &format!("+x {hook}"));
    tearoom.hook("pre-push", "+x");
    let before = tearoom.run("git", &format!("-C {remote} for-each-ref")).text();
    let output = tearoom.check("--release -v");
    assert!(output.success(), "{}", output.stderr);
    assert!(output.text().contains("at reserve (nothing is published"), "{}", output.text());
    assert_eq!(tearoom.run("git", &format!("-C {remote} for-each-ref")).text(), before);
    assert!(!tearoom.path("../pre-push").exists(), "a hook of the user's ran");
}

/// Where nobody is known by name a pull request can be checked, and a release cannot be made.
#[test]
fn a_release_needs_an_identity() {
    let tearoom = Tearoom::with_remote();
    tearoom.run("git", "config --unset user.email");
    tearoom.run("git", "config user.useConfigOnly true");
    assert_eq!(tearoom.codes("--release"), ["error commit-identity"]);
    let output = tearoom.check("");
    assert!(output.success() && output.text().contains("Verified       2 packages"), "{}", output.stderr);
}

/// What signs is looked for where something is signed, and made to sign something that is thrown away.
#[test]
fn a_signature_needs_a_key_and_a_program() {
    let tearoom = Tearoom::with_remote();
    for setting in ["gpg.format ssh", "gpg.ssh.program git", "commit.gpgSign true"] {
        tearoom.run("git", &format!("config {setting}"));
    }
    assert_eq!(tearoom.codes("--release"), ["error cannot-sign"]);
    tearoom.run("git", "config user.signingKey ~/no-such-key.pub");
    assert_eq!(tearoom.codes("--release"), ["error cannot-sign"]);
    // The key may be there, and a program that does not sign with it is found too: the check signs something.
    tearoom.run("git", "config user.signingKey key::ssh-ed25519");
    assert_eq!(tearoom.codes("--release"), ["error cannot-sign"]);
    tearoom.run("git", "config gpg.ssh.program no-such-program");
    assert_eq!(tearoom.codes("--release"), ["error cannot-sign"]);
    assert_eq!(tearoom.codes(""), [""; 0]);
    tearoom.run("git", "config commit.gpgSign false");
    assert_eq!(tearoom.codes("--release"), [""; 0]);
}

/// A hook that git would skip is told; one that it would run is run only where that is asked for.
#[cfg(unix)]
#[test]
fn hooks_have_to_be_executable() {
    let tearoom = Tearoom::with_remote();
    tearoom.hook("pre-commit", "-x");
    assert_eq!(tearoom.codes(""), ["warning hook-not-executable"]);
    tearoom.hook("pre-commit", "+x");
    assert_eq!(tearoom.codes(""), [""; 0]);
    assert!(!tearoom.path("../pre-commit").exists());
    assert_eq!(tearoom.codes("--hooks"), [""; 0]);
    assert!(tearoom.path("../pre-commit").exists());
}

/// What would be packed in the place of a file is found: the note of where a large file is, and a submodule that is not
/// checked out.
#[test]
fn what_was_not_fetched_is_found() {
    let tearoom = Tearoom::new();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";
    tearoom.write("sencha/leaf.bin", pointer);
    tearoom.commit();
    assert_eq!(tearoom.codes(""), ["error lfs-pointer"]);
    let tearoom = Tearoom::with_remote();
    let remote = tearoom.outside("remote.git");
    tearoom.run("git", &format!("-c protocol.file.allow=always submodule --quiet add {remote} matcha/pot"));
    tearoom.commit();
    assert_eq!(tearoom.codes(""), [""; 0]);
    tearoom.run("git", "submodule --quiet deinit --all");
    assert_eq!(tearoom.codes(""), ["warning submodule-empty"]);
}

/// A pull request in CI: one commit of history, no branch, no tags, nobody's name. What changed is not known, and that is
/// no error.
#[test]
fn a_cut_off_history_is_no_error() {
    let tearoom = Tearoom::with_remote();
    tearoom.publish("sencha").publish("matcha");
    tearoom.append("sencha/src/lib.rs", "//! Green.\n");
    tearoom.commit();
    tearoom.run("git", "push -q origin main");
    let clone = tearoom.outside("clone");
    tearoom.run("git", &format!("clone -q --depth=1 file://{} {clone}", tearoom.outside("remote.git")));
    tearoom.run("rm", "-rf .git");
    tearoom.run("mv", &format!("{clone}/.git .git"));
    tearoom.run("git", "switch -q --detach");
    let output = tearoom.check("");
    assert!(output.success(), "{}\n{}", output.text(), output.stderr);
    assert!(output.text().contains("warning[shallow-clone]"), "{}", output.text());
}
