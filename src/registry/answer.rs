//! What a request is answered with, before it becomes HTTP. Every error body is `{"errors":[{"detail":"…"}]}`.

use serde_json::Value;
use serde_json::json;

/// What is sent back, or that nothing is.
#[derive(Debug)]
pub(super) enum Reply {
    /// An answer.
    Response(HttpResponse),
    /// The connection is cut.
    Cut,
}

/// An HTTP answer.
#[derive(Debug)]
pub(super) struct HttpResponse {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl HttpResponse {
    /// Bytes with status 200.
    pub(super) fn bytes(body: Vec<u8>) -> Self {
        Self { status: 200, headers: Vec::new(), body }
    }

    /// JSON with status 200.
    pub(super) fn json(value: &Value) -> Self {
        Self::bytes(value.to_string().into_bytes()).with("Content-Type", "application/json")
    }

    /// Errors in a body that says nothing else.
    pub(super) fn error(status: u16, detail: &str) -> Self {
        Self { status, ..Self::json(&json!({ "errors": [{ "detail": detail }] })) }
    }

    /// No body.
    pub(super) fn empty(status: u16) -> Self {
        Self { status, ..Self::bytes(Vec::new()) }
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A request that was not granted: an answer with errors.
#[derive(Debug)]
pub(super) struct HttpError(pub(super) HttpResponse);

impl HttpError {
    /// With this status and text.
    pub(super) fn new(status: u16, detail: impl AsRef<str>) -> Self {
        Self(HttpResponse::error(status, detail.as_ref()))
    }

    /// The request is wrong (400).
    pub(super) fn bad(detail: impl AsRef<str>) -> Self {
        Self::new(400, detail)
    }

    /// There is no such thing (404).
    pub(super) fn missing(detail: impl AsRef<str>) -> Self {
        Self::new(404, detail)
    }

    /// The text of the first error.
    pub(super) fn detail(&self) -> String {
        let body: Value = serde_json::from_slice(&self.0.body).unwrap_or_default();
        body["errors"][0]["detail"].as_str().unwrap_or_default().to_owned()
    }
}

impl From<crate::error::Failure> for HttpError {
    /// Something of ours failed (500).
    fn from(failure: crate::error::Failure) -> Self {
        Self::new(500, failure.to_string())
    }
}
