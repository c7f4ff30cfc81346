//! The configuration as it comes out, each value with the layer that it comes from.

use toml_edit::DocumentMut;
use toml_edit::Item;

use super::declare::Over as _;
use super::keys::Layer;
use crate::error::Failure;
use crate::error::Result;

/// The text of what the layers come to, the highest first: a `release.toml` in which each value has a comment that names
/// its layer.
///
/// # Errors
/// `Bug`: every layer can be written and read.
pub(crate) fn annotated(layers: &[(String, Layer)]) -> Result<String> {
    let whole = layers.iter().map(|(_, layer)| layer.clone()).reduce(Layer::over).unwrap_or_default();
    let mut document = read(&whole)?;
    let written = layers.iter().map(|(name, layer)| Ok((name.as_str(), read(layer)?))).collect::<Result<Vec<_>>>()?;
    let source = |path: &[&str]| {
        let has =
            |document: &DocumentMut| path.iter().try_fold(document.as_item(), |item, key| item.get(key)).is_some();
        written.iter().find(|(_, document)| has(document)).map_or("", |(name, _)| *name)
    };
    for (key, item) in document.iter_mut() {
        let key = key.get().to_owned();
        match item {
            Item::Table(table) => {
                for (inner, item) in table.iter_mut() {
                    let name = source(&[&key, inner.get()]);
                    mark(item, name);
                }
            }
            item @ (Item::None | Item::Value(_) | Item::ArrayOfTables(_)) => mark(item, source(&[&key])),
        }
    }
    Ok(document.to_string())
}

fn read(layer: &Layer) -> Result<DocumentMut> {
    let text = layer.to_toml()?;
    text.parse()
        .map_err(|error: toml_edit::TomlError| Failure::bug("the configuration cannot be read back").caused_by(error))
}

/// Names the layer behind a value, or above a list of tables.
fn mark(item: &mut Item, name: &str) {
    if let Some(tables) = item.as_array_of_tables_mut() {
        if let Some(first) = tables.get_mut(0) {
            first.decor_mut().set_prefix(format!("\n# {name}\n"));
        }
    } else if let Some(value) = item.as_value_mut() {
        value.decor_mut().set_suffix(format!(" # {name}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::resolve::effective_layers;
    use super::super::tests::member;
    use super::super::tests::put;
    use super::super::*;
    use super::*;

    // Each value names the highest layer that has it, and the whole is still a configuration.
    #[test]
    fn values_name_their_layer() {
        let mut sources = Sources::default();
        put(&mut sources, "home", "push-remote = 'mine'\n[bump]\nrust-version = 'patch'\n");
        put(&mut sources, "workspace file", "tag = false\npush-remote = 'ours'\n");
        let layers = effective_layers(&sources, &[member("core"), member("cli")]).unwrap();
        let text = annotated(&layers).unwrap();
        for line in [
            "push-remote = \"ours\" # release.toml",
            "tag = false # release.toml",
            "push = true # default",
            "rust-version = \"patch\" # ~/.release.toml",
        ] {
            assert!(text.lines().any(|written| written == line), "{line}\n{text}");
        }
        toml_edit::de::from_str::<Layer>(&text).unwrap();
    }
}
