//! Trusted publishing: no secret is kept anywhere, tokens are minted at the first upload, and revoked whatever happens.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Life;
use cargo_release::testing::registry::Refusal;
use support::BOX;
use support::Member;
use support::Run;
use support::Workspace;
use support::World;
use tiny_http::Response;
use tiny_http::Server;

/// What the job asks for identities with.
const REQUEST: &str = "canary-of-the-job";

/// Who vouches for jobs, as GitHub does: a new identity for each question.
struct Issuer {
    server: Arc<Server>,
    given: Arc<AtomicUsize>,
}

/// Nothing is said to those who do not show the token of the job.
fn answered(known: bool, answer: String) -> String {
    if known { answer } else { "{}".to_owned() }
}

impl Issuer {
    fn start() -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").unwrap());
        let given = Arc::new(AtomicUsize::new(0));
        let (asked, count) = (server.clone(), given.clone());
        std::thread::spawn(move || {
            for request in asked.incoming_requests() {
                let known = request.headers().iter().any(|it| it.value.as_str() == format!("Bearer {REQUEST}"));
                let audience = request.url().rsplit("audience=").next().unwrap().to_owned();
                let number = count.fetch_add(1, Ordering::SeqCst);
                let answer = format!(r#"{{"value":"canary-identity-{number} for {audience}"}}"#);
                let body = answered(known, answer);
                let answer = Response::from_string(body);
                request.respond(answer).unwrap_or(());
            }
        });
        Self { server, given }
    }

    fn address(&self) -> String {
        format!("http://{}/identity?api-version=2", self.server.server_addr())
    }

    fn given(&self) -> usize {
        self.given.load(Ordering::SeqCst)
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.server.unblock();
    }
}

/// Packages that were published once and changed since, each after the one before.
fn published(names: &[&'static str], life: Life) -> World {
    let member = |(at, name): (usize, &&'static str)| match at.checked_sub(1) {
        Some(before) => Member::new(name).needs(&[names[before]]),
        None => Member::new(name),
    };
    released(names, names.iter().enumerate().map(member), life)
}

/// Packages that were published once and changed since.
fn released(names: &[&str], members: impl IntoIterator<Item = Member>, life: Life) -> World {
    let world = Workspace::of(members).configured("verify = false\n").made();
    world.release("-x --no-confirm").ends_well();
    for name in names {
        let path = format!("{name}/src/lib.rs");
        let before = world.read(&path);
        world.write(&path, &format!("{before}// more\n"));
    }
    world.commit("fix: more");
    world.git(&["push", "--quiet", "origin", "main"]);
    world.registry(BOX).trust(life);
    world
}

/// What a job on GitHub has in its environment.
fn job(address: &str) -> [(&str, &str); 3] {
    [
        ("CARGO_REGISTRIES_BOX_TOKEN", ""),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", address),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST),
    ]
}

fn in_github(world: &World, issuer: &Issuer, more: &[(&str, &str)]) -> Run {
    world.release_with("-x --no-confirm -v", &[&job(&issuer.address()), more].concat())
}

/// Every token that was minted is revoked, and nothing that a run leaves or says has one in it.
#[track_caller]
fn leaves_nothing(world: &World, run: &Run) {
    let minted = world.registry(BOX).minted();
    assert!(!minted.is_empty() && minted.iter().all(|(_, revoked)| *revoked), "{minted:?}");
    let room = world.checkout().join(".git/cargo-release");
    let mut left = vec![room];
    let mut texts = format!("{}{}", run.stdout, run.stderr);
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            texts.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
        }
    }
    assert!(!texts.contains("cio_tp_") && !texts.contains("canary"), "a secret was left or said");
}

/// One token for all uploads to a registry, minted at the first and revoked after the last.
#[test]
fn one_token_for_all_uploads() {
    let (world, issuer) = (published(&["base", "left"], Life::Uploads(100)), Issuer::start());
    let run = in_github(&world, &issuer, &[]).ends_well();
    world.has_released(&["base 0.1.0 in box", "base 0.1.1 in box", "left 0.1.0 in box", "left 0.1.1 in box"]);
    assert_eq!((issuer.given(), world.registry(BOX).minted().len()), (1, 1));
    leaves_nothing(&world, &run);
}

