//! What `check` says of what lies in the checkout and in no commit, or outside the repository.

use crate::tearoom::Tearoom;

/// A file that git ignores and `include` names is packed in the checkout alone; committed, it is packed.
#[test]
fn ignored_files_are_not_packed() {
    let tearoom = Tearoom::new();
    tearoom.write(".gitignore", "target\n*.bin\n");
    let manifest = "include = [\"src/**\", \"*.bin\", \"LICENSE\", \"README.md\"]\n";
    tearoom.append("sencha/Cargo.toml", manifest);
    tearoom.write("sencha/leaf.txt", "leaf");
    tearoom.commit();
    assert_eq!(tearoom.codes(""), [""; 0]);
    tearoom.write("sencha/leaf.bin", "leaf");
    tearoom.write("matcha/leaf.bin", "leaf");
    assert_eq!(tearoom.codes(""), ["error stage-differs"]);
    let output = tearoom.check("");
    assert!(
        output.text().contains("sencha/leaf.bin") && !output.text().contains("matcha/leaf.bin"),
        "{}",
        output.text()
    );
    tearoom.run("git", "add --force sencha/leaf.bin");
    tearoom.commit();
    assert_eq!(tearoom.codes(""), [""; 0]);
}

/// A change that is not committed is not packed, and that is said where it belongs to a package.
#[test]
fn changes_are_not_packed() {
    let tearoom = Tearoom::new();
    tearoom.write("sencha/src/green.rs", "");
    assert_eq!(tearoom.codes(""), ["error dirty-tree"]);
    let output = tearoom.check("--no-verify --format json");
    assert!(output.text().contains("`sencha` would be published without them"), "{}", output.text());
    tearoom.run("rm", "sencha/src/green.rs");
    tearoom.write("notes.txt", "");
    let output = tearoom.check("--no-verify --format json");
    assert!(
        output.text().contains("dirty-tree") && !output.text().contains("would be published without"),
        "{}",
        output.text()
    );
}

/// A readme and a licence from outside the repository are in no commit; one from the root of the repository is.
#[test]
fn files_outside_the_repository_are_found() {
    let tearoom = Tearoom::new();
    tearoom.write("README.md", "# Tea\n");
    tearoom.write("../LICENSE", "MIT\n");
    tearoom.append("sencha/Cargo.toml", "readme = \"../README.md\"\n");
    tearoom.commit();
    assert_eq!(tearoom.codes(""), [""; 0]);
    tearoom.append("sencha/Cargo.toml", "license-file = \"../../LICENSE\"\n");
    tearoom.commit();
    assert!(tearoom.codes("").contains(&"error outside-repository".to_owned()));
}
