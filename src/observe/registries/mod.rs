//! What registries say of our packages: their indexes, and their web APIs where they are asked. No token is sent.

pub(crate) mod index;
pub(crate) mod web_api;
