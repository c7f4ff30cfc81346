//! Precedence as a table, the refusals as words, and the example file held to the keys.

use std::collections::BTreeSet;

use super::*;
use crate::error::Kind;
use crate::names::PackageName;

pub(super) fn source(path: &str, text: &str) -> Option<ConfigFile> {
    Some(ConfigFile { path: path.to_owned(), text: text.to_owned() })
}

pub(super) fn member(name: &str) -> MemberFacts {
    MemberFacts { name: PackageName::from(name), is_root: false, version: VersionSource::Own, publishes_nowhere: false }
}

fn root(name: &str) -> MemberFacts {
    MemberFacts { is_root: true, ..member(name) }
}

/// Sources with one text put at a place, by its name in the precedence table.
pub(super) fn put(sources: &mut Sources, place: &str, line: &str) {
    let package = PackageName::from("core");
    let metadata = |table: &str| format!("[{table}.metadata.release]\n{line}\n");
    match place {
        "home" => sources.home = source("~/.release.toml", line),
        "platform" => sources.platform = source("platform.toml", line),
        "workspace file" => sources.workspace.release_toml = source("release.toml", line),
        "workspace metadata" => sources.workspace.manifest = source("Cargo.toml", &metadata("workspace")),
        "root metadata" => sources.workspace.manifest = source("Cargo.toml", &metadata("package")),
        "package file" => {
            sources.packages.entry(package).or_default().release_toml = source("core/release.toml", line);
        }
        "package metadata" => {
            sources.packages.entry(package).or_default().manifest = source("core/Cargo.toml", &metadata("package"));
        }
        "-c" => sources.explicit = source("my.toml", line),
        "flags" => {
            let layer: Layer = toml_edit::de::from_str(line).unwrap();
            sources.command_line = layer;
        }
        other => panic!("no such place: {other}"),
    }
}

/// A layer beats all layers below it, for a key that holds for a package.
#[test]
fn each_layer_beats_those_below() {
    let places =
        ["home", "platform", "workspace file", "workspace metadata", "package file", "package metadata", "-c", "flags"];
    for top in 0..places.len() {
        let mut sources = Sources::default();
        for place in places.iter().take(top + 1) {
            put(&mut sources, place, &format!("tag-name = \"{place}\"\nowners = [\"{place}\"]"));
        }
        let config = resolve(&sources, &[member("core"), member("cli")]).unwrap();
        assert_eq!(config.packages["core"].tag_name, places[top]);
        assert_eq!(config.packages["core"].owners, [places[top]], "a list replaces the one below");
        let own = |place: &&str| !place.starts_with("package");
        let of_cli = places[..=top].iter().rfind(|place| own(place)).unwrap();
        assert_eq!(config.packages["cli"].tag_name, *of_cli, "another package does not read it");
    }
}

/// Who wins between two layers, where it is not simply the upper one.
#[test]
fn special_rules_of_precedence() {
    let (core, cli) = (member("core"), member("cli"));
    let several = [core.clone(), cli.clone()];
    let alone = [core];
    let with_root = [root("core"), cli];
    let alone_at_root = [root("core")];
    let table: [(&str, &[MemberFacts], [&str; 2], &str); 8] = [
        ("a workspace key skips the package file", &several, ["workspace file", "package file"], "workspace file"),
        ("and the package metadata", &several, ["home", "package metadata"], "home"),
        ("the only member speaks for the workspace", &alone, ["workspace metadata", "package file"], "package file"),
        ("also by its metadata", &alone, ["package file", "package metadata"], "package metadata"),
        ("also at the root", &alone_at_root, ["workspace file", "root metadata"], "root metadata"),
        ("-c holds for the workspace", &several, ["workspace metadata", "-c"], "-c"),
        ("so do the flags", &several, ["-c", "flags"], "flags"),
        ("the root package is a package", &with_root, ["workspace file", "root metadata"], "workspace file"),
    ];
    for (rule, members, places, winner) in table {
        let mut sources = Sources::default();
        for place in places {
            put(&mut sources, place, &format!("push-remote = \"{place}\""));
        }
        let config = resolve(&sources, members).unwrap();
        assert_eq!(config.workspace.push_remote, winner, "{rule}");
    }
}

