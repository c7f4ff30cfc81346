#!/usr/bin/env python3
"""Runs this program beside cargo-release 1.1.6 on small workspaces, and compares what both leave.

    cargo install --locked --root /tmp/peer cargo-release --version 1.1.6
    tests/differential.py /tmp/peer/bin/cargo-release target/debug/cargo-release [WORD]

Both run on the same repository: the same commits, nothing published, nothing pushed. What is compared is whether they
succeed, the files of the release commit, its message, and the tags with the first line of their messages. A difference has
to be in DELIBERATE (docs/coming-from-cargo-release.md says why), or it is a failure. WORD runs the cases whose names have
it. Not part of the default run: it takes minutes, and needs the other program.
"""

import os
import shutil
import subprocess
import sys
import tempfile

# Differences that are meant: a part of the name of the case, and why.
DELIBERATE = [
    ("none on 1.2.4-rc.1", "a bare release does not turn a pre-release loose"),
    ("none on 1.2.4-alpha.2", "a bare release does not turn a pre-release loose"),
    ("hook creates a file", "what hooks create is part of the release commit"),
    ("part of an inherited version", "the version moves for all of them"),
    ("one tag for two versions", "a tag names one version"),
    ("prev-tag-name that is not there", "a typo must not be silent"),
    ("unknown key in rate-limit", "a typo must not be silent"),
    ("commit message of one of several", "one released package fills the templates"),
    ("nothing to commit", "nothing is wrong"),
    ("hook commits", "the commit of a hook becomes part of the release, before its commit"),
]

# What a release commit says beside the message that both write (docs/coming-from-cargo-release.md).
TRAILERS = ("Release-Plan:", "Release-Base:")

CRATE = '[package]\nname = "{name}"\nversion = {version}\nedition = "2021"\n{more}'


def member(name, version="1.2.3", more=""):
    shown = "{ workspace = true }" if version == "workspace" else f'"{version}"'
    return {f"{name}/Cargo.toml": CRATE.format(name=name, version=shown, more=more), f"{name}/src/lib.rs": f"//! {name}\n"}


def workspace(*members, root="", config="", files=None):
    names = [next(iter(each)).split("/")[0] for each in members]
    tree = {"Cargo.toml": f'[workspace]\nresolver = "2"\nmembers = {names}\n'.replace("'", '"') + root}
    for each in members:
        tree.update(each)
    tree["release.toml"] = config
    tree.update(files or {})
    return tree


def single(version="1.2.3", config="", more="", files=None):
    tree = {"Cargo.toml": CRATE.format(name="solo", version=f'"{version}"', more=more), "src/lib.rs": "//! solo\n"}
    tree["release.toml"] = config
    tree.update(files or {})
    return tree


def pair(requirement="1.2.3", config="", base_config="", left_config="", **more):
    left = f'\n[dependencies]\nbase = {{ path = "../base", version = "{requirement}" }}\n'
    files = {"base/release.toml": base_config, "left/release.toml": left_config, **more.pop("files", {})}
    return workspace(member("base"), member("left", more=left), config=config, files=files, **more)


def replacement(**keys):
    inner = ", ".join(f"{key} = {value}" for key, value in keys.items())
    return f"pre-release-replacements = [{{ {inner} }}]\n"


def cases():
    for version in ["1.2.3", "0.4.1", "0.0.3", "1.2.4-rc.1", "1.2.4-alpha.2", "1.2.3+b"]:
        for level in ["major", "minor", "patch", "release", "alpha", "beta", "rc", "2.0.0", "2.0.0-rc.1", ""]:
            yield f"level {level or 'none'} on {version}", single(version), [level] if level else []
    for requirement in ["1.2.3", "^1.2", "~1.2.3", "=1.2.3", "1", "1.2.*", "*", ">=1.2, <3"]:
        for level in ["patch", "minor", "major", "rc"]:
            for policy in ["", "upgrade", "fix"]:
                line = f'dependent-version = "{policy}"\n' if policy else ""
                name = f"requirement {requirement} {level} {policy or 'unset'}"
                yield name, pair(requirement, base_config=line), [level, "-p", "base"]
    for place in ["base", "left"]:
        for policy in ["upgrade", "fix"]:
            lines = {f"{place}_config": f'dependent-version = "{policy}"\n'}
            yield f"dependent-version {policy} in {place}", pair("1.2", **lines), ["patch", "-p", "base"]
    yield from keys()
    yield from placeholders()
    yield from hooks()
    yield from selections()
    yield from steps()


