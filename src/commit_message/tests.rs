//! Tables of messages.

use super::*;

/// The changes of a message, each as its type, `!` where it breaks, and its summary.
fn changes(text: &str) -> Vec<String> {
    let told = |change: &Change| {
        let (kind, mark) = (change.kind.as_deref().unwrap_or("-"), if change.is_breaking() { "!" } else { "" });
        format!("{kind}{mark} {}", change.summary)
    };
    CommitMessage::of(text).changes().map(told).collect()
}

// Each row: a message, the change of its title, and those that its body lists.
#[test]
fn changes_of_messages() {
    let table: [(&str, &[&str]); 31] = [
        ("feat: add `tap`", &["feat add `tap`"]),
        ("Feat: add `tap`", &["feat add `tap`"]),
        ("feat(core)!: drop `Old`", &["feat! drop `Old`"]),
        ("change!: raise the limit", &["change! raise the limit"]),
        ("net!: drop `Old`", &["net! drop `Old`"]),
        ("fix: a\n\nBREAKING CHANGE: b", &["fix! a"]),
        ("fix: a\n\nBREAKING-CHANGE: b", &["fix! a"]),
        ("fix: a\n\nBREAKING CHANGE #12", &["fix! a"]),
        ("fix: a\n\nBREAKING CHANGE:\nb", &["fix! a"]),
        ("fix: a\n\n- BREAKING CHANGE: b", &["fix! a"]),
        ("fix: a\nBREAKING CHANGE: b", &["fix! a"]),
        ("BREAKING CHANGE: drop `Old`", &["-! drop `Old`"]),
        ("fix: a\n\nbreaking change: b", &["fix a"]),
        ("feat!: a\nb without a blank line", &["feat! a"]),
        ("feat : x", &["- feat : x"]),
        ("fixup! feat: x", &["- fixup! feat: x"]),
        ("Merge branch `x`", &["- Merge branch `x`"]),
        ("Channel: add `close`", &["- Channel: add `close`"]),
        ("array::X: less code", &["- array::X: less code"]),
        ("sync: add methods", &["- sync: add methods"]),
        ("https://example.com/a", &["- https://example.com/a"]),
        ("fix: a (#1)\n\n* feat: b\n* refactor!: c", &["fix a (#1)", "feat b", "refactor! c"]),
        ("fix: a (#1)\n\n- feat: b\n- fix: c", &["fix a (#1)", "feat b", "fix c"]),
        ("fix: a\n\nfeat: b\n\nfeat(x): c\n", &["fix a", "feat b", "feat c"]),
        ("fix: a\n\nwe thought that\nfeat: b was one", &["fix a"]),
        ("fix: a\n\nAttention!: this is prose", &["fix a"]),
        ("fix: a\n\n```\nfeat!: an example\n```", &["fix a"]),
        ("Squash (#1)\n\n* feat(x)!: b", &["- Squash (#1)", "feat! b"]),
        ("feat: a (#1)\n\n* feat: a\n\nBREAKING CHANGE: b\n\n* fix: c", &["feat! a (#1)", "fix c"]),
        ("fix: a (#1)\n\n* feat!: b\n* Revert \"feat!: b\"\n* docs: c", &["fix a (#1)", "docs c"]),
        ("ci: a (#1)\n\n* feat: b\n\n  BREAKING CHANGE: c", &["ci a (#1)", "feat! b"]),
    ];
    for (text, expected) in table {
        assert_eq!(changes(text), expected, "{text}");
    }
}

// What a footer says that something breaks, in however many lines, and where it ends.
#[test]
fn texts_of_breaking_footers() {
    let table = [
        ("fix: a\n\nBREAKING CHANGE: use `b`", "use `b`"),
        ("fix: a\n\nBREAKING CHANGE:\nuse `b`\n  instead\n\nmore", "use `b`\ninstead"),
        ("fix: a\n\nBREAKING CHANGE: use `b`\nReviewed-by: Ann", "use `b`"),
        ("fix: a\n\nBREAKING CHANGE #12", "#12"),
        ("fix: a\n\nBREAKING CHANGE: one\n\nBREAKING CHANGE: two", "one|two"),
    ];
    for (text, expected) in table {
        let texts: Vec<String> = CommitMessage::of(text).title.breaks.into_iter().map(|it| it.text).collect();
        assert_eq!(texts.join("|"), expected, "{text}");
    }
}

