//! Drafts over time.