def keys():
    lines = {
        "tag off": "tag = false\n",
        "tag-name": 'tag-name = "{{crate_name}}/{{version}}"\n',
        "tag-prefix": 'tag-prefix = "rel-"\n',
        "empty tag-prefix": 'tag-prefix = "{{crate_name}}@"\n',
        "lightweight tag": 'tag-message = ""\n',
        "tag-message": 'tag-message = "{{crate_name}} {{version}} of {{date}}"\n',
        "one tag for all": 'tag-name = "v{{version}}"\n',
        "commit message": 'pre-release-commit-message = "release it on {{date}}"\n',
        "commits of their own": "consolidate-commits = false\n",
        "own commits with messages": 'consolidate-commits = false\npre-release-commit-message = "{{crate_name}} {{prev_version}} {{version}}"\n',
        "shared-version": "shared-version = true\n",
        "shared-version by name": 'shared-version = "tea"\n',
        "release off": "release = false\n",
        "metadata persistent": 'metadata = "persistent"\n',
        "metadata ignore": 'metadata = "ignore"\n',
        "allow-branch main": 'allow-branch = ["main"]\n',
        "allow-branch other": 'allow-branch = ["other"]\n',
        "allow-branch glob": 'allow-branch = ["m*"]\n',
        "allow-branch not": 'allow-branch = ["*", "!main"]\n',
        "allow-branch in a directory": 'allow-branch = ["release/*"]\n',
        "rate-limit": "[rate-limit]\nnew-packages = 1\nexisting-packages = 1\n",
        "unknown key in rate-limit": "[rate-limit]\nnew-package = 1\n",
        "unknown key": "tag-nam = \"x\"\n",
        "verify off": "verify = false\n",
        "certs-source": 'certs-source = "native"\n',
        "unstable": "[unstable]\nworkspace-publish = true\n",
        "owners": 'owners = ["ann"]\n',
        "push-options": 'push-options = ["ci.skip"]\n',
        "enable-features": "enable-all-features = true\n",
        "sign off": "sign-commit = false\nsign-tag = false\n",
    }
    for name, config in lines.items():
        yield f"key {name}", pair(config=config), ["minor", "--workspace"]
        yield f"key {name} in a package", pair(base_config=config), ["patch", "--workspace"]
        table = f"\n[package.metadata.release]\n{config.replace('[', '[package.metadata.release.', 1) if config.startswith('[') else config}"
        yield f"key {name} in metadata", single(more=table), ["minor"]
    yield "key metadata required", single(config='metadata = "required"\n'), ["minor"]
    yield "key metadata given", single(config='metadata = "required"\n'), ["minor", "-m", "b1"]
    yield "one tag for two versions", workspace(member("base"), member("left", "2.0.0"), config='tag-name = "v1"\n'), ["minor", "--workspace"]
    yield "commit message of one of several", pair(config='pre-release-commit-message = "{{crate_name}} {{version}}"\n'), ["minor", "-p", "base"]
    yield "isolated", pair(config="tag = false\n"), ["minor", "--workspace", "--isolated"]
    yield "given file", pair(config="tag = false\n", files={"my.toml": "tag = true\n"}), ["minor", "--workspace", "-c", "my.toml"]