/// `release.toml` of the root package is read at both of its places, so that it beats the workspace metadata for the
/// root package alone.
#[test]
fn root_file_counts_twice() {
    let mut sources = Sources::default();
    put(&mut sources, "workspace file", "tag-name = \"file\"\npush-remote = \"file\"");
    put(&mut sources, "workspace metadata", "tag-name = \"metadata\"\npush-remote = \"metadata\"");
    let config = resolve(&sources, &[root("core"), member("cli")]).unwrap();
    assert_eq!(config.packages["core"].tag_name, "file");
    assert_eq!(config.packages["cli"].tag_name, "metadata");
    assert_eq!(config.workspace.push_remote, "metadata");
}

/// `--isolated` drops the files that are found by themselves, and keeps `-c`, the flags and the manifests' facts.
#[test]
fn isolated_drops_what_is_implicit() {
    let mut sources = Sources { isolated: true, ..Sources::default() };
    let implicit = ["home", "platform", "workspace file", "workspace metadata", "package file", "package metadata"];
    for place in implicit {
        put(&mut sources, place, "tag-name = \"implicit\"\nnot even = [ parsed");
    }
    put(&mut sources, "-c", "sign-tag = true");
    put(&mut sources, "flags", "verify = false");
    let core = MemberFacts { publishes_nowhere: true, ..member("core") };
    let config = resolve(&sources, &[core, member("cli")]).unwrap();
    let core = &config.packages["core"];
    assert_eq!(core.tag_name, "{{prefix}}v{{version}}");
    assert!(core.sign_tag);
    assert!(!core.verify);
    assert!(!core.publish);
}

/// What Cargo.toml says beats even the flags.
#[test]
fn manifests_have_the_last_word() {
    let mut sources = Sources::default();
    put(
        &mut sources,
        "flags",
        "publish = true\nrelease = true\nshared-version = \"mine\"\nconsolidate-commits = false",
    );
    let members = [
        MemberFacts { publishes_nowhere: true, version: VersionSource::Inherited, ..member("core") },
        MemberFacts { version: VersionSource::Inherited, ..member("cli") },
    ];
    let config = resolve(&sources, &members).unwrap();
    assert!(!config.packages["core"].publish);
    assert!(config.packages["cli"].publish);
    assert_eq!(config.packages["cli"].shared_version.as_deref(), Some("workspace"));
    assert!(config.workspace.consolidate_commits);
    assert_eq!(config.workspace.pre_release_commit_message, "chore: Release");

    let absent = MemberFacts { version: VersionSource::Absent, ..member("core") };
    assert!(!resolve(&sources, &[absent]).unwrap().packages["core"].release);
}

/// One commit is the default of several members; they have to agree.
#[test]
fn consolidation_is_one_answer() {
    let mut sources = Sources::default();
    assert!(!resolve(&sources, &[member("core")]).unwrap().workspace.consolidate_commits);
    let both = resolve(&sources, &[member("core"), member("cli")]).unwrap();
    assert!(both.workspace.consolidate_commits);

    put(&mut sources, "package file", "consolidate-commits = false");
    let failure = resolve(&sources, &[member("core"), member("cli")]).unwrap_err();
    assert_eq!(failure.kind(), Kind::Unplannable);
    assert_eq!(failure.what(), "`consolidate-commits` is true for `cli` and false for `core`");

    put(&mut sources, "workspace file", "consolidate-commits = false");
    let apart = resolve(&sources, &[member("core"), member("cli")]).unwrap();
    assert_eq!(apart.workspace.pre_release_commit_message, "chore: Release {{crate_name}} version {{version}}");
}

/// Values that have two spellings come to one.
#[test]
fn short_spellings() {
    let mut sources = Sources::default();
    put(&mut sources, "package file", "shared-version = true\npre-release-hook = \"make it\"");
    let core = &resolve(&sources, &[member("core")]).unwrap().packages["core"];
    assert_eq!(core.shared_version.as_deref(), Some("default"));
    assert_eq!(core.pre_release_hook, ["make it"]);

    put(&mut sources, "package metadata", "shared-version = false\npre-release-hook = [\"sh\", \"-c\", \"\"]");
    let core = &resolve(&sources, &[member("core")]).unwrap().packages["core"];
    assert_eq!(core.shared_version, None);
    assert_eq!(core.pre_release_hook, ["sh", "-c", ""]);
}

