//! Registries over HTTP: the sparse index, the reading part of the web API, and how long a server asks to wait. No token is
//! sent.

pub(crate) mod index;
pub(crate) mod retry_after;
pub(crate) mod trusted_publishing;
pub(crate) mod web;
pub(crate) mod web_api;
