//! The HTTP side: which address is what, who may ask, and the translation from and to the server library.

use std::io::Read as _;

use serde_json::json;
use tiny_http::Header;
use tiny_http::Request;
use tiny_http::Response;

use super::ReceivedRequest;
use super::Shared;
use super::answer::HttpError;
use super::answer::HttpResponse;
use super::answer::Reply;
use super::faults::Fault;
use super::index;
use super::publish;
use super::trusted;
use super::upload::MAX_BODY;
use super::upstream::ArchiveSource;
use crate::names::Digest;
use crate::tools::system::clock;

/// A request, as far as it matters here.
struct Ask {
    method: String,
    path: String,
    token: Option<String>,
    known: Option<String>,
    body: Vec<u8>,
}

/// Answers a request.
pub(super) fn answer(shared: &Shared, mut request: Request) {
    let client = request.remote_addr().copied();
    let asked = ReceivedRequest { method: request.method().to_string(), path: request.url().to_owned() };
    shared.state().asked.push(asked);
    let reply = read(&mut request).and_then(|ask| reply(shared, &ask));
    let response = match reply.unwrap_or_else(|denied| Reply::Response(denied.0)) {
        Reply::Response(answer) => response(answer),
        Reply::Cut => {
            client.into_iter().for_each(|client| shared.wire.cut(client));
            Response::from_data(Vec::new())
        }
    };
    // A client that has gone away, or was cut off, misses its answer; that is its affair.
    request.respond(response).unwrap_or(());
}

fn read(request: &mut Request) -> Result<Ask, HttpError> {
    let body = read_body(request)?;
    let header = |name: &'static str| {
        let found = request.headers().iter().find(|header| header.field.equiv(name));
        found.map(|header| header.value.as_str().to_owned()).filter(|value| !value.is_empty())
    };
    let path = request.url().split('?').next().unwrap_or_default().to_owned();
    Ok(Ask {
        method: request.method().to_string(),
        path,
        token: header("Authorization"),
        known: header("If-None-Match"),
        body,
    })
}

/// Reads as much as was announced, never to the end: cargo offers an upgrade to HTTP/2 with each request for the index,
/// and the server library then takes all that ever comes over the connection for the body.
fn read_body(request: &mut Request) -> Result<Vec<u8>, HttpError> {
    let announced = request.body_length().map_or(0, |length| length as u64);
    if announced > MAX_BODY {
        return Err(HttpError::new(413, format!("a request has at most {MAX_BODY} bytes")));
    }
    let mut body = Vec::new();
    let read = request.as_reader().take(announced).read_to_end(&mut body);
    read.map_err(|error| HttpError::bad(format!("the body cannot be read: {error}")))?;
    Ok(body)
}

fn reply(shared: &Shared, ask: &Ask) -> Result<Reply, HttpError> {
    let parts: Vec<&str> = ask.path.trim_start_matches('/').split('/').collect();
    if let ["api", "v1", "trusted_publishing", "tokens"] = parts.as_slice() {
        return match (ask.method.as_str(), &ask.token) {
            ("POST", _) => trusted::mint(shared, &ask.body).map(Reply::Response),
            ("DELETE", Some(token)) => Ok(Reply::Response(trusted::revoke(shared, token))),
            (_, _) => Err(HttpError::missing("not found")),
        };
    }
    let is_write = ask.method != "GET";
    if is_write || shared.auth_required {
        authorise(shared, ask, is_write)?;
    }
    if !is_write {
        later(shared, &parts)?;
    }
    match (ask.method.as_str(), parts.as_slice()) {
        ("PUT", ["api", "v1", "crates", "new"]) => publish::publish(shared, &ask.body),
        ("GET", ["index", "config.json"]) => Ok(Reply::Response(cached(ask, config(shared)))),
        ("GET", ["index", path @ ..]) => index_file(shared, ask, &path.join("/")).map(Reply::Response),
        ("GET", ["api", "v1", rest @ ..]) => show(shared, rest).map(Reply::Response),
        (_, ["api", "v1", "crates", rest @ ..]) => change(shared, ask, rest).map(Reply::Response),
        (_, _) => Err(HttpError::missing("not found")),
    }
}

/// Sends readers away for a while, where that goes wrong. Archives are not kept back.
fn later(shared: &Shared, parts: &[&str]) -> Result<(), HttpError> {
    let name = match parts {
        ["index", .., name] => *name,
        ["api", "v1", "crates", name] | ["api", "v1", "crates", name, "owners"] => *name,
        _ => "",
    };
    let wanted = |fault: &Fault| if let Fault::Later(seconds) = fault { Some(*seconds) } else { None };
    match shared.state().faults.take(name, wanted) {
        None => Ok(()),
        Some(seconds) => {
            let answer = HttpResponse::error(429, "too many questions");
            Err(HttpError(answer.with("Retry-After", seconds.to_string())))
        }
    }
}

/// A write needs a token, and a reader one where the registry is closed; any will do unless a certain one is expected.
fn authorise(shared: &Shared, ask: &Ask, is_write: bool) -> Result<(), HttpError> {
    match (&ask.token, &shared.token) {
        (Some(given), _) if is_write && !trusted::is_good(shared, given) => {
            Err(HttpError::new(403, "the token has ended"))
        }
        (Some(given), Some(expected)) if given != expected => Err(HttpError::new(403, "authentication failed")),
        (Some(_), _) => Ok(()),
        (None, _) if is_write && !shared.auth_required => {
            Err(HttpError::new(403, "this action requires authentication"))
        }
        (None, _) => {
            let login = format!("Cargo login_url=\"{}/me\"", shared.url());
            Err(HttpError(HttpResponse::error(401, "this registry requires a token").with("WWW-Authenticate", login)))
        }
    }
}

