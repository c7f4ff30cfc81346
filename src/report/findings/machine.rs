//! Findings for other programs: GitHub annotations, code scanning (SARIF) and test reports (JUnit).

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use quick_junit::NonSuccessKind;
use quick_junit::Report;
use quick_junit::TestCase;
use quick_junit::TestCaseStatus;
use quick_junit::TestSuite;
use serde_json::Value;
use serde_json::json;

use crate::check::Code;
use crate::plan::Finding;
use crate::plan::Severity;
use crate::report::json;
use crate::report::screen::text;
use crate::report::screen::text::count;

/// GitHub shows ten annotations per level and step; the tenth is the number of remaining ones.
const ANNOTATIONS: usize = 9;

/// Writes findings as workflow commands: the first ones of each level as annotations on the lines of a pull request, and all
/// of them as a group in the log.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn github(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    for severity in [Severity::Error, Severity::Warning] {
        let of: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == severity).collect();
        let shown = if of.len() > ANNOTATIONS + 1 { ANNOTATIONS } else { of.len() };
        of.iter().take(shown).try_for_each(|finding| annotation(out, finding))?;
        if shown < of.len() {
            let more = count(of.len() - shown, "finding");
            writeln!(out, "::{} title=cargo release::{more} more, in the log of this step", word(severity))?;
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "::group::{}", count(findings.len(), "finding"))?;
    for Finding { code, severity, message, help, .. } in findings {
        writeln!(out, "{}[{code}]: {}", word(*severity), tame(message))?;
        if !help.is_empty() {
            writeln!(out, "  help: {}", tame(help))?;
        }
    }
    writeln!(out, "::endgroup::")
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Text that cannot start a workflow command.
fn tame(line: &str) -> String {
    text::clean(&line.replace('\n', " ")).replace("::", ": :")
}

fn annotation(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    let Finding { code, severity, package: _, path, line, message, help } = finding;
    let place = path.as_ref().map_or_else(String::new, |path| format!("file={},", property(path.as_str())));
    let line = line.map_or_else(String::new, |line| format!("line={line},"));
    let help = if help.is_empty() { String::new() } else { format!("\nhelp: {help}") };
    let words = data(&format!("{message}{help}"));
    writeln!(out, "::{} {place}{line}title={}::{words}", word(*severity), property(code.as_str()))
}

/// A value after `::`, as GitHub's documentation of workflow commands escapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Writes findings as SARIF 2.1.0.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn sarif(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    let mut codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable_by_key(|code| code.as_str());
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &codes)).collect();
    let driver = json!({
        "name": "cargo-release",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    json::pretty(
        out,
        &json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{ "tool": { "driver": driver }, "results": results }],
        }),
    )
}

fn rule(code: Code) -> Value {
    json!({ "id": code, "shortDescription": { "text": code.what() } })
}

fn result(finding: &Finding, codes: &[Code]) -> Value {
    let Finding { code, severity, package, path, line, message, help } = finding;
    let help = if help.is_empty() { String::new() } else { format!("\nhelp: {help}") };
    // Code scanning ignores results without a file, so findings without one point to the workspace manifest.
    let path = path.as_ref().map_or("Cargo.toml", |path| path.as_str());
    let place = json!({
        "artifactLocation": { "uri": path.replace('%', "%25").replace(' ', "%20"), "uriBaseId": "%SRCROOT%" },
        "region": { "startLine": line.unwrap_or(1) },
    });
    let mut result = json!({
        "ruleId": code,
        "ruleIndex": codes.iter().position(|known| known == code),
        "level": word(*severity),
        "message": { "text": format!("{message}{help}") },
        "locations": [{ "physicalLocation": place }],
    });
    if let Some(package) = package {
        result["properties"] = json!({ "package": package });
    }
    result
}

/// Writes findings as JUnit XML: a suite per package, a test per finding. Warnings are passing tests with output.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn junit(out: &mut dyn Write, packages: &[String], findings: &[Finding]) -> io::Result<()> {
    let mut suites: BTreeMap<String, Vec<&Finding>> = packages.iter().map(|name| (name.clone(), Vec::new())).collect();
    for finding in findings {
        let name = finding.package.as_ref().map_or("workspace".to_owned(), ToString::to_string);
        suites.entry(name).or_default().push(finding);
    }
    let mut report = Report::new("cargo release check");
    for (name, findings) in suites {
        let mut suite = TestSuite::new(name.as_str());
        if findings.is_empty() {
            suite.add_test_case(TestCase::new("release", TestCaseStatus::success()));
        }
        suite.add_test_cases(findings.into_iter().map(|finding| test_case(&name, finding)));
        report.add_test_suite(suite);
    }
    let written = report.to_string().map_err(io::Error::other)?;
    writeln!(out, "{written}")
}

