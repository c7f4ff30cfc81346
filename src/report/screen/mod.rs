//! What a line of output is made of: widths, styles, tables, pages and clean text.

pub(crate) mod measure;
pub(crate) mod page;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod text;
