//! Changelogs between people and releases, with the real git and cargo: drafts over time, edited entries, shared files,
//! files that replacements edit, and files that cannot be taken.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "it makes and reads files")]

use std::fs;
use std::path::PathBuf;

use cargo_release::testing::system::process::Output;
use cargo_release::testing::system::process::Program;
use serde_json::Value;
use tempfile::TempDir;

/// A repository with private packages, each at 0.1.0 and released, in a sealed environment.
struct World {
    dir: TempDir,
}

impl World {
    /// Packages in directories of their own; `release_toml` is the workspace's, after `push = false`.
    fn of(packages: &[&str], release_toml: &str) -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap() };
        world.write("Cargo.toml", &format!("[workspace]\nmembers = {packages:?}\nresolver = \"3\"\n"));
        world.write("release.toml", &format!("push = false\nverify = false\n{release_toml}"));
        world.write(".gitignore", "/target\n");
        for name in packages {
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\
                 repository = \"https://github.com/o/r\"\n"
            );
            world.write(&format!("{name}/Cargo.toml"), &manifest);
            world.write(&format!("{name}/src/lib.rs"), "//! Tea.\n");
        }
        world.cargo(&["generate-lockfile", "--offline"]);
        world.git(&["init", "--quiet", "--template=", "--initial-branch=main"]);
        world.git(&["config", "user.name", "A"]);
        world.git(&["config", "user.email", "a@example.invalid"]);
        world
    }

    /// Commits everything as it is, as the release of all packages.
    fn released(self, packages: &[&str]) -> Self {
        self.commit("feat: begin");
        for name in packages {
            self.git(&["tag", &format!("{name}-v0.1.0")]);
        }
        self
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join("repository").join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Replaces a text in a file, which has to have it.
    fn person(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "`{from}` is not in:\n{text}");
        self.write(path, &text.replacen(from, to, 1));
    }

    fn sealed(&self, program: Program) -> Program {
        let home = self.dir.path().join("home");
        let program = program.dir(&self.path("")).env("HOME", &home).env("CARGO_HOME", home.join("cargo"));
        let program = program.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        let program = program.env("CARGO_TARGET_DIR", self.dir.path().join("target")).without_env("VISUAL");
        program.env("CARGO_TERM_COLOR", "never").without_env("EDITOR").without_env("GIT_DIR")
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.sealed(Program::new("git").args(arguments)).succeed().unwrap().text()
    }

    fn cargo(&self, arguments: &[&str]) {
        self.sealed(Program::new("cargo").args(arguments)).succeed().unwrap();
    }

    /// Commits all that was changed.
    fn commit(&self, subject: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", subject]);
    }

    /// Commits a change of a package's source.
    fn change(&self, package: &str, subject: &str) {
        let path = format!("{package}/src/lib.rs");
        self.write(&path, &format!("{}// {subject}\n", self.read(&path)));
        self.commit(subject);
    }

    /// Runs `cargo release` with an editor.
    fn run_with(&self, editor: &str, arguments: &[&str]) -> Output {
        let program = Program::new(env!("CARGO_BIN_EXE_cargo-release")).arg("release").args(arguments);
        self.sealed(program).env("EDITOR", editor).run().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with("false", arguments)
    }

    /// Runs `cargo release`, which has to go well, and takes its stdout.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.success(), "{arguments:?}: {}{}", output.text(), output.stderr);
        output.text()
    }

    fn plan(&self) -> Value {
        let output = self.run(&["plan", "--format", "json"]);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", output.stderr))
    }
}

const BEGUN: &str = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-02\n\n- Begun.\n";

/// The codes of a plan's findings, with their lines.
fn codes(plan: &Value) -> Vec<String> {
    let findings = plan["findings"].as_array().unwrap();
    findings.iter().map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding["line"])).collect()
}