fn test_case(suite: &str, finding: &Finding) -> TestCase {
    let Finding { code, severity, package: _, path, line, message, help } = finding;
    let place = path.as_ref().map(|path| line.map_or(path.to_string(), |line| format!("{path}:{line}")));
    let rest = place.into_iter().chain((!help.is_empty()).then(|| format!("help: {help}"))).collect::<Vec<_>>();
    let mut case = match severity {
        Severity::Error => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(message.as_str()).set_type(code.as_str()).set_description(rest.join("\n"));
            TestCase::new(code.as_str(), status)
        }
        Severity::Warning => {
            let mut case = TestCase::new(code.as_str(), TestCaseStatus::success());
            case.set_system_out(format!("warning: {message}\n{}", rest.join("\n")));
            case
        }
    };
    case.set_classname(suite);
    case
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::PackageName;
    use crate::report::sample::shown;

    fn findings() -> Vec<Finding> {
        let core = PackageName::from("core");
        vec![
            Finding::error(Code::Secret, "100%\n::error::x")
                .at(&"a,b:c.rs".into(), Some(3))
                .help("take it out")
                .package(&core),
            Finding::warning(Code::FileMedia, "m & <n>"),
        ]
    }

    // A finding cannot end its line or begin another command.
    #[test]
    fn commands_are_escaped() {
        let text = shown(|out| github(out, &findings()));
        let first = "::error file=a%2Cb%3Ac.rs,line=3,title=secret::100%25%0A::error::x%0Ahelp: take it out\n";
        let rest = "::warning title=file-media::m & <n>\n::group::2 findings\nerror[secret]: 100% : :error: :x\n";
        let last = "  help: take it out\nwarning[file-media]: m & <n>\n::endgroup::\n";
        assert_eq!(text, format!("{first}{rest}{last}"));
    }

    // GitHub shows ten of a level: the tenth says how many more there are, and the log has all.
    #[test]
    fn annotations_are_capped() {
        let many: Vec<Finding> = (0..12).map(|at| Finding::error(Code::Secret, format!("finding {at}"))).collect();
        let text = shown(|out| github(out, &many));
        assert_eq!(text.lines().filter(|line| line.starts_with("::error")).count(), 10, "{text}");
        assert!(text.contains("::error title=cargo release::3 findings more, in the log of this step\n"), "{text}");
        assert!(text.contains("error[secret]: finding 11\n"), "{text}");
    }

    // Code scanning finds the rule, the file and the line.
    #[test]
    fn sarif_names_rule_and_place() {
        let said: Value = serde_json::from_str(&shown(|out| sarif(out, &findings()))).unwrap();
        let run = &said["runs"][0];
        assert_eq!(run["results"][0]["ruleId"], "secret");
        assert_eq!(run["tool"]["driver"]["rules"][1]["id"], "secret");
        assert_eq!(run["results"][0]["ruleIndex"], 1);
        assert_eq!(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
        assert_eq!(run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "Cargo.toml");
    }

    // A suite a package, and a package without findings passes.
    #[test]
    fn junit_has_a_suite_a_package() {
        let packages = ["cli".to_owned(), "core".to_owned()];
        snapbox::assert_data_eq!(
            shown(|out| junit(out, &packages, &findings())),
            snapbox::str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cargo release check" tests="3" skipped="0" failures="1" errors="0">
    <testsuite name="cli" tests="1" skipped="0" errors="0" failures="0">
        <testcase name="release"/>
    </testsuite>
    <testsuite name="core" tests="1" skipped="0" errors="0" failures="1">
        <testcase name="secret" classname="core">
            <failure message="100%
::error::x" type="secret">a,b:c.rs:3
help: take it out</failure>
        </testcase>
    </testsuite>
    <testsuite name="workspace" tests="1" skipped="0" errors="0" failures="0">
        <testcase name="file-media" classname="workspace">
            <system-out>warning: m &amp; &lt;n&gt;
</system-out>
        </testcase>
    </testsuite>
</testsuites>


"#]]
        );
    }
}
