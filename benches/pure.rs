//! The parts that touch nothing: deciding a plan, writing it as JSON, and changelogs, each at two sizes, so that growth
//! shows: `cargo bench --bench pure`.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "it is a script, and shares the world of the stories"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use cargo_release::testing::changelog::Document;
use cargo_release::testing::changelog::Owner;
use cargo_release::testing::changelog::flaws;
use cargo_release::testing::cli::Cli;
use cargo_release::testing::config;
use cargo_release::testing::config::Config;
use cargo_release::testing::config::MemberFacts;
use cargo_release::testing::config::Sources;
use cargo_release::testing::environment::Environment;
use cargo_release::testing::observe;
use cargo_release::testing::plan;
use cargo_release::testing::report::plan_json;
use cargo_release::testing::snapshot::Snapshot;
use criterion::BenchmarkId;
use criterion::Criterion;
use criterion::Throughput;

#[path = "../tests/support/mod.rs"]
mod support;

use support::Member;
use support::Workspace;
use support::facts;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    decisions(&mut criterion);
    changelogs(&mut criterion);
    criterion.final_summary();
}

/// Packages in levels of ten, each needing one below.
fn decisions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    for packages in [20, 80] {
        let (snapshot, config) = workspace(packages);
        let cli = Cli::parse(["cargo", "release", "--offline"].map(Into::into)).unwrap();
        let request = cli.release.ask.request("2026-08-26".to_owned()).unwrap();
        let decided = plan::decide(&snapshot, &config, &request).unwrap();
        assert_eq!(decided.packages.len(), packages);
        group.throughput(Throughput::Elements(packages as u64));
        let decide = || plan::decide(black_box(&snapshot), &config, &request).unwrap();
        group.bench_function(BenchmarkId::new("decide", packages), |bencher| bencher.iter(decide));
        let written = || plan_json(&mut std::io::sink(), black_box(&decided)).unwrap();
        group.bench_function(BenchmarkId::new("write as JSON", packages), |bencher| bencher.iter(written));
    }
    group.finish();
}

/// What is seen of a workspace that was never released.
fn workspace(packages: usize) -> (Snapshot, Config) {
    let name = |at: usize| -> &'static str { format!("unit-{at}").leak() };
    let member = |at: usize| match at.checked_sub(10) {
        Some(below) => Member::new(name(at)).needs(&[name(below)]),
        None => Member::new(name(at)),
    };
    let world = Workspace::of((0..packages).map(member)).made();
    let environment = Environment::new(std::env::vars_os(), &world.checkout(), Path::new("cargo-release"));
    let options = observe::Options { offline: true, ..observe::Options::default() };
    let place = observe::locate(&environment, &options).unwrap();
    let facts: Vec<MemberFacts> = place.workspace.packages.iter().map(facts).collect();
    let config = config::resolve(&Sources::default(), &facts).unwrap();
    (observe::observe(&place, &config, &options).unwrap(), config)
}

/// A changelog of so many releases, read and put together, and looked through for flaws.
fn changelogs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("changelog");
    for releases in [100, 1_000] {
        let text = changelog(releases);
        group.throughput(Throughput::Bytes(text.len() as u64));
        let read = || assert_eq!(Document::parse(black_box(&text)).render().len(), text.len());
        group.bench_function(BenchmarkId::new("read and render", releases), |bencher| bencher.iter(read));
        let owner = Owner::alone(&"tea".into());
        let looked = || flaws(black_box(&text), &owner, &|_| true);
        group.bench_function(BenchmarkId::new("look for flaws", releases), |bencher| bencher.iter(looked));
    }
    group.finish();
}

fn changelog(releases: usize) -> String {
    let mut text = "# Changelog\n\n## [Unreleased]\n".to_owned();
    for minor in (0..releases).rev() {
        write!(text, "\n## [0.{minor}.0] - 2026-01-02\n\n### Added\n\n- Pour `tea` at {minor} degrees (#{minor}).\n")
            .unwrap();
    }
    text
}
