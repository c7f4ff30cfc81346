//! Commands around releases: owners, yanks, audits, a first configuration, and what a bug report needs.

pub(crate) mod audit;
pub(crate) mod doctor;
pub(crate) mod init;
pub(crate) mod owner;
pub(crate) mod yank;
