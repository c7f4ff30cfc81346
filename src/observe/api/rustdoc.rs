//! The public API of a library, from the JSON that rustdoc writes: its items by their shortest paths, with the types that
//! users see. Read without the types of one version of that format, which changes with every toolchain.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde_json::Value;

/// How deep modules and re-exports are followed.
const DEEPEST: usize = 32;

/// Crates that every library has.
const OF_THE_TOOLCHAIN: [&str; 5] = ["std", "core", "alloc", "proc_macro", "test"];

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

fn id(value: &Value) -> Option<String> {
    value.as_u64().map(|id| id.to_string()).or_else(|| value.as_str().map(str::to_owned))
}

fn ids(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(id).collect()
}

struct RustdocReader<'a> {
    document: &'a Value,
    api: PublicApi,
    /// The shortest path of each item that was reached.
    paths: BTreeMap<String, String>,
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

    /// A re-export: of a module all that is in it, where it is a glob.
    fn follow(&mut self, inner: &Value, path: &str, depth: usize) {
        let Some(target) = inner.get("id").and_then(id) else { return };
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

    fn seen(&mut self, place: String, kind: &Value, names: &Names) -> PlacedType {
        let full = self.written(kind, Some(names));
        let short = self.written(kind, None);
        let text = kind.to_string();
        let open = ["\"impl_trait\":", "\"qualified_path\":"].iter().any(|key| text.contains(key));
        let generic = text.replace("{\"generic\":\"Self\"}", "").contains("\"generic\":");
        PlacedType { place, full, short, concrete: !open && !generic, reference: kind.get("borrowed_ref").is_some() }
    }

    /// The bounds on parameters, each in one line.
    fn bounds(&mut self, generics: Option<&Value>, names: &Names) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let list = |key: &str| generics.and_then(|it| it.get(key)).and_then(Value::as_array).into_iter().flatten();
        for parameter in list("params") {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            let bounds = parameter.get("kind").and_then(|kind| kind.get("type")?.get("bounds")?.as_array());
            for bound in bounds.into_iter().flatten() {
                let name = names.get(name).map_or(name, String::as_str);
                found.extend(self.bound(bound, names).map(|bound| format!("{name}: {bound}")));
            }
        }
        for predicate in list("where_predicates").filter_map(|it| it.get("bound_predicate")) {
            let kind = predicate.get("type").map(|kind| self.written(kind, Some(names))).unwrap_or_default();
            for bound in predicate.get("bounds").and_then(Value::as_array).into_iter().flatten() {
                found.extend(self.bound(bound, names).map(|bound| format!("{kind}: {bound}")));
            }
        }
        found
    }

    fn bound(&mut self, bound: &Value, names: &Names) -> Option<String> {
        let inner = bound.get("trait_bound")?;
        let modifier = inner.get("modifier").and_then(Value::as_str).unwrap_or_default();
        let mark = if modifier == "maybe" { "?" } else { "" };
        Some(format!("{mark}{}", self.path_with_arguments(inner.get("trait")?, Some(names))))
    }

    /// A path with what stands in its angle brackets.
    fn path_with_arguments(&mut self, path: &Value, names: Option<&Names>) -> String {
        let name = self.path_of(path, names.is_some());
        let arguments = path.get("args").and_then(|args| args.get("angle_bracketed"));
        let list = |key: &str| arguments.and_then(|it| it.get(key)).and_then(Value::as_array).into_iter().flatten();
        let mut written: Vec<String> = Vec::new();
        for argument in list("args") {
            if let Some(kind) = argument.get("type") {
                written.push(self.written(kind, names));
            } else if let Some(constant) = argument.get("const") {
                written.push(constant.get("expr").and_then(Value::as_str).unwrap_or("_").to_owned());
            }
        }
        for constraint in list("constraints") {
            let name = constraint.get("name").and_then(Value::as_str).unwrap_or_default();
            let kind = constraint.get("binding").and_then(|binding| binding.get("equality")?.get("type"));
            written.extend(kind.map(|kind| format!("{name} = {}", self.written(kind, names))));
        }
        if written.is_empty() { name } else { format!("{name}<{}>", written.join(", ")) }
    }

    /// The full path of what a path leads to, or its last part; its crate is one of those in the API.
    fn path_of(&mut self, path: &Value, full: bool) -> String {
        let written = path.get("path").or_else(|| path.get("name")).and_then(Value::as_str).unwrap_or_default();
        let short = written.rsplit("::").next().unwrap_or(written).to_owned();
        let known = path.get("id").and_then(id).and_then(|id| self.document.get("paths")?.get(&id));
        let Some(known) = known else { return short };
        if let Some(of) = known.get("crate_id").and_then(Value::as_u64).filter(|of| *of > 0) {
            let named =
                self.document.get("external_crates").and_then(|all| all.get(of.to_string())?.get("name")?.as_str());
            self.api.crates.extend(named.filter(|name| !OF_THE_TOOLCHAIN.contains(name)).map(str::to_owned));
        }
        let parts: Vec<&str> =
            known.get("path").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        if full { parts.join("::") } else { short }
    }

    /// A type as it is written; with `names` in full, and the parameters by their places.
    fn written(&mut self, kind: &Value, names: Option<&Names>) -> String {
        let Some((key, inner)) = kind.as_object().and_then(|it| it.iter().next()) else {
            return kind.as_str().unwrap_or("_").to_owned();
        };
        let text = |key: &str| inner.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let is = |key: &str| inner.get(key).and_then(Value::as_bool) == Some(true);
        match key.as_str() {
            "primitive" => inner.as_str().unwrap_or_default().to_owned(),
            "generic" => {
                let name = inner.as_str().unwrap_or_default();
                names.and_then(|names| names.get(name)).map_or(name, String::as_str).to_owned()
            }
            "resolved_path" => self.path_with_arguments(inner, names),
            "borrowed_ref" => {
                let lifetime = if text("lifetime") == "'static" { "'static " } else { "" };
                let mutable = if is("is_mutable") { "mut " } else { "" };
                format!("&{lifetime}{mutable}{}", self.below(inner, "type", names))
            }
            "raw_pointer" => {
                let mutable = if is("is_mutable") { "mut" } else { "const" };
                format!("*{mutable} {}", self.below(inner, "type", names))
            }
            "tuple" => {
                let parts: Vec<String> = self.list(inner, names);
                format!("({})", parts.join(", "))
            }
            "slice" => format!("[{}]", self.written(inner, names)),
            "array" => format!("[{}; {}]", self.below(inner, "type", names), text("len")),
            "impl_trait" => {
                let bounds = inner.as_array().into_iter().flatten();
                let none = Names::new();
                let all: Vec<String> = bounds.filter_map(|it| self.bound(it, names.unwrap_or(&none))).collect();
                format!("impl {}", all.join(" + "))
            }
            "dyn_trait" => {
                let traits = inner.get("traits").and_then(Value::as_array).into_iter().flatten();
                let traits = traits.filter_map(|it| it.get("trait"));
                let all: Vec<String> = traits.map(|it| self.path_with_arguments(it, names)).collect();
                format!("dyn {}", all.join(" + "))
            }
            "function_pointer" => self.pointer(inner, names),
            "qualified_path" => {
                let own = self.below(inner, "self_type", names);
                format!("{own}::{}", text("name"))
            }
            _ => "_".to_owned(),
        }
    }

    fn pointer(&mut self, inner: &Value, names: Option<&Names>) -> String {
        let signature = inner.get("sig").or_else(|| inner.get("decl"));
        let inputs = signature.and_then(|sig| sig.get("inputs")).and_then(Value::as_array).into_iter().flatten();
        let inputs: Vec<String> = inputs.filter_map(|input| Some(self.written(input.get(1)?, names))).collect();
        let output = signature.and_then(|sig| sig.get("output")).filter(|output| !output.is_null());
        let output = output.map_or_else(String::new, |output| format!(" -> {}", self.written(output, names)));
        format!("fn({}){output}", inputs.join(", "))
    }

    fn below(&mut self, inner: &Value, key: &str, names: Option<&Names>) -> String {
        inner.get(key).map(|kind| self.written(kind, names)).unwrap_or_default()
    }

    fn list(&mut self, inner: &Value, names: Option<&Names>) -> Vec<String> {
        inner.as_array().into_iter().flatten().map(|kind| self.written(kind, names)).collect()
    }
}

/// The names of parameters, each with the one that stands for it, so that another name is no other type.
type Names = BTreeMap<String, String>;

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
