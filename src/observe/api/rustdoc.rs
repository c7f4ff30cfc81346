//! The public API of a library, from the JSON that rustdoc writes: its items by their shortest paths, with the types that
//! users see. Read without the types of one version of that format, which changes with every toolchain.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde_json::Value;

/// How deep modules and re-exports are followed.
const DEEPEST: usize = 32;

/// The public API of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PublicApi {
    /// Items by their paths.
    pub(crate) items: BTreeMap<String, Item>,
    /// The other crates that types in it come from.
    pub(crate) crates: BTreeSet<String>,
}

/// An item with what users see of its types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its types, in their order.
    pub(crate) types: Vec<PlacedType>,
    /// The bounds on its parameters.
    pub(crate) bounds: BTreeSet<String>,
    /// How many type parameters it has, those that stand for an `impl Trait` included.
    pub(crate) parameters: usize,
    /// How many of those of a type or trait have to be written.
    pub(crate) required: usize,
    /// Whether it belongs to a trait, so that others implement it.
    pub(crate) of_trait: bool,
}

/// A type at a place of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacedType {
    /// Where: `parameter 1`, `return type`, `type`.
    pub(crate) place: String,
    /// The type with full paths, without the names of lifetimes and parameters: what is compared.
    pub(crate) full: String,
    /// The type as people write it.
    pub(crate) short: String,
    /// Whether it is a concrete type.
    pub(crate) concrete: bool,
    /// Whether it is a reference, which may be coerced.
    pub(crate) reference: bool,
}

/// Reads the API; none where the text is no such JSON.
pub(crate) fn read(text: &str) -> Option<PublicApi> {
    let document: Value = serde_json::from_str(text).ok()?;
    let mut reader = RustdocReader { document: &document, api: PublicApi::default(), paths: BTreeMap::new() };
    let root = id(document.get("root")?)?;
    let name = reader.item(&root)?.get("name")?.as_str()?.to_owned();
    reader.walk(&root, &name, 0);
    let paths: Vec<(String, String)> = reader.paths.clone().into_iter().collect();
    for (id, path) in paths {
        reader.keep(&id, &path);
    }
    Some(reader.api)
}

pub(super) fn id(value: &Value) -> Option<String> {
    value.as_u64().map(|id| id.to_string()).or_else(|| value.as_str().map(str::to_owned))
}

fn ids(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(id).collect()
}

pub(super) struct RustdocReader<'a> {
    pub(super) document: &'a Value,
    pub(super) api: PublicApi,
    /// The shortest path of each item that was reached.
    pub(super) paths: BTreeMap<String, String>,
}

