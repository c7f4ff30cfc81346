//! A forge on loopback, over the bare remote of a world: GitHub, GitLab or Forgejo, as far as they are asked. It keeps what
//! it is told, and what it was asked. Where `FORGE_RECORD` names a file, every request and response is added to it as a line
//! of JSON, which `tests/forge/contract.py` holds to the descriptions that the forges publish.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread::JoinHandle;

use serde_json::Value;
use serde_json::json;
use tiny_http::Header;
use tiny_http::Request;
use tiny_http::Response;
use tiny_http::Server;

use super::forge_commits::Commits;

/// The token that it takes.
pub const TOKEN: &str = "canary-token-of-the-forge";

/// The dialect that it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Github,
    Gitlab,
    Forgejo,
}

/// What goes wrong, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It answers with this status, and does nothing.
    Status(u16),
    /// It asks to be left alone for a moment.
    Limited,
    /// It does what it is asked, and the answer is lost.
    Lost,
    /// It sends whoever asks to another host.
    Elsewhere(&'static str),
    /// It does something else than it is asked: a commit has another file, or is not signed.
    Otherwise(&'static str),
}

/// What it holds.
#[derive(Default)]
struct Held {
    pulls: Vec<Value>,
    releases: Vec<Value>,
    assets: BTreeMap<u64, Vec<(u64, String, usize, String)>>,
    labels: Vec<Value>,
    comments: Vec<(u64, String)>,
    brought: BTreeMap<String, (u64, String)>,
    asked: Vec<String>,
    bodies: Vec<(String, Value)>,
    fault: Option<(String, Fault)>,
    ids: u64,
    uploads: Option<String>,
}

/// A forge that runs. It ends when it is dropped.
pub struct Forge {
    dialect: Dialect,
    address: String,
    held: Arc<Mutex<Held>>,
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
}

impl Forge {
    /// Starts one over a bare repository.
    #[expect(clippy::excessive_nesting, reason = "a loop over what may be missing reads best in one place")]
    pub fn over(remote: PathBuf, dialect: Dialect) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").unwrap());
        let address = format!("http://{}", server.server_addr());
        let held: Arc<Mutex<Held>> = Arc::default();
        let thread = {
            let (server, held, address) = (server.clone(), held.clone(), address.clone());
            std::thread::spawn(move || {
                for request in server.incoming_requests() {
                    Turn { dialect, address: &address, remote: &remote, held: &held }.answer(request);
                }
            })
        };
        Self { dialect, address, held, server, thread: Some(thread) }
    }

    /// The lines of `release.toml` that lead to it.
    pub fn config(&self) -> String {
        let kind = match self.dialect {
            Dialect::Github => "github",
            Dialect::Gitlab => "gitlab",
            Dialect::Forgejo => "forgejo",
        };
        let (address, api) = (&self.address, self.api());
        format!("[forge]\nkind = \"{kind}\"\nurl = \"{address}/acme/tea\"\napi = \"{address}{api}\"\n")
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The variable that its token is in.
    pub fn variable(&self) -> &'static str {
        match self.dialect {
            Dialect::Github => "GITHUB_TOKEN",
            Dialect::Gitlab => "GITLAB_TOKEN",
            Dialect::Forgejo => "FORGEJO_TOKEN",
        }
    }

    fn api(&self) -> &'static str {
        match self.dialect {
            Dialect::Github => "/api/v3",
            Dialect::Gitlab => "/api/v4",
            Dialect::Forgejo => "/api/v1",
        }
    }

    /// The next request whose method and path have this in them goes wrong.
    pub fn goes_wrong(&self, at: &str, fault: Fault) {
        self.held.lock().unwrap().fault = Some((at.to_owned(), fault));
    }

    /// All pull requests, in one form: number, title, body, state, branch, base.
    pub fn pulls(&self) -> Vec<Value> {
        self.held.lock().unwrap().pulls.clone()
    }

    /// All releases, in one form: tag, name, body, draft, latest.
    pub fn releases(&self) -> Vec<Value> {
        self.held.lock().unwrap().releases.clone()
    }

    /// The files of a release: name and size.
    pub fn assets(&self, tag: &str) -> Vec<(String, usize)> {
        let held = self.held.lock().unwrap();
        let id = held.releases.iter().find(|it| it["tag"] == tag).and_then(|it| it["id"].as_u64());
        let all = id.and_then(|id| held.assets.get(&id)).cloned().unwrap_or_default();
        all.into_iter().map(|(_, name, size, _)| (name, size)).collect()
    }

    /// What was written under pull requests and issues.
    pub fn comments(&self) -> Vec<(u64, String)> {
        self.held.lock().unwrap().comments.clone()
    }

    /// What it was asked: `POST /repos/acme/tea/pulls`.
    pub fn asked(&self) -> Vec<String> {
        self.held.lock().unwrap().asked.clone()
    }

    /// What was sent with requests.
    pub fn bodies(&self) -> Vec<(String, Value)> {
        self.held.lock().unwrap().bodies.clone()
    }

    /// A commit was brought by a merged pull request of this author.
    pub fn brought(&self, commit: &str, number: u64, login: &str) {
        self.held.lock().unwrap().brought.insert(commit.to_owned(), (number, login.to_owned()));
    }

    /// A person changes a pull request.
    pub fn edit_pull(&self, number: u64, key: &str, value: &str) {
        let mut held = self.held.lock().unwrap();
        let pull = held.pulls.iter_mut().find(|pull| pull["number"] == number).unwrap();
        pull[key] = json!(value);
    }

    /// From now on it says that files are uploaded to this host.
    pub fn uploads_elsewhere(&self, host: &str) {
        self.held.lock().unwrap().uploads = Some(host.to_owned());
    }

    /// A person changes a release.
    pub fn edit_release(&self, tag: &str, key: &str, value: Value) {
        let mut held = self.held.lock().unwrap();
        held.releases.iter_mut().find(|it| it["tag"] == tag).unwrap()[key] = value;
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the forge panicked");
        }
    }
}

