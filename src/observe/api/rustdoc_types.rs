//! How types and bounds are written, so that two documentations can be compared as text.

use std::collections::BTreeSet;

use serde_json::Value;

use super::rustdoc::Names;
use super::rustdoc::PlacedType;
use super::rustdoc::RustdocReader;
use super::rustdoc::id;

/// Crates that every library has.
const OF_THE_TOOLCHAIN: [&str; 5] = ["std", "core", "alloc", "proc_macro", "test"];

impl RustdocReader<'_> {
    pub(super) fn seen(&mut self, place: String, kind: &Value, names: &Names) -> PlacedType {
        let full = self.written(kind, Some(names));
        let short = self.written(kind, None);
        let text = kind.to_string();
        let open = ["\"impl_trait\":", "\"qualified_path\":"].iter().any(|key| text.contains(key));
        let generic = text.replace("{\"generic\":\"Self\"}", "").contains("\"generic\":");
        PlacedType { place, full, short, concrete: !open && !generic, reference: kind.get("borrowed_ref").is_some() }
    }

    /// The bounds on parameters, each in one line.
    pub(super) fn bounds(&mut self, generics: Option<&Value>, names: &Names) -> BTreeSet<String> {
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

    pub(super) fn bound(&mut self, bound: &Value, names: &Names) -> Option<String> {
        let inner = bound.get("trait_bound")?;
        let modifier = inner.get("modifier").and_then(Value::as_str).unwrap_or_default();
        let mark = if modifier == "maybe" { "?" } else { "" };
        Some(format!("{mark}{}", self.path_with_arguments(inner.get("trait")?, Some(names))))
    }

    /// A path with what stands in its angle brackets.
    pub(super) fn path_with_arguments(&mut self, path: &Value, names: Option<&Names>) -> String {
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
    pub(super) fn path_of(&mut self, path: &Value, full: bool) -> String {
        let written = path.get("path").or_else(|| path.get("name")).and_then(Value::as_str).unwrap_or_default();
        let short = written.rsplit("::").next().unwrap_or(written).to_owned();
        let known = path.get("id").and_then(id).and_then(|id| self.document.get("paths")?.get(&id));
        let Some(known) = known else { return short };
        self.keep_crate(known);
        let parts: Vec<&str> =
            known.get("path").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        if full { parts.join("::") } else { short }
    }

    /// Keeps the crate of something that is public here and comes from elsewhere.
    pub(super) fn keep_crate(&mut self, known: &Value) {
        let Some(of) = known.get("crate_id").and_then(Value::as_u64).filter(|of| *of > 0) else { return };
        let named = self.document.get("external_crates").and_then(|all| all.get(of.to_string())?.get("name")?.as_str());
        self.api.crates.extend(named.filter(|name| !OF_THE_TOOLCHAIN.contains(name)).map(str::to_owned));
    }

    /// A type as it is written; with `names` in full, and the parameters by their places.
    pub(super) fn written(&mut self, kind: &Value, names: Option<&Names>) -> String {
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

    pub(super) fn pointer(&mut self, inner: &Value, names: Option<&Names>) -> String {
        let signature = inner.get("sig").or_else(|| inner.get("decl"));
        let inputs = signature.and_then(|sig| sig.get("inputs")).and_then(Value::as_array).into_iter().flatten();
        let inputs: Vec<String> = inputs.filter_map(|input| Some(self.written(input.get(1)?, names))).collect();
        let output = signature.and_then(|sig| sig.get("output")).filter(|output| !output.is_null());
        let output = output.map_or_else(String::new, |output| format!(" -> {}", self.written(output, names)));
        format!("fn({}){output}", inputs.join(", "))
    }

    pub(super) fn below(&mut self, inner: &Value, key: &str, names: Option<&Names>) -> String {
        inner.get(key).map(|kind| self.written(kind, names)).unwrap_or_default()
    }

    pub(super) fn list(&mut self, inner: &Value, names: Option<&Names>) -> Vec<String> {
        inner.as_array().into_iter().flatten().map(|kind| self.written(kind, names)).collect()
    }
}