impl<'a> RustdocReader<'a> {
    fn item(&self, id: &str) -> Option<&'a Value> {
        self.document.get("index")?.get(id)
    }

    fn inner(&self, id: &str) -> Option<(&'a str, &'a Value)> {
        let inner = self.item(id)?.get("inner")?.as_object()?;
        inner.iter().next().map(|(kind, inner)| (kind.as_str(), inner))
    }

    /// Follows modules and re-exports from an item that is public at a path.
    fn walk(&mut self, id: &str, path: &str, depth: usize) {
        let Some((kind, inner)) = self.inner(id).filter(|_| depth < DEEPEST) else { return };
        match kind {
            "module" => {
                for below in ids(inner.get("items")) {
                    self.member(&below, path, depth);
                }
            }
            "use" => self.follow(inner, path, depth),
            _ => {
                let known = self.paths.get(id);
                if known.is_none_or(|known| (path.len(), path) < (known.len(), known.as_str())) {
                    self.paths.insert(id.to_owned(), path.to_owned());
                }
            }
        }
    }

    fn member(&mut self, id: &str, path: &str, depth: usize) {
        let Some(item) = self.item(id).filter(|item| is_public(item)) else { return };
        let is_use = item.get("inner").is_some_and(|inner| inner.get("use").is_some());
        match item.get("name").and_then(Value::as_str) {
            _ if is_use => self.walk(id, path, depth + 1),
            Some(name) => self.walk(id, &format!("{path}::{name}"), depth + 1),
            None => {}
        }
    }

    /// A re-export: of a module all that is in it, where it is a glob; of another crate the name of that crate.
    fn follow(&mut self, inner: &Value, path: &str, depth: usize) {
        let Some(target) = inner.get("id").and_then(id) else { return };
        if self.item(&target).is_none()
            && let Some(elsewhere) = self.document.get("paths").and_then(|paths| paths.get(&target))
        {
            return self.keep_crate(elsewhere);
        }
        let is_glob = inner.get("is_glob").and_then(Value::as_bool) == Some(true);
        if is_glob {
            return self.walk(&target, path, depth + 1);
        }
        let Some(name) = inner.get("name").and_then(Value::as_str) else { return };
        self.walk(&target, &format!("{path}::{name}"), depth + 1);
    }

    /// Keeps what users see of an item, and of what belongs to it.
    fn keep(&mut self, id: &str, path: &str) {
        let Some((kind, inner)) = self.inner(id) else { return };
        match kind {
            "function" => self.function(inner, path, false),
            "constant" | "static" | "type_alias" | "assoc_const" => {
                self.put(path, inner.get("type"), inner.get("generics"));
            }
            "struct" | "union" => {
                let kinds = inner.get("kind");
                let fields = kinds.and_then(|kind| kind.get("plain")?.get("fields")).or_else(|| inner.get("fields"));
                let fields = fields.or_else(|| kinds?.get("tuple"));
                self.put(path, None, inner.get("generics"));
                self.fields(fields, path);
                self.implementations(inner, path);
            }
            "enum" => {
                self.put(path, None, inner.get("generics"));
                for variant in ids(inner.get("variants")) {
                    self.variant(&variant, path);
                }
                self.implementations(inner, path);
            }
            "trait" => {
                self.put(path, None, inner.get("generics"));
                for member in ids(inner.get("items")) {
                    self.associated(&member, path, true);
                }
            }
            _ => {}
        }
    }

    fn variant(&mut self, id: &str, path: &str) {
        let (Some(item), Some((_, inner))) = (self.item(id), self.inner(id)) else { return };
        let Some(name) = item.get("name").and_then(Value::as_str) else { return };
        let kind = inner.get("kind");
        let fields = kind.and_then(|kind| kind.get("tuple").or_else(|| kind.get("struct")?.get("fields")));
        for field in ids(fields) {
            self.field(&field, &format!("{path}::{name}"));
        }
    }

    fn fields(&mut self, fields: Option<&Value>, path: &str) {
        for field in ids(fields) {
            if self.item(&field).is_some_and(is_public) {
                self.field(&field, path);
            }
        }
    }

    fn field(&mut self, id: &str, path: &str) {
        let (Some(item), Some(("struct_field", inner))) = (self.item(id), self.inner(id)) else { return };
        if let Some(name) = item.get("name").and_then(Value::as_str) {
            self.put(&format!("{path}.{name}"), Some(inner), None);
        }
    }

    /// What is implemented for a type: its own functions and constants, and the crates whose traits it implements.
    fn implementations(&mut self, inner: &Value, path: &str) {
        for id in ids(inner.get("impls")) {
            let Some(("impl", inner)) = self.inner(&id) else { continue };
            let is_made_up = inner.get("is_synthetic").and_then(Value::as_bool) == Some(true)
                || inner.get("blanket_impl").is_some_and(|blanket| !blanket.is_null());
            match inner.get("trait").filter(|of| !of.is_null()) {
                Some(_) if is_made_up => {}
                Some(of) => drop(self.path_of(of, true)),
                None => self.inherent(inner, path),
            }
        }
    }

    fn inherent(&mut self, inner: &Value, path: &str) {
        for member in ids(inner.get("items")) {
            if self.item(&member).is_some_and(is_public) {
                self.associated(&member, path, false);
            }
        }
    }

    fn associated(&mut self, id: &str, path: &str, of_trait: bool) {
        let (Some(item), Some((kind, inner))) = (self.item(id), self.inner(id)) else { return };
        let Some(name) = item.get("name").and_then(Value::as_str).filter(|_| !is_hidden(item)) else { return };
        let path = format!("{path}::{name}");
        match kind {
            "function" => self.function(inner, &path, of_trait),
            "assoc_const" => self.put(&path, inner.get("type"), None),
            _ => {}
        }
    }

    fn function(&mut self, inner: &Value, path: &str, of_trait: bool) {
        let generics = inner.get("generics");
        let names = parameters(generics);
        let signature = inner.get("sig").or_else(|| inner.get("decl"));
        let inputs = signature.and_then(|sig| sig.get("inputs")).and_then(Value::as_array);
        let mut types = Vec::new();
        for (at, input) in inputs.into_iter().flatten().enumerate() {
            types.extend(input.get(1).map(|kind| self.seen(format!("parameter {}", at + 1), kind, &names)));
        }
        let output = signature.and_then(|sig| sig.get("output")).filter(|output| !output.is_null());
        types.push(match output {
            Some(output) => self.seen("return type".to_owned(), output, &names),
            None => self.seen("return type".to_owned(), &serde_json::json!({ "tuple": [] }), &names),
        });
        let bounds = self.bounds(generics, &names);
        let parameters = names.len();
        self.api.items.insert(path.to_owned(), Item { types, bounds, parameters, required: 0, of_trait });
    }

    fn put(&mut self, path: &str, kind: Option<&Value>, generics: Option<&Value>) {
        let names = parameters(generics);
        let types = kind.map(|kind| self.seen("type".to_owned(), kind, &names)).into_iter().collect();
        let bounds = self.bounds(generics, &names);
        let (parameters, required) = (names.len(), required(generics));
        self.api.items.insert(path.to_owned(), Item { types, bounds, parameters, required, of_trait: false });
    }
}

/// The names of parameters, each with the one that stands for it, so that another name is no other type.
pub(super) type Names = BTreeMap<String, String>;

fn parameters(generics: Option<&Value>) -> Names {
    let all = generics.and_then(|generics| generics.get("params")).and_then(Value::as_array).into_iter().flatten();
    let types = all.filter(|parameter| parameter.get("kind").is_some_and(|kind| kind.get("lifetime").is_none()));
    let named = types.filter_map(|parameter| parameter.get("name")?.as_str());
    named.enumerate().map(|(at, name)| (name.to_owned(), format!("T{}", at + 1))).collect()
}

/// How many type parameters have no default.
fn required(generics: Option<&Value>) -> usize {
    let all = generics.and_then(|generics| generics.get("params")).and_then(Value::as_array).into_iter().flatten();
    let types = all.filter_map(|parameter| parameter.get("kind")?.get("type"));
    types.filter(|kind| kind.get("default").is_none_or(Value::is_null)).count()
}

fn is_public(item: &Value) -> bool {
    item.get("visibility").and_then(Value::as_str) == Some("public") && !is_hidden(item)
}

fn is_hidden(item: &Value) -> bool {
    item.get("attrs").is_some_and(|attrs| attrs.to_string().contains("doc(hidden)"))
}