def placeholders():
    names = ["prev_version", "prev_metadata", "version", "metadata", "crate_name", "date", "prefix", "tag_name", "repository", "unknown"]
    about = 'repository = "https://git.example/solo"\n'
    for name in names:
        mark = "{{" + name + "}}"
        for key in ["tag-message", "pre-release-commit-message", "tag-name", "tag-prefix"]:
            # A name of a tag can hold neither braces nor nothing.
            if key in ("tag-name", "tag-prefix") and name in ("prefix", "tag_name", "repository", "date", "unknown"):
                continue
            yield f"placeholder {name} in {key}", single(config=f'{key} = "x{mark}x{{{{version}}}}"\n', more=about), ["minor"]
        text = replacement(file='"A.txt"', search='"here"', replace=f'"{mark}"')
        yield f"placeholder {name} in replace", single(config=text, more=about, files={"A.txt": "here\n"}), ["minor"]
        hook = f'pre-release-hook = ["sh", "-c", "echo \'{mark}\' > A.txt"]\n'
        yield f"placeholder {name} in a hook", single(config=hook, more=about, files={"A.txt": "here\n"}), ["minor"]


def hooks():
    scripts = {
        "hook edits a file": "echo $NEW_VERSION $PREV_VERSION $CRATE_NAME > A.txt",
        "hook compares roots": "test $CRATE_ROOT = $WORKSPACE_ROOT/base && echo ok > A.txt",
        "hook strips the root": 'echo "${CRATE_ROOT#\\"$WORKSPACE_ROOT/\\"}" > A.txt; echo ok > A.txt',
        "hook fails": "exit 3",
        "hook asks the branch": "git rev-parse --abbrev-ref HEAD > A.txt",
        "hook creates a file": "echo new > B.txt",
        "hook reads the manifest": "grep version Cargo.toml > A.txt",
        "hook reads DRY_RUN": "echo $DRY_RUN > A.txt",
        "hook removes a file": "rm A.txt",
        "hook reads stdin": "cat > A.txt",
    }
    for name, script in scripts.items():
        text = "pre-release-hook = ['sh', '-c', '''" + script + "''']\n"
        yield name, pair(base_config=text, files={"base/A.txt": "a\n"}), ["minor", "--workspace"]
    text = "pre-release-hook = ['sh', '-c', '''echo $CRATE_NAME >> ../ORDER.txt''']\n"
    right = member("aright", more='\n[dependencies]\nleft = { path = "../left", version = "1.2.3" }\n')
    chain = workspace(member("zbase"), member("left", more='\n[dependencies]\nzbase = { path = "../zbase", version = "1.2.3" }\n'), right, config=text, files={"ORDER.txt": ""})
    yield "order of hooks", chain, ["minor", "--workspace"]
    apart = dict(chain)
    apart["release.toml"] = text + "consolidate-commits = false\n"
    yield "order of commits", apart, ["minor", "--workspace"]
    for name, keys in {
        "once": {"file": '"A.txt"', "search": '"a"', "replace": '"b"'},
        "captures": {"file": '"A.txt"', "search": '"(a)(.)"', "replace": '"$2$1{{version}}"'},
        "min missed": {"file": '"A.txt"', "search": '"zz"', "replace": '"b"'},
        "min zero": {"file": '"A.txt"', "search": '"zz"', "replace": '"b"', "min": "0"},
        "exactly": {"file": '"A.txt"', "search": '"a"', "replace": '"b"', "exactly": "2"},
        "max exceeded": {"file": '"A.txt"', "search": '"a"', "replace": '"b"', "max": "1"},
        "multi-line": {"file": '"A.txt"', "search": '"^ab$"', "replace": '"c"'},
        "missing file": {"file": '"Z.txt"', "search": '"a"', "replace": '"b"'},
        "outside the package": {"file": '"../R.txt"', "search": '"a"', "replace": '"b"'},
        "the manifest": {"file": '"Cargo.toml"', "search": '"edition"', "replace": '"edition"'},
    }.items():
        for level in ["minor", "rc"]:
            files = {"base/A.txt": "ab\nac\n", "R.txt": "a\n"}
            yield f"replacement {name} {level}", pair(base_config=replacement(**keys), files=files), [level, "--workspace"]
    keys = {"file": '"A.txt"', "search": '"a"', "replace": '"b"', "prerelease": "true"}
    yield "replacement in pre-releases", pair(base_config=replacement(**keys), files={"base/A.txt": "a\n"}), ["rc", "--workspace"]


