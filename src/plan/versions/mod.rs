//! From evidence to versions: which packages are considered, the level of each, what one release forces on others, and the
//! next version. Writes no text and plans no step.

pub(crate) mod api;
pub(crate) mod bump;
pub(crate) mod level_sources;
pub(crate) mod next_version;
pub(crate) mod propagate;
pub(crate) mod selection;
