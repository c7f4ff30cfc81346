//! Uploads to registries: one attempt, what its answer means, how fast registries take them, and what is said when one is
//! refused.

pub(crate) mod answer;
pub(crate) mod pace;
pub(crate) mod refusal;
pub(crate) mod send;
pub(crate) mod turns;