// Four drafts, a rebase and two releases: what a person did stays, nothing is lost, nothing is there twice, and the entry
// is the same in the file, in the message of the tag, and when it is shown.
#[test]
fn drafts_live_with_people() {
    let world = World::of(&["tea"], "");
    world.write("tea/CHANGELOG.md", BEGUN);
    let world = world.released(&["tea"]);
    let log = "tea/CHANGELOG.md";

    world.change("tea", "feat: brew tea");
    world.change("tea", "fix: mend the lid");
    world.says(&["changelog", "draft"]);
    world.person(log, "- brew tea\n", "- Tea can be brewed.\n");
    world.person(log, "### Fixed\n\n- mend the lid\n", "### Security\n\n- By hand.\n");
    world.commit("docs: reword");

    world.change("tea", "feat: pour");
    world.says(&["changelog", "draft"]);
    world.person(log, "- pour\n", "");
    world.person(log, "- By hand.\n", "- By hand.\n\n### Changed\n\n- pour\n");
    world.commit("docs: move");

    let base = world.git(&["rev-parse", "tea-v0.1.0"]);
    world.git(&["checkout", "--quiet", "-b", "side", &base]);
    world.change("tea", "docs: say more");
    world.git(&["checkout", "--quiet", "main"]);
    world.git(&["config", "merge.conflictStyle", "merge"]);
    world.git(&["rebase", "--quiet", "-X", "theirs", "side"]);
    world.says(&["changelog", "draft", "--package", "tea"]);
    world.commit("docs: third draft");

    world.change("tea", "fix: mend the spout");
    world.says(&["-x", "--no-confirm"]);
    let entry = "### Added\n\n- Tea can be brewed.\n\n### Security\n\n- By hand.\n\n### Changed\n\n- pour\n\n\
                 ### Documentation\n\n- say more\n\n### Fixed\n\n- mend the spout";
    assert_eq!(world.says(&["changelog", "show"]), entry);
    assert_eq!(world.git(&["tag", "--list", "--format=%(contents:body)", "tea-v0.1.1"]), entry);
    assert!(world.read(log).contains(&format!("\n\n{entry}\n\n## [0.1.0]")), "{}", world.read(log));

    world.change("tea", "feat: sugar");
    world.says(&["changelog", "draft"]);
    world.commit("docs: fourth draft");
    world.says(&["-x", "--no-confirm"]);
    assert_eq!(world.says(&["changelog", "show", "-p", "tea", "0.1.2"]), "### Added\n\n- sugar");
    assert_eq!(world.says(&["changelog", "show", "v0.1.1"]), entry);
    let text = world.read(log);
    for line in ["Tea can be brewed", "By hand", "pour", "say more", "mend the spout", "sugar", "Begun", "[Unreleased]"]
    {
        assert_eq!(text.matches(line).count(), 1, "{line} in:\n{text}");
    }
    assert!(!text.contains("lid") && !text.contains("drafted"), "{text}");
}

// What a person wrote is the entry; what it leaves out is a warning, until a draft has offered it.
#[test]
fn uncovered_commits_are_told() {
    let world = World::of(&["tea"], "");
    world.write("tea/CHANGELOG.md", &BEGUN.replace("[Unreleased]\n", "[Unreleased]\n\n### Added\n\n- A pot (#7).\n"));
    let world = world.released(&["tea"]);
    world.change("tea", "feat: put the kettle on (#7)");
    assert_eq!(codes(&world.plan()), Vec::<String>::new());
    world.change("tea", "feat: sugar");
    assert_eq!(codes(&world.plan()), ["changelog-uncovered 3"]);
    let shown = world.says(&["changelog", "draft"]);
    assert!(shown.contains("+- sugar") && !shown.contains("kettle"), "{shown}");
    world.person("tea/CHANGELOG.md", "- sugar\n", "");
    world.commit("docs: no sugar");
    let plan = world.plan();
    assert_eq!(codes(&plan), Vec::<String>::new());
    assert_eq!(plan["packages"][0]["changelog"]["entry"], "### Added\n\n- A pot (#7).");
}