/// One request.
struct Turn<'a> {
    dialect: Dialect,
    address: &'a str,
    remote: &'a Path,
    held: &'a Mutex<Held>,
}

type Answer = (u16, Value);

impl Turn<'_> {
    fn answer(&self, mut request: Request) {
        let (method, url) = (request.method().to_string(), request.url().to_owned());
        let mut bytes = Vec::new();
        request.as_reader().read_to_end(&mut bytes).unwrap();
        let header = |name: &'static str| {
            request.headers().iter().find(|it| it.field.equiv(name)).map(|it| it.value.to_string())
        };
        let tokens = [header("Authorization"), header("Private-Token"), header("Job-Token")];
        let known = tokens.into_iter().flatten().any(|token| token.ends_with(TOKEN));
        let path = url.split('?').next().unwrap();
        let path = path.strip_prefix("/api/v3").or(path.strip_prefix("/api/v4")).or(path.strip_prefix("/api/v1"));
        let path = path.unwrap_or(&url).to_owned();
        let asked = format!("{method} {path}");
        let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let fault = {
            let mut held = self.held.lock().unwrap();
            held.asked.push(asked.clone());
            held.bodies.push((asked.clone(), body.clone()));
            let hit = held.fault.as_ref().is_some_and(|(at, _)| asked.contains(at));
            if hit { held.fault.take().map(|(_, fault)| fault) } else { None }
        };
        let refused = match fault {
            Some(Fault::Status(status)) => Some((status, json!({ "message": "it was told to fail" }))),
            Some(Fault::Limited) => Some((429, json!({ "message": "slow down" }))),
            Some(Fault::Elsewhere(_)) => Some((307, Value::Null)),
            Some(Fault::Lost | Fault::Otherwise(_)) | None if !known => {
                Some((401, json!({ "message": "Bad credentials" })))
            }
            Some(Fault::Lost | Fault::Otherwise(_)) | None => None,
        };
        let query: BTreeMap<String, String> = url::Url::parse(&format!("{}{url}", self.address))
            .unwrap()
            .query_pairs()
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect();
        let otherwise = if let Some(Fault::Otherwise(how)) = fault { Some(how) } else { None };
        let (status, answer) = refused.unwrap_or_else(|| match path.as_str() {
            "/api/graphql" if self.dialect == Dialect::Github => {
                Commits { remote: self.remote, otherwise }.answer(&body["variables"]["input"])
            }
            _ => self.route(&method, &path, &query, (&body, &bytes)),
        });
        self.record(&json!({
            "dialect": format!("{:?}", self.dialect).to_lowercase(), "method": method, "url": url, "body": body,
            "type": header("Content-Type"), "agent": header("User-Agent"), "status": status, "answer": answer,
        }));
        if fault == Some(Fault::Lost) {
            // The connection is closed without a word.
            drop(request);
            return;
        }
        let text = if answer.is_null() { String::new() } else { answer.to_string() };
        let mut response = Response::from_string(text).with_status_code(status);
        response.add_header(Header::from_bytes("Content-Type", "application/json").unwrap());
        if let Some(Fault::Elsewhere(host)) = fault {
            let location = format!("{host}{url}");
            response.add_header(Header::from_bytes("Location", location).unwrap());
        }
        if fault == Some(Fault::Limited) {
            response.add_header(Header::from_bytes("Retry-After", "1").unwrap());
        }
        request.respond(response).unwrap_or(());
    }

    /// Adds a line to the file in `FORGE_RECORD`; one write, because the forges of all tests write to it.
    fn record(&self, exchange: &Value) {
        if let Some(path) = std::env::var_os("FORGE_RECORD") {
            let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
            file.write_all(format!("{exchange}\n").as_bytes()).unwrap();
        }
    }

    fn route(&self, method: &str, path: &str, query: &BTreeMap<String, String>, sent: (&Value, &[u8])) -> Answer {
        let rest = path.strip_prefix("/repos/acme/tea").or(path.strip_prefix("/projects/acme%2Ftea"));
        let Some(rest) = rest else { return (404, json!({ "message": "Not Found" })) };
        let parts: Vec<&str> = rest.trim_start_matches('/').split('/').collect();
        let page = query.get("page").map_or(1, |page| page.parse::<usize>().unwrap());
        if method == "GET" && page > 1 {
            return (200, json!([]));
        }
        match (method, parts.as_slice()) {
            ("GET", ["pulls" | "merge_requests"]) => self.open_pulls(query),
            ("POST", ["pulls" | "merge_requests"]) => self.make_pull(sent.0),
            (_, ["pulls" | "merge_requests", number]) => self.one_pull(method, number, sent.0),
            ("POST", ["issues" | "merge_requests", number, "comments" | "notes"]) => {
                let text = sent.0["body"].as_str().unwrap_or_default().to_owned();
                let mut held = self.held.lock().unwrap();
                held.comments.push((number.parse().unwrap(), text.clone()));
                (201, json!({ "id": held.comments.len(), "body": text }))
            }
            ("GET", ["issues" | "merge_requests", number, "comments" | "notes"]) => {
                let held = self.held.lock().unwrap();
                let of = held.comments.iter().enumerate().filter(|(_, (known, _))| known.to_string() == *number);
                (200, of.map(|(at, (_, body))| json!({ "id": at + 1, "body": body })).collect())
            }
            ("GET", ["commits", commit, _] | ["repository", "commits", commit, _]) => self.pulls_of(commit),
            ("GET", ["labels"]) => (200, json!(self.held.lock().unwrap().labels)),
            ("POST", ["labels"]) => {
                let mut held = self.held.lock().unwrap();
                held.ids += 1;
                let label = json!({ "id": held.ids, "name": sent.0["name"], "color": sent.0["color"] });
                held.labels.push(label.clone());
                (201, label)
            }
            ("POST", ["issues", number, "labels"]) => self.label(number, sent.0),
            ("POST", ["pulls", _, "requested_reviewers"]) => (201, json!({ "number": 1 })),
            ("GET", ["releases"]) => {
                let held = self.held.lock().unwrap();
                (200, held.releases.iter().map(|release| self.release(release)).collect())
            }
            ("POST", ["releases"]) => self.make_release(sent.0),
            ("GET", ["releases", tag]) if self.dialect == Dialect::Gitlab => {
                let held = self.held.lock().unwrap();
                let found = held.releases.iter().find(|release| release["tag"] == *tag);
                found.map_or((404, json!({ "message": "404 Not Found" })), |found| (200, self.release(found)))
            }
            ("PATCH", ["releases", id]) => self.change_release(id, sent.0),
            ("GET", ["releases", id, "assets"] | ["releases", id, "assets", "links"]) => self.list_assets(id),
            ("POST", ["releases", id, "assets"] | ["releases", id, "assets", "links"]) => {
                let name = query.get("name").cloned().or(sent.0["name"].as_str().map(str::to_owned)).unwrap();
                self.add_asset(id, &name, sent.1.len())
            }
            ("DELETE", ["releases", _, "assets", "links", id]) => self.remove_asset(id),
            ("PUT", ["packages", "generic", ..]) => (201, json!({ "message": "201 Created" })),
            ("DELETE", ["releases", "assets", id]) => self.remove_asset(id),
            ("DELETE", ["releases", _, "assets", id]) => self.remove_asset(id),
            (_, _) => (404, json!({ "message": format!("no route: {method} {rest}") })),
        }
    }

    /// The pull requests that brought a commit, as the dialect has them.
    fn pulls_of(&self, commit: &str) -> Answer {
        let held = self.held.lock().unwrap();
        let found = held.brought.get(commit).cloned();
        let number = found.as_ref().map(|(number, _)| *number);
        let known = held.pulls.iter().find(|pull| pull["number"].as_u64() == number);
        let text = known.map_or(json!(""), |pull| pull["body"].clone());
        match (self.dialect, found) {
            (Dialect::Github, None) => (422, json!({ "message": "No commit found for SHA" })),
            (Dialect::Gitlab, None) => (200, json!([])),
            (Dialect::Forgejo, None) => (404, json!({ "message": "pull request does not exist" })),
            (Dialect::Gitlab, Some((number, login))) => {
                let author = json!({ "username": login });
                (200, json!([{ "iid": number, "state": "merged", "author": author, "description": text }]))
            }
            (dialect, Some((number, login))) => {
                let page = format!("{}/acme/tea/pull/{number}", self.address);
                let head = json!({ "ref": "way", "repo": { "full_name": "acme/tea" } });
                let pull = json!({
                    "number": number, "state": "closed", "merged_at": "2026-01-02T03:04:05Z", "user": { "login": login },
                    "html_url": page, "title": "A way", "body": text, "base": head, "head": head,
                });
                (200, if dialect == Dialect::Github { json!([pull]) } else { pull })
            }
        }
    }

    fn open_pulls(&self, query: &BTreeMap<String, String>) -> Answer {
        let held = self.held.lock().unwrap();
        let wanted = |pull: &&Value| {
            let (branch, base) = (pull["branch"].as_str().unwrap(), pull["base"].as_str().unwrap());
            let head = query.get("head").is_none_or(|head| *head == format!("acme:{branch}"));
            let source = query.get("source_branch").is_none_or(|it| it == branch);
            let target = query.get("target_branch").or(query.get("base")).is_none_or(|it| it == base);
            pull["state"] == "open" && head && source && target
        };
        (200, held.pulls.iter().filter(wanted).map(|pull| self.pull(pull)).collect())
    }

    fn make_pull(&self, sent: &Value) -> Answer {
        let text = |keys: [&str; 2]| keys.iter().find_map(|key| sent[*key].as_str()).unwrap_or_default().to_owned();
        let (branch, base) = (text(["head", "source_branch"]), text(["base", "target_branch"]));
        let exists = |branch: &str| self.git(&["rev-parse", "--verify", &format!("refs/heads/{branch}")]).is_some();
        if !exists(&branch) || !exists(&base) {
            return (422, json!({ "message": "Validation Failed", "errors": [{ "message": "no such branch" }] }));
        }
        if self.git(&["rev-list", "-1", &format!("{base}..{branch}")]).is_none_or(|it| it.is_empty()) {
            return (422, json!({ "message": "Validation Failed", "errors": [{ "message": "No commits between" }] }));
        }
        let mut held = self.held.lock().unwrap();
        if held.pulls.iter().any(|it| it["state"] == "open" && it["branch"] == branch && it["base"] == base) {
            let why = format!("A pull request already exists for acme:{branch}.");
            if self.dialect != Dialect::Github {
                return (409, json!({ "message": [why] }));
            }
            return (422, json!({ "message": "Validation Failed", "errors": [{ "message": why }] }));
        }
        let number = held.pulls.len() + 1;
        let pull = json!({
            "number": number, "title": text(["title", "title"]), "body": text(["body", "description"]),
            "state": "open", "branch": branch, "base": base, "draft": sent["draft"], "labels": [],
        });
        held.pulls.push(pull.clone());
        (201, self.pull(&pull))
    }

    #[expect(clippy::excessive_nesting, reason = "a loop over what may be missing reads best in one place")]
    fn one_pull(&self, method: &str, number: &str, sent: &Value) -> Answer {
        let mut held = self.held.lock().unwrap();
        let found = held.pulls.iter_mut().find(|pull| is_number(&pull["number"], number));
        let Some(pull) = found else { return (404, json!({ "message": "Not Found" })) };
        if method != "GET" {
            for (key, ours) in [("title", "title"), ("body", "body"), ("description", "body"), ("state", "state")] {
                if sent[key].is_string() {
                    pull[ours] = sent[key].clone();
                }
            }
            if sent["state_event"] == "close" {
                pull["state"] = json!("closed");
            }
            if let Some(labels) = sent["add_labels"].as_str() {
                pull["labels"] = labels.split(',').collect();
            }
            if sent["labels"].is_array() {
                pull["labels"] = sent["labels"].clone();
            }
        }
        let pull = pull.clone();
        // Forgejo answers a change as if it were a creation.
        let status = if method == "PATCH" && self.dialect == Dialect::Forgejo { 201 } else { 200 };
        let mut answer = self.pull(&pull);
        if self.dialect == Dialect::Github {
            // Only a single pull request tells this.
            answer["merged"] = json!(pull["state"] == "merged");
        }
        (status, answer)
    }

    /// GitHub takes the labels as an object and as a bare array.
    fn label(&self, number: &str, sent: &Value) -> Answer {
        let mut held = self.held.lock().unwrap();
        let named: Vec<Value> = sent.as_array().or(sent["labels"].as_array()).unwrap().clone();
        if self.dialect == Dialect::Forgejo && !named.iter().all(Value::is_u64) {
            return (422, json!({ "message": "labels must be integers" }));
        }
        let all: Vec<Value> = named
            .iter()
            .map(|label| match held.labels.iter().find(|it| it["id"] == *label) {
                Some(known) => known.clone(),
                None => json!({ "name": label }),
            })
            .collect();
        let names: Vec<&Value> = all.iter().map(|label| &label["name"]).collect();
        let pull = held.pulls.iter_mut().find(|pull| is_number(&pull["number"], number)).unwrap();
        pull["labels"] = json!(names);
        (200, json!(all))
    }

    /// A pull request as the dialect has it.
    fn pull(&self, pull: &Value) -> Value {
        let (address, number) = (self.address, &pull["number"]);
        let url = format!("{address}/acme/tea/pull/{number}");
        let merged = pull["state"] == "merged";
        let labels: Vec<Value> =
            pull["labels"].as_array().unwrap().iter().map(|name| json!({ "name": name })).collect();
        let common = json!({
            "number": number, "html_url": url, "title": pull["title"], "body": pull["body"], "labels": labels,
            "state": if merged { json!("closed") } else { pull["state"].clone() },
            "head": { "ref": pull["branch"], "repo": { "full_name": "acme/tea" } },
            "base": { "ref": pull["base"], "repo": { "full_name": "acme/tea" } },
        });
        let repository = format!("{address}/api/v3/repos/acme/tea");
        match self.dialect {
            Dialect::Github => joined(
                common,
                json!({
                    "url": format!("{repository}/pulls/{number}"), "issue_url": format!("{repository}/issues/{number}"),
                    "merged_at": merged.then_some("2026-01-02T03:04:05Z"), "draft": pull["draft"] == true,
                }),
            ),
            Dialect::Forgejo => joined(common, json!({ "merged": merged })),
            Dialect::Gitlab => json!({
                "iid": number, "web_url": url, "labels": pull["labels"], "title": pull["title"], "description": pull["body"],
                "state": if pull["state"] == "open" { json!("opened") } else { pull["state"].clone() },
                "source_branch": pull["branch"], "target_branch": pull["base"],
                "source_project_id": 1, "target_project_id": 1,
            }),
        }
    }

    fn make_release(&self, sent: &Value) -> Answer {
        let mut held = self.held.lock().unwrap();
        let tag = sent["tag_name"].as_str().unwrap_or_default().to_owned();
        let draft = sent["draft"].as_bool().unwrap_or(false);
        let known = self.git(&["rev-parse", "--verify", &format!("refs/tags/{tag}")]).is_some();
        if held.releases.iter().any(|it| it["tag"] == tag && it["draft"] == false) || (!known && !draft) {
            return (422, json!({ "message": "Validation Failed", "errors": [{ "code": "already_exists" }] }));
        }
        held.ids += 1;
        let release = json!({
            "id": held.ids, "tag": tag, "name": sent["name"], "draft": draft, "latest": sent["make_latest"],
            "body": if sent["body"].is_string() { &sent["body"] } else { &sent["description"] },
            "prerelease": sent["prerelease"], "immutable": false, "uploads": held.uploads,
        });
        held.releases.push(release.clone());
        (201, self.release(&release))
    }

    fn change_release(&self, id: &str, sent: &Value) -> Answer {
        let mut held = self.held.lock().unwrap();
        let found = held.releases.iter_mut().find(|it| is_number(&it["id"], id));
        let Some(release) = found else { return (404, json!({ "message": "Not Found" })) };
        for (key, ours) in [("draft", "draft"), ("body", "body"), ("make_latest", "latest")] {
            if !sent[key].is_null() {
                release[ours] = sent[key].clone();
            }
        }
        // What is shown may not be changed any more.
        release["immutable"] = json!(release["draft"] == false);
        let release = release.clone();
        (200, self.release(&release))
    }

    fn release(&self, release: &Value) -> Value {
        let (address, id) = (self.address, &release["id"]);
        let url = format!("{address}/acme/tea/releases/{}", release["tag"].as_str().unwrap());
        let api = format!(
            "{address}/api/{}/repos/acme/tea/releases/{id}",
            if self.dialect == Dialect::Github { "v3" } else { "v1" }
        );
        let uploads = release["uploads"].as_str().map_or(api.clone(), |host| format!("{host}/releases/{id}"));
        match self.dialect {
            Dialect::Github | Dialect::Forgejo => json!({
                "id": id, "html_url": url, "tag_name": release["tag"], "name": release["name"],
                "body": release["body"], "draft": release["draft"], "prerelease": release["prerelease"] == true,
                "url": api,
                "upload_url": format!("{uploads}/assets{}", if self.dialect == Dialect::Github { "{?name,label}" } else { "" }),
            }),
            Dialect::Gitlab => json!({
                "tag_name": release["tag"], "name": release["name"], "description": release["body"],
                "_links": { "self": url },
            }),
        }
    }

    fn id(&self, release: &str) -> u64 {
        let held = self.held.lock().unwrap();
        let found = held.releases.iter().find(|it| is_number(&it["id"], release) || it["tag"] == release);
        found.and_then(|it| it["id"].as_u64()).unwrap_or_default()
    }

    fn list_assets(&self, release: &str) -> Answer {
        let id = self.id(release);
        let held = self.held.lock().unwrap();
        let all = held.assets.get(&id).cloned().unwrap_or_default();
        (200, all.iter().map(|asset| self.asset(asset)).collect())
    }

    /// A file of a release as the dialect has it.
    fn asset(&self, (id, name, size, state): &(u64, String, usize, String)) -> Value {
        let api = format!("{}/api/v3/repos/acme/tea/releases/assets/{id}", self.address);
        match self.dialect {
            Dialect::Github => json!({ "id": id, "name": name, "size": size, "state": state, "url": api }),
            Dialect::Forgejo => json!({ "id": id, "name": name, "size": size }),
            Dialect::Gitlab => json!({ "id": id, "name": name, "url": format!("{}/files/{name}", self.address) }),
        }
    }

    fn add_asset(&self, release: &str, name: &str, size: usize) -> Answer {
        let id = self.id(release);
        let mut held = self.held.lock().unwrap();
        let immutable = held.releases.iter().any(|it| it["id"] == id && it["immutable"] == true);
        if immutable {
            return (422, json!({ "message": "Cannot upload assets to an immutable release." }));
        }
        held.ids += 1;
        let asset = (held.ids, name.to_owned(), size, "uploaded".to_owned());
        let answer = self.asset(&asset);
        held.assets.entry(id).or_default().push(asset);
        (201, answer)
    }

    fn remove_asset(&self, id: &str) -> Answer {
        let mut held = self.held.lock().unwrap();
        held.assets.values_mut().for_each(|all| all.retain(|(known, ..)| known.to_string() != id));
        (204, Value::Null)
    }

    fn git(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("git").arg("-C").arg(self.remote).args(arguments).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
    }
}

/// One object with what two of them have.
fn joined(one: Value, other: Value) -> Value {
    let (Value::Object(mut one), Value::Object(other)) = (one, other) else { unreachable!("objects are joined") };
    one.extend(other);
    Value::Object(one)
}

/// Whether a number is written so.
fn is_number(value: &Value, text: &str) -> bool {
    value.as_u64().is_some_and(|number| text.parse() == Ok(number))
}
