//! What git is configured to do: for one worktree, for one branch, for everything.

use std::path::Path;

use super::world::World;

fn executable(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Configuration of the user, which the sealed world otherwise has none of, and no identity by variables.
fn release_as_configured(world: &World, arguments: &[&str]) -> String {
    let arguments = [&["-x", "--no-confirm"], arguments].concat();
    let output = world.release_configured(&arguments);
    assert!(output.success(), "status {:?}\n{}\n{}", output.code, output.text(), output.stderr);
    output.text()
}

/// What is configured for the worktree, the branch or the place of the user's checkout holds for the release commit.
#[test]
fn for_one_worktree_or_branch() {
    for how in ["worktree", "onbranch:main", "gitdir:shop/.git"] {
        let world = World::new();
        executable(&world.outside("hooks/pre-commit"), "#!/bin/sh\ncat >/dev/null\necho ran >> \"$HOME/hooked\"\n");
        let hooks = world.outside("hooks").display().to_string();
        if how == "worktree" {
            world.git("config extensions.worktreeConfig true").git("config --worktree user.name Worker");
            world.git("config --worktree user.email w@example.com");
            world.git(&format!("config --worktree core.hooksPath {hooks}"));
        } else {
            let how = how.replace("shop", &world.root().canonicalize().unwrap().display().to_string());
            let own = format!("[user]\n\tname = Worker\n\temail = w@example.com\n[core]\n\thooksPath = {hooks}\n");
            std::fs::write(world.outside("home/own"), own).unwrap();
            std::fs::write(world.outside("home/.gitconfig"), format!("[includeIf \"{how}\"]\n\tpath = own\n")).unwrap();
        }
        release_as_configured(&world, &[]);
        assert_eq!(world.git_says("log -1 --format=%an,%ae,%cn"), "Worker,w@example.com,Worker", "{how}");
        assert_eq!(std::fs::read_to_string(world.outside("home/hooked")).unwrap(), "ran\n", "{how}");
    }
}

/// Hooks, a key and a program that signs are found from the user's checkout, though git does not have them.
#[test]
fn by_relative_paths() {
    let world = World::files();
    world.write(".gitignore", "/target\n/.private\n").init().publish_branch();
    executable(&world.root().join(".private/hooks/pre-commit"), "#!/bin/sh\necho ran >> \"$HOME/hooked\"\n");
    executable(
        &world.root().join(".private/sign"),
        "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" = -f ] && key=$2; shift; done\n\
         grep -q secret \"$key\" && printf -- '-----BEGIN SSH SIGNATURE-----\\nx\\n-----END SSH SIGNATURE-----\\n' > \"$1.sig\"\n",
    );
    world.write(".private/key", "secret\n");
    for setting in ["core.hooksPath .private/hooks", "gpg.format ssh", "user.signingKey .private/key"] {
        world.git(&format!("config {setting}"));
    }
    world
        .git("config gpg.ssh.program ./.private/sign")
        .git("config commit.gpgSign true")
        .git("config tag.gpgSign true");
    world.releases(&[]);
    assert!(world.git_says("cat-file commit HEAD").contains("BEGIN SSH SIGNATURE"));
    assert!(world.git_says("cat-file tag cli-v1.2.0").contains("BEGIN SSH SIGNATURE"));
    assert_eq!(std::fs::read_to_string(world.outside("home/hooked")).unwrap(), "ran\n");
}

/// A signature that cannot be made is found by `check --release`, which makes one and throws it away.
#[test]
fn with_a_key_that_does_not_sign() {
    let world = World::new();
    executable(&world.outside("sign"), "#!/bin/sh\ncat >/dev/null\necho 'the card is not in the reader' >&2\nexit 1\n");
    world.git(&format!("config gpg.program {}", world.outside("sign").display())).git("config commit.gpgSign true");
    let refused = world.release(&["check", "--release"]);
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(refused.text().contains("the card is not in the reader"), "{}", refused.text());
    executable(
        &world.outside("sign"),
        "#!/bin/sh\ncat >/dev/null\nprintf '\\n[GNUPG:] SIG_CREATED ' >&2\nprintf -- '-----BEGIN PGP SIGNATURE-----\\nx\\n-----END PGP SIGNATURE-----\\n'\n",
    );
    let signed = world.release(&["check", "--release"]);
    assert!(signed.success(), "{}{}", signed.text(), signed.stderr);
}