/// Tokens that end while there is more to upload are minted anew, and each is revoked.
#[test]
fn tokens_that_end_are_minted_anew() {
    let names = ["aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff", "gggg"];
    let (world, issuer) = (published(&names, Life::Uploads(3)), Issuer::start());
    let run = in_github(&world, &issuer, &[]).ends_well();
    assert_eq!((world.registry(BOX).published().len(), issuer.given()), (14, 3));
    leaves_nothing(&world, &run);
}

/// Forty uploads, several at once, with tokens that live for three seconds: all arrive, and every token is revoked.
#[test]
fn tokens_that_live_for_seconds() {
    let names: Vec<String> = (10..50).map(|number| format!("crate{number}")).collect();
    let names: Vec<&'static str> = names.into_iter().map(|name| &*name.leak()).collect();
    let life = Life::Time(Duration::from_secs(3));
    let (world, issuer) = (released(&names, names.iter().map(|name| Member::new(name)), life), Issuer::start());
    let run = in_github(&world, &issuer, &[]).ends_well();
    assert_eq!(world.registry(BOX).published().len(), 80);
    leaves_nothing(&world, &run);
}

/// A release that is asked to stop has revoked its token before it ends.
#[test]
fn signal_revokes_the_token() {
    let (world, issuer) = (published(&["base"], Life::Uploads(100)), Issuer::start());
    let fifo = world.path("here");
    assert!(world.command("mkfifo", &world.path("")).arg(&fifo).status().unwrap().success());
    let hangs = format!("grep -q refs/tags/ || exit 0\necho here > {}\nsleep 60\n", fifo.display());
    world.remote_hook("pre-receive", &hangs);
    let mut command = world.command(env!("CARGO_BIN_EXE_cargo-release"), &world.checkout());
    command.args(["release", "-x", "--no-confirm", "-v"]).envs(job(&issuer.address()));
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::fs::read(&fifo).unwrap();
    assert!(!world.registry(BOX).minted().iter().all(|(_, revoked)| *revoked), "it is needed until the end");
    let signal = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((signal.success(), output.status.code()), (true, Some(3)));
    let minted = world.registry(BOX).minted();
    assert!(minted.len() == 1 && minted.iter().all(|(_, revoked)| *revoked), "{minted:?}");
}

/// A release that fails has revoked its token, too.
#[test]
fn failure_revokes_the_token() {
    let (world, issuer) = (published(&["base"], Life::Uploads(100)), Issuer::start());
    world.goes_wrong(Faults::none().with(Fault::Refuse(Refusal::new(400, "no"))));
    let run = in_github(&world, &issuer, &[]);
    assert_ne!(run.code, Some(0));
    leaves_nothing(&world, &run);
}

/// GitLab gives a job the identities that it declares, each good for once.
#[test]
fn identities_of_gitlab() {
    let world = published(&["base", "left"], Life::Uploads(100));
    let job = [("CARGO_REGISTRIES_BOX_TOKEN", ""), ("BOX_ID_TOKEN", "canary-one for 127.0.0.1")];
    let run = world.release_with("-x --no-confirm -v", &job).ends_well();
    leaves_nothing(&world, &run);
}

/// An event that runs with the rights of the repository on what others sent publishes nothing; and a token that cargo has
/// is not passed over.
#[test]
fn events_and_tokens_of_ones_own() {
    let (world, issuer) = (published(&["base"], Life::Uploads(100)), Issuer::start());
    in_github(&world, &issuer, &[("GITHUB_EVENT_NAME", "pull_request_target")]).ends(1).says("`pull_request_target`");
    assert_eq!((issuer.given(), world.uploads(BOX)), (0, 1));
    world.is_at_rest();
}

/// A crate that does not exist has no trusted publisher: that is told before anything is done.
#[test]
fn new_crates_are_told_before() {
    let world = Workspace::of([Member::new("base")]).configured("verify = false\n").made();
    let issuer = Issuer::start();
    in_github(&world, &issuer, &[]).ends(1).says("`base` is new").says("cargo login");
    assert_eq!((issuer.given(), world.uploads(BOX)), (0, 0));
    world.is_at_rest();
}