def selections():
    for name, flags in {
        "all": ["--workspace"], "one": ["-p", "left"], "both": ["-p", "left", "-p", "base"], "exclude": ["--exclude", "left"],
        "workspace and one": ["--workspace", "-p", "left"], "one and exclude": ["-p", "base", "--exclude", "left"],
        "unknown": ["-p", "nobody"], "none": [], "hidden all": ["--all"],
    }.items():
        yield f"select {name}", pair(), ["minor", *flags]
    inherited = 'version.workspace = true'
    root = '\n[workspace.package]\nversion = "1.2.3"\n'
    both = workspace(member("base", "workspace"), member("left", "workspace"), root=root)
    yield "inherited version", both, ["minor", "--workspace"]
    yield "part of an inherited version", both, ["minor", "-p", "base"]
    off = member("bench", "workspace", more="\n[package.metadata.release]\nrelease = false\n")
    yield "inherited by one that is not released", workspace(member("base", "workspace"), off, root=root), ["minor", "--workspace"]
    shared = '\n[workspace.dependencies]\nbase = { path = "base", version = "1.2.3" }\n'
    left = member("left", more="\n[dependencies]\nbase = { workspace = true }\n")
    yield "inherited requirement", workspace(member("base"), left, root=shared), ["major", "--workspace"]
    yield "quiet twice", pair(), ["minor", "--workspace", "-qq"]
    yield "quiet and loud", pair(), ["minor", "--workspace", "-q", "-v"]
    yield "prev-tag-name that is not there", pair(), ["minor", "--workspace", "--prev-tag-name", "nothing"]
    yield "flags of tags", pair(), ["minor", "--workspace", "--tag-prefix", "p-", "--tag-name", "{{prefix}}{{crate_name}}-{{version}}"]
    yield "no-tag", pair(), ["minor", "--workspace", "--no-tag"]
    yield "dev-dependency", workspace(member("base"), member("left", more='\n[dev-dependencies]\nbase = { path = "../base", version = "1.2.3" }\n')), ["major", "-p", "base"]
    yield "renamed dependency", workspace(member("base"), member("left", more='\n[dependencies]\nb = { package = "base", path = "../base", version = "1.2" }\n')), ["major", "-p", "base"]
    yield "dependency of a target", workspace(member("base"), member("left", more='\n[target."cfg(unix)".dependencies]\nbase = { path = "../base", version = "1.2" }\n')), ["major", "-p", "base"]
    yield "dependency by path alone", workspace(member("base"), member("left", more='\n[dependencies]\nbase = { path = "../base" }\n')), ["major", "-p", "base"]


def steps():
    for level in ["patch", "minor", "major", "rc", "3.0.0"]:
        yield f"step version {level}", pair(), ["version", level, "--workspace"]
    text = replacement(file='"A.txt"', search='"a"', replace='"{{version}}"')
    yield "step replace", pair(base_config=text, files={"base/A.txt": "a\n"}), ["replace", "--workspace"]
    text = "pre-release-hook = ['sh', '-c', '''echo $NEW_VERSION > A.txt''']\n"
    yield "step hook", pair(base_config=text, files={"base/A.txt": "a\n"}), ["hook", "--workspace"]
    yield "step commit of nothing to commit", pair(), ["commit"]
    yield "step tag", pair(), ["tag", "--workspace"]
    yield "step tag of one", pair(), ["tag", "-p", "left"]
    yield "step tag by name", pair(config='tag-name = "x{{version}}"\n'), ["tag", "--workspace"]


STEPS = ("version", "replace", "hook", "commit", "tag")


