//! Decision tables: what is decided for each situation, one row each.

mod api_table;
mod changelog_table;
mod counting_table;
pub(crate) mod decision_table;
mod draft_table;
pub(crate) mod facts_table;
