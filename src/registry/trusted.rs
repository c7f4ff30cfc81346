//! Trusted publishing, as crates.io has it: a token for an identity that is good for once. Tokens end after some uploads, as
//! they do after some time there. Whose the identity is is not asked: whatever says for whom it is will do.

use serde_json::Value;
use serde_json::json;

use super::Shared;
use super::answer::HttpError;
use super::answer::HttpResponse;
use super::state::Life;
use super::state::Minted;
use crate::names::Digest;
use crate::tools::system::clock;

/// Mints a token.
pub(super) fn mint(shared: &Shared, body: &[u8]) -> Result<HttpResponse, HttpError> {
    if shared.state().trusted.is_none() {
        return Err(HttpError::missing("not found"));
    }
    let sent: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let identity = sent.get("jwt").and_then(Value::as_str).unwrap_or_default();
    if !identity.ends_with("for 127.0.0.1") {
        return Err(HttpError::bad("the identity is for another audience"));
    }
    let mut state = shared.state();
    if !state.identities.insert(identity.to_owned()) {
        return Err(HttpError::bad("the identity was used already"));
    }
    let digest = Digest::of(identity.as_bytes());
    let token = format!("cio_tp_{}", digest.as_str().get(..16).unwrap_or_default());
    state.minted.push(Minted { token: token.clone(), since: clock::now(), used: 0, revoked: false });
    Ok(HttpResponse::json(&json!({ "token": token })))
}

/// Takes a token back.
pub(super) fn revoke(shared: &Shared, token: &str) -> HttpResponse {
    let bare = token.strip_prefix("Bearer ").unwrap_or(token);
    shared.state().minted.iter_mut().filter(|minted| minted.token == bare).for_each(|minted| minted.revoked = true);
    HttpResponse::json(&json!({}))
}

/// Whether a token is good for an upload, which counts.
pub(super) fn is_good(shared: &Shared, token: &str) -> bool {
    let mut state = shared.state();
    let Some(life) = state.trusted else { return true };
    let found = state.minted.iter_mut().find(|minted| minted.token == token && !minted.revoked);
    found.is_some_and(|minted| {
        minted.used += 1;
        match life {
            Life::Uploads(most) => minted.used <= most,
            Life::Time(life) => minted.since.checked_add(life).is_ok_and(|end| clock::now() < end),
        }
    })
}