// What decided is quoted, where the title does not say it.
#[test]
fn what_decided_is_quoted() {
    let told = |text: &str| CommitMessage::of(text).title.told();
    assert_eq!(told("feat!: a\n\nBREAKING CHANGE: b"), "a");
    assert_eq!(told("chore: bump x\n\n- BREAKING CHANGE: no `y`"), "bump x (`BREAKING CHANGE: no `y``)");
    assert_eq!(told("fix: a\n\nBREAKING CHANGE:\nb\nc"), "a (`BREAKING CHANGE: b`)");
}

// Each row: a message, and how the line that was meant to count would.
#[test]
fn near_misses() {
    let table = [
        ("fix: a\n\nBREAKING CHANGES: b", Some("BREAKING CHANGE: …")),
        ("fix: a\n\n**BREAKING CHANGE:** b", Some("BREAKING CHANGE: …")),
        ("fix: a\n\n**BREAKING CHANGE**: b", Some("BREAKING CHANGE: …")),
        ("fix: a\n\nbreaking change: b", Some("BREAKING CHANGE: …")),
        ("fix: a\n\nBREAKING: b", Some("BREAKING CHANGE: …")),
        ("[breaking]: drop `Old`", Some("BREAKING CHANGE: …")),
        ("feat!(core): b", Some("feat(core)!: b")),
        ("feat(core) !: b", Some("feat(core)!: b")),
        ("[core] fix!: b", Some("fix!: b")),
        ("PROJ-12: feat(core)!: b", Some("feat(core)!: b")),
        ("PROJ-12 feat!: b", Some("feat!: b")),
        ("💥 feat!: b", Some("feat!: b")),
        ("[core] fix: b", None),
        ("Use `a!: b` in macros", None),
        ("fix: a\n\nBreaking changes: none.", None),
        ("fix: a\n\n## Breaking changes\n\nnone", None),
        ("fix: a\n\nThis is breaking: no more `b`", None),
        ("fix: a\n\nBREAKING CHANGE: b", None),
        ("feat(core)!: b", None),
    ];
    for (text, expected) in table {
        let found = CommitMessage::of(text).near_misses;
        assert_eq!(found.first().map(|it| it.instead.as_str()), expected, "{text}");
    }
}

// Footers are read whatever their case, and other lines are none.
#[test]
fn footers() {
    let message = CommitMessage::of("fix: a\n\nwords\n\nrelease-as: 2.0.0\nChangelog: skip");
    assert_eq!((message.release_as.as_deref(), message.unlisted), (Some("2.0.0"), true));
    let message = CommitMessage::of("fix: a\n\nChangelog: added\nWe Release-As: soon");
    assert_eq!((message.release_as, message.unlisted), (None, false));
    assert!(CommitMessage::of("chore: Release\n\nRelease-Plan: 0123").is_release);
}

// A revert names an id, a title, or both; the id is in the body. One in the list of a squash merge is not about the whole.
#[test]
fn reverts() {
    let message = CommitMessage::of("Revert \"feat: a \"b\"\"\n\nThis reverts commit 0123456789abcdef.");
    let (id, title) = (Reverted::Id("0123456789abcdef".into()), Reverted::Title("feat: a \"b\"".into()));
    assert_eq!(message.reverts, [id, title]);
    assert_eq!(CommitMessage::of("revert: feat: a").reverts, [Reverted::Title("feat: a".into())]);
    assert_eq!(CommitMessage::of("fix: a\n\nThis reverts commit abc.").reverts, []);
    let squashed = "feat: a (#1)\n\n* feat: b\n* Revert \"feat: b\"\n\nThis reverts commit 0123456789abcdef.";
    assert_eq!(CommitMessage::of(squashed).reverts, []);
}