/// Hooks that git runs when a worktree is made do not run for the stage, and leave nothing in the release.
#[test]
fn with_hooks_of_checkouts() {
    let world = World::new();
    for hook in ["post-checkout", "reference-transaction", "post-index-change"] {
        executable(&world.root().join(".git/hooks").join(hook), "#!/bin/sh\ntouch left-by-a-hook core/src/left.rs\n");
    }
    let stopped = world.release(&["-x", "--no-confirm", "--until", "verify"]);
    assert!(stopped.success(), "{}", stopped.stderr);
    std::fs::remove_dir_all(world.root().join(".git/hooks")).unwrap();
    std::fs::remove_file(world.root().join("left-by-a-hook")).unwrap_or(());
    std::fs::remove_file(world.root().join("core/src/left.rs")).unwrap_or(());
    world.git("status --porcelain");
    let resumed = world.release(&["resume", "--no-confirm"]);
    assert!(resumed.success(), "{}", resumed.stderr);
    assert!(!world.git_says("ls-tree -r --name-only HEAD").contains("left"));
}

/// Whatever a user's configuration switches on, the release is the same.
#[test]
fn with_everything_switched_on() {
    let with = "[push]\n\tfollowTags = true\n\trecurseSubmodules = on-demand\n\tdefault = nothing\n[log]\n\tshowSignature = true\n\
        [color]\n\tui = always\n[i18n]\n\tcommitEncoding = ISO-8859-1\n[trailer]\n\tseparators = \"%\"\n\twhere = start\n\
        \tifMissing = doNothing\n[merge]\n\tff = false\n\tverifySignatures = true\n\tautoStash = true\n[status]\n\
        \tshowUntrackedFiles = no\n\trelativePaths = true\n[diff]\n\tnoprefix = true\n\trelative = true\n\torderFile = nowhere\n\
        \tignoreSubmodules = all\n[core]\n\texcludesFile = ~/ignored\n\tabbrev = 4\n\tcommentChar = \"-\"\n\
        [index]\n\tskipHash = true\n\tversion = 4\n[feature]\n\tmanyFiles = true\n[submodule]\n\trecurse = true\n[commit]\n\
        \tcleanup = scissors\n\tverbose = true\n\tstatus = true\n[tag]\n\tsort = version:refname\n[fetch]\n\tprune = true\n\
        [format]\n\tpretty = oneline\n[remote \"origin\"]\n\tmirror = true\n[pull]\n\trebase = true\n[grep]\n\tlineNumber = true\n\
        \tpatternType = perl\n[user]\n\tname = Ann\n\temail = ann@example.com\n[pager]\n\tlog = cat\n[column]\n\tui = always\n";
    let (plain, switched) = (World::new(), World::new());
    std::fs::write(plain.outside("home/.gitconfig"), "[user]\n\tname = Ann\n\temail = ann@example.com\n").unwrap();
    std::fs::write(switched.outside("home/.gitconfig"), with).unwrap();
    std::fs::write(switched.outside("home/ignored"), "CHANGELOG.md\n*.lock\n").unwrap();
    for world in [&plain, &switched] {
        world.write("Söhne.txt", "x\n").commit("feat: Söhne").git("push --quiet origin main").git("tag -m other other");
        release_as_configured(world, &[]);
        assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
    }
    let of = |world: &World, what: &str| world.git_says(what);
    for what in ["rev-parse HEAD^{tree}", "log -1 --format=%B", "ls-remote --refs origin", "status --porcelain"] {
        let strip = |text: String| {
            text.lines().map(|line| line.split('\t').next_back().unwrap_or(line).to_owned()).collect::<Vec<_>>()
        };
        let (one, other) = (of(&plain, what), of(&switched, what));
        if what.starts_with("ls-remote") {
            assert_eq!(strip(one), strip(other));
        } else {
            assert_eq!(one, other, "{what}");
        }
    }
}
