//! The JSON schema of the configuration, made from [`Layer`], and what is known by it: the names of all keys.

use std::sync::LazyLock;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::Map;
use serde_json::Value;

use super::example::example;
use super::keys::Layer;

/// The schema that the names of keys are looked up in.
static KNOWN: LazyLock<Schema> = LazyLock::new(schema);

/// What the schema is called.
const ID: &str = "urn:cargo-release:schema:config:1";

/// The JSON schema of `release.toml` and the tables that stand for it, without references: every key with its title, what
/// it is for and its default, as editors show them.
pub(crate) fn schema() -> Schema {
    let mut schema = SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .with_transform(RecursiveTransform(without_null))
        .into_generator()
        .into_root_schema_for::<Layer>();
    schema.insert("$id".to_owned(), ID.into());
    schema.insert("title".to_owned(), "Configuration of cargo release (release.toml)".into());
    // The example parses, or no configuration could be read at all.
    let defaults = toml_edit::de::from_str::<Value>(example()).unwrap_or_default();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        with_defaults(properties, &defaults);
    }
    schema
}

/// Gives each key its name for a title, and the default that it has.
fn with_defaults(properties: &mut Map<String, Value>, defaults: &Value) {
    for (key, property) in properties {
        let Some(property) = property.as_object_mut() else { continue };
        property.insert("title".to_owned(), key.as_str().into());
        let default = defaults.get(key);
        match property.get_mut("properties").and_then(Value::as_object_mut) {
            Some(nested) => with_defaults(nested, default.unwrap_or(&Value::Null)),
            None => {
                property.extend(default.map(|default| ("default".to_owned(), default.clone())));
            }
        }
    }
}

/// TOML has no null, and the defaults are added from the declaration.
fn without_null(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    object.remove("default");
    for list in ["type", "enum", "anyOf"] {
        if let Some(Value::Array(values)) = object.get_mut(list) {
            values.retain(|value| !is_null(value));
        }
    }
    if let Some(Value::Array(types)) = object.get_mut("type")
        && let [only] = types.as_slice()
    {
        let only = only.clone();
        object.insert("type".to_owned(), only);
    }
    merge_single_choice(object);
}

fn is_null(value: &Value) -> bool {
    value.is_null() || *value == "null" || value.get("type").is_some_and(|kind| *kind == "null")
}

fn merge_single_choice(object: &mut Map<String, Value>) {
    let Some(Value::Array(choices)) = object.get("anyOf") else { return };
    let [Value::Object(only)] = choices.as_slice() else { return };
    let only = only.clone();
    object.remove("anyOf");
    for (key, value) in only {
        object.entry(key).or_insert(value);
    }
}

/// The keys that a table may have, where its keys are known; `path` leads to the table from the top.
pub(super) fn keys_of(path: &[&str]) -> Option<Vec<&'static str>> {
    let mut at = KNOWN.as_value();
    for key in path {
        at = element(at.get("properties")?.get(key)?);
    }
    let keys = at.get("properties")?.as_object()?;
    Some(keys.keys().map(String::as_str).collect())
}

/// Every key with the table that it stands in, joined by a dot: `push`, `bump.notes`.
pub(super) fn dotted_keys() -> Vec<String> {
    let Some(top) = keys_of(&[]) else { return Vec::new() };
    let nested = |table: &'static str| match keys_of(&[table]) {
        Some(keys) if !is_list(table) => keys.into_iter().map(|key| format!("{table}.{key}")).collect(),
        Some(_) | None => vec![table.to_owned()],
    };
    top.into_iter().flat_map(nested).collect()
}

/// The schema of the elements where this is one of a list, that of the table where it may be one, else the schema itself.
fn element(schema: &Value) -> &Value {
    let choices = schema.get("anyOf").and_then(Value::as_array);
    let table = choices.into_iter().flatten().find(|choice| choice.get("properties").is_some());
    schema.get("items").or(table).unwrap_or(schema)
}

fn is_list(key: &str) -> bool {
    KNOWN.pointer(&format!("/properties/{key}/items")).is_some()
}