class Run:
    def __init__(self, program, tree):
        self.dir = tempfile.mkdtemp(prefix="differential-")
        self.home = tempfile.mkdtemp(prefix="differential-home-")
        self.root = os.path.join(self.dir, "repo")
        self.program = program
        for path, text in tree.items():
            place = os.path.join(self.root, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w") as file:
                file.write(text)
        # A registry of its own: the other program then asks no index, and this one none where nothing is published.
        config = os.path.join(self.dir, ".cargo", "config.toml")
        os.makedirs(os.path.dirname(config))
        with open(config, "w") as file:
            file.write('[registries.box]\nindex = "sparse+http://127.0.0.1:9/"\n')
        with open(os.path.join(self.root, ".gitignore"), "w") as file:
            file.write("target\n")
        subprocess.run(["cargo", "generate-lockfile", "--offline", "-q"], cwd=self.root, env=self.env(), capture_output=True)
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "feat: begin"]):
            subprocess.run(["git", *command], cwd=self.root, env=self.env(), check=True, capture_output=True)

    def env(self):
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "RUSTUP_HOME", "CARGO_HOME", "RUSTUP_TOOLCHAIN") if key in os.environ}
        kept.setdefault("RUSTUP_HOME", os.path.join(os.environ["HOME"], ".rustup"))
        kept.setdefault("CARGO_HOME", os.path.join(os.environ["HOME"], ".cargo"))
        who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in (("NAME", "Ann"), ("EMAIL", "ann@example.com"), ("DATE", "2026-11-22T12:00:00Z"))}
        return {**kept, **who, "HOME": self.home, "GIT_CONFIG_NOSYSTEM": "1", "CARGO_TERM_COLOR": "never"}

    def git(self, *arguments):
        done = subprocess.run(["git", *arguments], cwd=self.root, env=self.env(), capture_output=True, text=True)
        return done.stdout.strip()

    def outcome(self, arguments):
        is_step = bool(arguments) and arguments[0] in STEPS
        quiet = ["--registry", "box", "--no-publish", "--no-push"]
        line = [self.program, "release", *arguments, "-x", "--no-confirm", *([] if is_step else quiet)]
        done = subprocess.run(line, cwd=self.root, env=self.env(), capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.said = (done.stdout + done.stderr).strip()
        succeeded = done.returncode == 0
        log = self.git("log", "--format=%B%x00").split("\0")
        messages = ["\n".join(line for line in text.strip().splitlines() if not line.startswith(TRAILERS)).strip() for text in log]
        tags = self.git("for-each-ref", "refs/tags", "--format=%(refname:short) %(objecttype) %(contents:subject)")
        files = self.git("rev-parse", "HEAD^{tree}") + "\n" + self.git("diff", "HEAD")
        return {"succeeded": succeeded, "files": files, "messages": messages, "tags": tags}

    def end(self):
        shutil.rmtree(self.dir, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


def main():
    theirs, ours = (os.path.abspath(path) for path in sys.argv[1:3])
    word = sys.argv[3] if len(sys.argv) > 3 else ""
    count = {}
    failed = []
    for name, tree, arguments in cases():
        if word not in name:
            continue
        runs = [Run(program, tree) for program in (theirs, ours)]
        outcomes = [run.outcome(arguments) for run in runs]
        them, us = outcomes
        reason = next((why for part, why in DELIBERATE if part in name), None)
        if them == us:
            kind = "equal" if us["succeeded"] else "equal, and both refuse"
        elif not them["succeeded"] and not us["succeeded"]:
            kind = "both fail, theirs leaves something behind"
        elif not them["succeeded"]:
            kind = "theirs fails"
        elif reason:
            kind = "different on purpose"
        else:
            kind = "different"
            failed.append(name)
        count[kind] = count.get(kind, 0) + 1
        if kind == "different":
            print(f"DIFFERENT {name}: {' '.join(arguments)}")
            for key in them:
                if them[key] != us[key]:
                    print(f"  {key}\n    theirs: {them[key]!r}\n    ours:   {us[key]!r}")
            if not us["succeeded"]:
                print("    " + runs[1].said.replace("\n", "\n    "))
        elif kind != "equal":
            print(f"{kind}: {name}" + (f" ({reason})" if reason else ""))
        sys.stdout.flush()
        for run in runs:
            run.end()
    print(f"{sum(count.values())} cases: " + ", ".join(f"{number} {kind}" for kind, number in sorted(count.items())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