// What breaks must be told, and a heading must be one. What releases nothing needs no entry.
#[test]
fn entries_are_judged() {
    let world = World::of(&["tea", "cup"], "");
    world.write("tea/CHANGELOG.md", &BEGUN.replace("[Unreleased]\n", "[Unreleased]\n\n### Added\n\n- Drop the pot.\n"));
    world.write("cup/CHANGELOG.md", "# Changelog\n\n## [1.2] - soon\n\n## [0.1.0] - 2026-01-02\n");
    let world = world.released(&["tea", "cup"]);
    world.change("tea", "feat!: drop the pot");
    world.change("cup", "fixup! feat: begin");
    let output = world.run(&["changelog", "check", "--format", "json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut told = codes(&serde_json::json!({ "findings": found }));
    told.sort();
    assert_eq!(told, ["changelog-breaking 3", "changelog-heading 3"]);
}

// An entry that declares a breaking change does not go out as a compatible version, whatever the commits say.
#[test]
fn declared_breaking_changes_are_believed() {
    let world = World::of(&["tea"], "");
    let entry = "[Unreleased]\n\n- **breaking:** no milk\n";
    world.write("tea/CHANGELOG.md", &BEGUN.replace("[Unreleased]\n", entry));
    let world = world.released(&["tea"]);
    world.person("tea/CHANGELOG.md", "- **breaking:** no milk\n", "- **breaking:** no sugar\n");
    world.change("tea", "fix: mend the lid");
    assert!(codes(&world.plan()).contains(&"changelog-declares-breaking 5".to_owned()), "{:?}", codes(&world.plan()));
}

// An edited entry is part of the plan that is carried out; an emptied text cancels, and changes nothing.
#[test]
fn entries_can_be_edited() {
    let world = World::of(&["tea", "cup"], "");
    world.write("tea/CHANGELOG.md", BEGUN);
    world.write("cup/CHANGELOG.md", BEGUN);
    let world = world.released(&["tea", "cup"]);
    world.change("tea", "fix: mend the lid");
    world.change("cup", "fix: mend the handle");
    let head = world.git(&["rev-parse", "HEAD"]);
    for (editor, code) in [("cp /dev/null", Some(1)), ("false", Some(1))] {
        assert_eq!(world.run_with(editor, &["-x", "--edit", "--no-confirm"]).code, code, "{editor}");
        assert_eq!(world.run_with(editor, &["changelog", "draft", "--edit"]).code, code, "{editor}");
    }
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(world.git(&["rev-parse", "HEAD"]), head);
    let edit = "sed -i.old -e s/mend/Repaired/";
    let draft = world.run_with(edit, &["changelog", "draft", "--edit", "-p", "cup"]);
    assert!(draft.success() && draft.text().contains("+- Repaired the handle"), "{}", draft.text());
    world.commit("docs: draft");
    let released = world.run_with(edit, &["-x", "--edit", "--no-confirm"]);
    assert!(released.success(), "{}", released.stderr);
    let entries = world.says(&["changelog", "show", "0.1.1", "--format", "json"]);
    let entries: Value = serde_json::from_str(&entries).unwrap();
    assert_eq!(entries[0]["entry"], "### Fixed\n\n- Repaired the handle");
    assert_eq!(entries[1]["entry"], "### Fixed\n\n- Repaired the lid");
    let tag = world.git(&["tag", "--list", "--format=%(contents:body)", "tea-v0.1.1"]);
    assert_eq!(tag, "### Fixed\n\n- Repaired the lid");
}

// A changelog by another name or in another place gets the entry, in the spelling that git knows; none is made beside it.
#[test]
fn usual_names_are_found() {
    for path in ["tea/Changelog.MD", "tea/RELEASE_NOTES.md", "tea/docs/CHANGELOG.md"] {
        let world = World::of(&["tea"], "");
        world.write(path, BEGUN);
        let world = world.released(&["tea"]);
        world.change("tea", "fix: mend the lid");
        world.says(&["-x", "--no-confirm"]);
        assert!(world.read(path).contains("## [0.1.1] - "), "{path}: {}", world.read(path));
        let files = world.git(&["ls-tree", "-r", "--name-only", "HEAD"]);
        assert_eq!(files.matches(".md").count() + files.matches(".MD").count(), 1, "{files}");
    }
}

// Packages with versions of their own that share a file are kept apart in it; those that share a version share the entry.
#[test]
fn files_are_shared() {
    let path = "[changelog]\npath = \"../CHANGELOG.md\"\n";
    let world = World::of(&["tea", "cup"], path);
    world.write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n");
    let world = world.released(&["tea", "cup"]);
    world.change("tea", "fix: mend the lid");
    world.change("cup", "feat: a handle");
    world.says(&["changelog", "draft", "-p", "tea"]);
    world.commit("docs: draft");
    world.says(&["-x", "--no-confirm"]);
    let text = world.read("CHANGELOG.md");
    let entry = |name: &str| world.says(&["changelog", "show", "-p", name, "0.1.1"]);
    assert_eq!(entry("tea"), "### Fixed\n\n- mend the lid");
    assert_eq!(entry("cup"), "### Added\n\n- a handle");
    for heading in ["## [tea 0.1.1] - ", "## [cup 0.1.1] - ", "## [tea Unreleased]\n", "## [cup Unreleased]\n"] {
        assert_eq!(text.matches(heading).count(), 1, "{heading} in:\n{text}");
    }
    assert_eq!(codes(&world.plan()), Vec::<String>::new());

    let world = World::of(&["tea", "cup"], &format!("shared-version = true\ntag-prefix = \"\"\n{path}"));
    world.write("CHANGELOG.md", BEGUN);
    let world = world.released(&[]);
    world.git(&["tag", "v0.1.0"]);
    world.change("tea", "fix: mend the lid");
    world.change("cup", "fix: mend the handle");
    world.says(&["changelog", "draft"]);
    world.commit("docs: draft");
    world.says(&["-x", "--no-confirm"]);
    let text = world.read("CHANGELOG.md");
    assert!(text.contains("### Fixed\n\n- mend the handle\n- mend the lid\n\n## [0.1.0]"), "{text}");
    assert_eq!(text.matches("## [0.1.1]").count(), 1, "{text}");
}

// Drafts follow the project's git-cliff configuration: its groups, links and authors.
#[test]
fn drafts_follow_git_cliff() {
    let world = World::of(&["tea"], "");
    let body = r#"{% for group, commits in commits | group_by(attribute="group") %}
### {{ group }}
{% for commit in commits %}
- {{ commit.message }} by {{ commit.author.name }}{% for link in commit.links %} ([{{ link.text }}]({{ link.href }})){% endfor %}
{% endfor %}{% endfor %}"#;
    let links = "link_parsers = [{ pattern = '#([0-9]+)', href = 'https://example.com/$1' }]";
    let parsers = "commit_parsers = [{ message = '^feat', group = 'News' }, { message = '.*', skip = true }]";
    world.write("cliff.toml", &format!("[changelog]\nbody = '''{body}'''\n[git]\n{links}\n{parsers}\n"));
    world.write("tea/CHANGELOG.md", BEGUN);
    let world = world.released(&["tea"]);
    world.change("tea", "fix: mend the lid");
    world.change("tea", "feat: pour, closes #12");
    world.says(&["changelog", "draft"]);
    let shown = world.says(&["changelog", "show", "unreleased"]);
    assert_eq!(shown, "### News\n\n- pour, closes #12 by A ([#12](https://example.com/12))");
}

// A changelog that replacements edit gets no second entry, and files are found by globs and counted before anything is
// written.
#[test]
fn replacements_keep_their_files() {
    let replacements = r#"
pre-release-replacements = [
  { file = "CHANGELOG.md", search = "Unreleased", replace = "{{version}}", min = 1 },
  { file = "CHANGELOG.md", search = "ReleaseDate", replace = "{{date}}", exactly = 1 },
  { file = "CHANGELOG.md", search = "<!-- next-header -->", replace = "<!-- next-header -->\n## [Unreleased] - ReleaseDate\n", exactly = 1 },
  { file = "docs/**/*.md", search = "tea = \"[0-9.]+\"", replace = "tea = \"{{version}}\"", exactly = 2 },
]
"#;
    let world = World::of(&["tea"], replacements);
    let text = "# Change Log\n\n<!-- next-header -->\n## [Unreleased] - ReleaseDate\n\n### Fixes\n\n- By hand.\n\n\
                ## [0.1.0] - 2026-01-02\n";
    world.write("tea/CHANGELOG.md", text);
    world.write("tea/docs/a.md", "tea = \"0.1.0\"\n");
    world.write("tea/docs/deep/b.md", "tea = \"0.1.0\"\n");
    world.write("tea/docs/c.txt", "tea = \"0.1.0\"\n");
    let world = world.released(&["tea"]);
    world.change("tea", "fix: mend the lid");
    world.says(&["-x", "--no-confirm"]);
    let after = world.read("tea/CHANGELOG.md");
    let expected = "# Change Log\n\n<!-- next-header -->\n## [Unreleased] - ReleaseDate\n\n## [0.1.1] - ";
    assert!(after.starts_with(expected) && after.contains("- By hand."), "{after}");
    assert!(!after.contains("lid"), "{after}");
    assert_eq!(world.read("tea/docs/deep/b.md"), "tea = \"0.1.1\"\n");
    assert_eq!(world.read("tea/docs/c.txt"), "tea = \"0.1.0\"\n");

    world.write("tea/docs/d.md", "tea = \"0.1.0\"\n");
    world.commit("docs: a third mention");
    let plan = world.plan();
    assert_eq!(codes(&plan), ["replacement-count null"]);
}

// What cannot be taken is told with its line where it has one, and left as it is.
#[test]
fn bad_changelogs_are_left_alone() {
    let conflict = "# Changelog\n\n## [Unreleased]\n\n<<<<<<< ours\n- a\n=======\n- b\n>>>>>>> theirs\n";
    let has_it = "# Changelog\n\n## [Unreleased]\n\n## [0.1.1] - 2026-01-03\n\n- There already.\n";
    let table: [(&[u8], &[&str], bool); 5] = [
        (b"# Changelog\n\n\xff\n", &["changelog-unreadable null"], true),
        (conflict.as_bytes(), &["changelog-conflict 5"], true),
        (b"## Unreleased\n\n## Unreleased\n", &["changelog-two-unreleased 3"], true),
        (b"# News\n\n## A week in March\n\n- Rain.\n", &["changelog-no-heading 3"], false),
        (has_it.as_bytes(), &["changelog-version-exists 5"], false),
    ];
    let world = World::of(&["tea"], "").released(&["tea"]);
    world.change("tea", "fix: mend the lid");
    for (text, expected, blocks) in table {
        fs::write(world.path("tea/CHANGELOG.md"), text).unwrap();
        world.commit("docs: a changelog");
        let plan = world.plan();
        assert_eq!(codes(&plan), expected, "{}", String::from_utf8_lossy(text));
        let drafted = world.run(&["changelog", "draft"]);
        assert_eq!(drafted.code, Some(i32::from(blocks)), "{}", drafted.stderr);
        let untouched = fs::read(world.path("tea/CHANGELOG.md")).unwrap() == text;
        assert_eq!(untouched, blocks, "{}", String::from_utf8_lossy(text));
    }
    fs::remove_file(world.path("tea/CHANGELOG.md")).unwrap();
    world.write("tea/CHANGELOG.md/a", "");
    world.commit("docs: a directory");
    assert_eq!(codes(&world.plan()), ["changelog-unreadable null"]);
    assert_eq!(world.run(&["changelog", "draft"]).code, Some(1));
    world.write("release.toml", "push = false\n[changelog]\nenabled = false\n");
    world.commit("chore: no changelog");
    assert_eq!(codes(&world.plan()), Vec::<String>::new());
    assert_eq!(world.run(&["changelog", "show", "-p", "tea"]).code, Some(2));
}
