//! No token goes to another host than the one that it is for, wherever a forge or a registry points.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use std::sync::Arc;
use std::sync::Mutex;

use support::Dialect;
use support::Fault;
use support::Forge;
use support::Member;
use support::TOKEN;
use support::Workspace;
use support::World;
use tiny_http::Response;
use tiny_http::Server;

/// Another host: it takes everything, and remembers what it was shown.
struct Stranger {
    server: Arc<Server>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Stranger {
    fn start() -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").unwrap());
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (asked, told) = (server.clone(), seen.clone());
        std::thread::spawn(move || {
            for request in asked.incoming_requests() {
                let headers: Vec<String> = request.headers().iter().map(ToString::to_string).collect();
                told.lock().unwrap().push(format!("{} {}", request.url(), headers.join(" ")));
                request.respond(Response::from_string("[]")).unwrap_or(());
            }
        });
        Self { server, seen }
    }

    /// Its address, which a story keeps as long as it lasts.
    fn address(&self) -> &'static str {
        Box::leak(format!("http://{}", self.server.server_addr()).into_boxed_str())
    }

    #[track_caller]
    fn saw_no_token(&self) {
        let seen = self.seen.lock().unwrap().join("\n");
        assert!(!seen.contains(TOKEN), "{seen}");
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.server.unblock();
    }
}

fn world(dialect: Dialect, config: &str) -> (World, Forge) {
    let world = Workspace::of([Member::new("base")]).made();
    let forge = Forge::over(world.path("remote.git"), dialect);
    world.write("release.toml", &format!("verify = false\n{}{config}", forge.config())).commit("chore: a forge");
    world.git(&["push", "--quiet", "origin", "main"]);
    (world, forge)
}

/// An API that redirects to another host is not followed: neither for what is read nor for what is sent.
#[test]
fn redirects_are_not_followed() {
    for dialect in [Dialect::Github, Dialect::Gitlab, Dialect::Forgejo] {
        let pulls = if dialect == Dialect::Gitlab { "merge_requests" } else { "pulls" };
        for at in [format!("GET /repos/acme/tea/{pulls}"), format!("POST /repos/acme/tea/{pulls}")] {
            let at =
                if dialect == Dialect::Gitlab { at.replace("/repos/acme/tea", "/projects/acme%2Ftea") } else { at };
            let (world, forge) = world(dialect, "");
            let stranger = Stranger::start();
            forge.goes_wrong(&at, Fault::Elsewhere(stranger.address()));
            let run = world.release_with("pr -x --no-confirm", &[(forge.variable(), TOKEN)]);
            assert_ne!(run.code, Some(0), "{dialect:?} {at}: {}", run.stderr);
            stranger.saw_no_token();
        }
    }
}

/// Commits are made by no other host either.
#[test]
fn commits_are_not_made_elsewhere() {
    let (world, forge) = world(Dialect::Github, "[pr]\nsign = \"api\"\n");
    let stranger = Stranger::start();
    forge.goes_wrong("/api/graphql", Fault::Elsewhere(stranger.address()));
    world.release_with("pr -x --no-confirm", &[(forge.variable(), TOKEN)]).ends(4);
    stranger.saw_no_token();
}

/// A forge that names another host for uploads gets no file and no token there; the release is not failed by it.
#[test]
fn files_are_not_uploaded_elsewhere() {
    for dialect in [Dialect::Github, Dialect::Forgejo] {
        let (world, forge) = world(dialect, "[announce]\nassets = [\"base/Cargo.toml\"]\n");
        let stranger = Stranger::start();
        forge.uploads_elsewhere(stranger.address());
        let run = world.release_with("-x --no-confirm", &[(forge.variable(), TOKEN)]).ends_well();
        if dialect == Dialect::Github {
            run.says("another host");
        }
        stranger.saw_no_token();
    }
}