fn config(shared: &Shared) -> Vec<u8> {
    let url = shared.url();
    let config = json!({ "dl": format!("{url}/api/v1/crates"), "api": url, "auth-required": shared.auth_required });
    config.to_string().into_bytes()
}

fn index_file(shared: &Shared, ask: &Ask, path: &str) -> Result<HttpResponse, HttpError> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let missing = || HttpError::missing("not found");
    let mut state = shared.state();
    // The path has the name in lower case; a fault is armed for the name as it is spelled.
    let spelled = state.find(name).map_or_else(|_absent| name.to_owned(), |krate| krate.name.clone());
    let slow = state.faults.take(&spelled, |fault| if let Fault::SlowIndex(by) = fault { Some(*by) } else { None });
    let refused =
        state.faults.take(&spelled, |fault| if let Fault::IndexRefused(by) = fault { Some(*by) } else { None });
    drop(state);
    if let Some(by) = slow {
        clock::pause(by);
    }
    if let Some(status) = refused {
        return Err(HttpError::new(status, "the index is out of order"));
    }
    let before = shared.upstream.as_ref().map(|upstream| upstream.file(name)).transpose()?.flatten();
    let state = shared.state();
    let own = state.find(name).ok().filter(|krate| index::path_of(&krate.name) == path);
    let own = own.and_then(|krate| krate.index_file()).unwrap_or_default();
    let mut lines = before.as_deref().unwrap_or_default().trim_end().to_owned();
    if !lines.is_empty() {
        lines.push('\n');
    }
    lines.push_str(&own);
    if lines.is_empty() { Err(missing()) } else { Ok(cached(ask, lines.into_bytes())) }
}

/// A body with its mark, or only the word that the asker has it already.
fn cached(ask: &Ask, body: Vec<u8>) -> HttpResponse {
    let mark = format!("\"{}\"", Digest::of(&body));
    if ask.known.as_ref() == Some(&mark) {
        return HttpResponse::empty(304).with("ETag", mark);
    }
    HttpResponse::bytes(body).with("Content-Type", "text/plain").with("ETag", mark)
}

/// What can be read below `api/v1`.
fn show(shared: &Shared, path: &[&str]) -> Result<HttpResponse, HttpError> {
    let mut state = shared.state();
    let mut is =
        |name: &str, wanted: Fault| state.faults.take(name, |fault| (*fault == wanted).then_some(())).is_some();
    match path {
        ["site_metadata"] => {
            let read_only = is("", Fault::ReadOnly);
            Ok(HttpResponse::json(&json!({ "read_only": read_only, "banner_message": null })))
        }
        ["crates", name] => {
            let trusted_only = is(name, Fault::TrustedOnly);
            Ok(HttpResponse::json(&state.find(name)?.describe(trusted_only)))
        }
        ["crates", name, "owners"] => Ok(HttpResponse::json(&state.find(name)?.owners.list())),
        ["crates", name, version] => {
            let version = state.find(name)?.version(version)?.describe();
            Ok(HttpResponse::json(&json!({ "version": version })))
        }
        ["crates", name, version, "download"] => {
            let own = state.find(name).and_then(|krate| krate.version(version)).map(|stored| stored.archive.clone());
            drop(state);
            download(shared, own, (name, version))
        }
        _ => Err(HttpError::missing("not found")),
    }
}

/// An archive: ours, else that of the registry behind this one.
fn download(
    shared: &Shared,
    own: Result<Vec<u8>, HttpError>,
    (name, version): (&str, &str),
) -> Result<HttpResponse, HttpError> {
    let archive = match (own, &shared.upstream) {
        (Ok(archive), _) => ArchiveSource::Kept(archive),
        (Err(denied), None) => return Err(denied),
        (Err(denied), Some(upstream)) => upstream.archive(name, version)?.ok_or(denied)?,
    };
    Ok(match archive {
        ArchiveSource::Kept(bytes) => HttpResponse::bytes(bytes).with("Content-Type", "application/gzip"),
        ArchiveSource::At(address) => HttpResponse::empty(302).with("Location", address),
    })
}

/// What can be changed of a crate that is there.
fn change(shared: &Shared, ask: &Ask, path: &[&str]) -> Result<HttpResponse, HttpError> {
    let mut state = shared.state();
    let done = match (ask.method.as_str(), path) {
        ("DELETE", [name, version, "yank"]) => state.set_yanked(name, version, true).map(|()| json!({ "ok": true }))?,
        ("PUT", [name, version, "unyank"]) => state.set_yanked(name, version, false).map(|()| json!({ "ok": true }))?,
        ("PUT", [name, "owners"]) => state.find_mut(name)?.owners.add(name, &ask.body)?,
        ("DELETE", [name, "owners"]) => state.find_mut(name)?.owners.remove(&ask.body)?,
        _ => return Err(HttpError::missing("not found")),
    };
    Ok(HttpResponse::json(&done))
}

fn response(answer: HttpResponse) -> Response<std::io::Cursor<Vec<u8>>> {
    let HttpResponse { status, headers, body } = answer;
    let headers = headers.iter().filter_map(|(name, value)| Header::from_bytes(*name, value.as_str()).ok());
    headers.fold(Response::from_data(body).with_status_code(status), Response::with_header)
}