/// Replacements are read in both forms of TOML, and their own keys are known.
#[test]
fn replacements() {
    let mut sources = Sources::default();
    put(
        &mut sources,
        "workspace file",
        "[[pre-release-replacements]]\nfile = \"a\"\nsearch = \"b\"\nreplace = \"c\"\nmin = 0",
    );
    let core = &resolve(&sources, &[member("core")]).unwrap().packages["core"];
    let expected = Replacement {
        file: "a".to_owned(),
        search: "b".to_owned(),
        replace: "c".to_owned(),
        min: Some(0),
        max: None,
        exactly: None,
        prerelease: false,
    };
    assert_eq!(core.pre_release_replacements, [expected]);
}

/// Keys that are accepted without effect.
#[test]
fn keys_without_effect_by_nature() {
    let mut sources = Sources::default();
    put(&mut sources, "-c", "certs-source = 'native'\nunstable.workspace-publish = true");
    resolve(&sources, &[member("core")]).unwrap();
}

/// The example file is the defaults: what it says without any other layer is what comes out.
#[test]
fn the_example_file_is_the_defaults() {
    let layer = effective(&Sources::default(), &[member("core"), member("cli")]).unwrap();
    assert_eq!(layer, toml_edit::de::from_str::<Layer>(example()).unwrap());
    let config = resolve(&Sources::default(), &[member("core"), member("cli")]).unwrap();
    let core = &config.packages["core"];
    assert_eq!(config.workspace.allow_branch, ["*", "!HEAD"]);
    assert_eq!(config.workspace.remote.push_branch, PushBranch::Before);
    assert_eq!(config.workspace.bump.features_in_zero, FeaturesInZero::Patch);
    assert_eq!((core.tag_message.as_deref(), core.tag_prefix.as_deref()), (None, None));
    assert_eq!((core.dependent_version, core.metadata), (None, MetadataPolicy::Optional));
    assert!(core.release && core.publish && core.verify && core.tag && core.push && core.changelog.enabled);
}

/// The example file with its `# key = …` lines switched on.
fn example_switched_on() -> String {
    let key = |line: &str| {
        let (name, _) = line.split_once(" = ")?;
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-').then_some(())
    };
    let switch = |line: &'static str| match line.strip_prefix("# ") {
        Some(rest) if key(rest).is_some() => rest,
        Some(_) | None => line,
    };
    example().lines().map(switch).collect::<Vec<_>>().join("\n")
}

/// Every known key stands in the example file, and nothing else.
#[test]
fn the_example_file_has_every_key() {
    let text = example_switched_on();
    toml_edit::de::from_str::<Layer>(&text).unwrap();
    let document = toml_edit::Document::parse(text.as_str()).unwrap();
    let mut stated = BTreeSet::new();
    for (key, item) in document.as_table() {
        match item.as_table() {
            Some(table) => stated.extend(table.iter().map(|(inner, _)| format!("{key}.{inner}"))),
            None => drop(stated.insert(key.to_owned())),
        }
    }
    assert_eq!(stated, schema::dotted_keys().into_iter().collect::<BTreeSet<_>>());
}

/// The schema accepts the example file, and refuses what we refuse.
#[test]
fn the_schema_says_the_same() {
    let validator = jsonschema::validator_for(schema().as_value()).unwrap();
    let json = |text: &str| toml_edit::de::from_str::<serde_json::Value>(text).unwrap();
    assert!(validator.is_valid(&json(example())));
    assert!(validator.is_valid(&json(&example_switched_on())));
    for text in
        ["wat = 1", "push = 'yes'", "[bump]\nsemver-check = 'sometimes'", "pre-release-replacements = [{ file = 'a' }]"]
    {
        assert!(!validator.is_valid(&json(text)), "{text}");
    }
    assert!(!schema().as_value().to_string().contains("null"), "TOML has no null");
}

/// What `config` shows can be read again, and comes to the same.
#[test]
fn the_effective_configuration_reads_back() {
    let mut sources = Sources::default();
    put(&mut sources, "-c", "shared-version = 'all'\n[changelog]\npath = 'CHANGES.md'");
    let members = [member("core"), member("cli")];
    let layer = effective(&sources, &members).unwrap();
    let mut again = Sources::default();
    put(&mut again, "-c", &layer.to_toml().unwrap());
    assert_eq!(resolve(&again, &members).unwrap(), resolve(&sources, &members).unwrap());
}

/// What explains the directory of notes is no note.
#[test]
fn notes_are_told_by_their_names() {
    let table = [("a.md", true), ("README.md", false), ("readme.md", false), ("a.txt", false), (".a.md", false)];
    for (file, expected) in table {
        assert_eq!(is_note(file), expected, "{file}");
    }
}
