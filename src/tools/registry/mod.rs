//! Registries over HTTP: the sparse index, the reading part of the web API, and how long a server asks to wait. No token is
//! sent.

pub mod index;
pub mod retry_after;
pub mod trusted_publishing;
pub mod web_api;
