//! `{{name}}` in messages, tag names, replacements and hook arguments: plain replacement, without spaces inside the
//! braces. What is unknown or unset is left as it stands. A value that was put in is not looked at again.

use std::collections::BTreeMap;

/// A name that a template may use. Which of them are set depends on the place: see `release.toml.example`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Placeholder {
    /// The version before, without build metadata.
    PrevVersion,
    /// The build metadata before.
    PrevMetadata,
    /// The version that is released, without build metadata.
    Version,
    /// The build metadata that is released.
    Metadata,
    /// The name of the package.
    CrateName,
    /// `package.repository`
    Repository,
    /// Today in UTC: `2026-11-22`.
    Date,
    /// `tag-prefix`, rendered.
    Prefix,
    /// `tag-name`, rendered.
    TagName,
}

impl Placeholder {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 9] = [
        Self::PrevVersion,
        Self::PrevMetadata,
        Self::Version,
        Self::Metadata,
        Self::CrateName,
        Self::Repository,
        Self::Date,
        Self::Prefix,
        Self::TagName,
    ];

    /// The name, as it stands between the braces.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PrevVersion => "prev_version",
            Self::PrevMetadata => "prev_metadata",
            Self::Version => "version",
            Self::Metadata => "metadata",
            Self::CrateName => "crate_name",
            Self::Repository => "repository",
            Self::Date => "date",
            Self::Prefix => "prefix",
            Self::TagName => "tag_name",
        }
    }
}

/// What placeholders stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values(BTreeMap<&'static str, String>);

impl Values {
    /// Nothing set.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Sets one.
    #[must_use]
    pub(crate) fn set(mut self, placeholder: Placeholder, value: impl Into<String>) -> Self {
        self.0.insert(placeholder.name(), value.into());
        self
    }

    /// The template with every placeholder that is set replaced by its value.
    pub(crate) fn render(&self, template: &str) -> String {
        let mut rendered = String::with_capacity(template.len());
        let mut done = 0;
        for found in find(template) {
            if let Some(value) = self.0.get(found.name) {
                rendered.push_str(&template[done..found.start]);
                rendered.push_str(value);
                done = found.end;
            }
        }
        rendered.push_str(&template[done..]);
        rendered
    }
}

/// The names between double braces, known or not, in order and each as often as it stands there. In a rendered text
/// they are what was left in place.
#[cfg(test)]
pub(crate) fn placeholders(template: &str) -> Vec<&str> {
    find(template).into_iter().map(|found| found.name).collect()
}

struct FoundPlaceholder<'a> {
    name: &'a str,
    start: usize,
    end: usize,
}

fn find(template: &str) -> Vec<FoundPlaceholder<'_>> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(open) = template[from..].find("{{").map(|at| from + at) {
        let inside = &template[open + 2..];
        let name = &inside[..inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len())];
        if !name.is_empty() && inside[name.len()..].starts_with("}}") {
            let end = open + 2 + name.len() + 2;
            all.push(FoundPlaceholder { name, start: open, end });
            from = end;
        } else {
            from = open + 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Known and set names are replaced, everything else stays as it stands.
    #[test]
    fn unknown_and_unset_stay() {
        let values = Values::new().set(Placeholder::Version, "1.2.0").set(Placeholder::CrateName, "core");
        let table = [
            ("{{crate_name}} {{version}}", "core 1.2.0"),
            ("{{ version }} {{prefix}} {{wat}}", "{{ version }} {{prefix}} {{wat}}"),
            ("{{{version}}}", "{1.2.0}"),
            ("{{version}", "{{version}"),
            ("{{", "{{"),
            ("\u{fc}{{version}}\u{fc}", "\u{fc}1.2.0\u{fc}"),
        ];
        for (template, rendered) in table {
            assert_eq!(values.render(template), rendered, "{template}");
        }
    }

    /// A value that looks like a placeholder is not replaced again.
    #[test]
    fn values_are_not_rendered() {
        let values = Values::new().set(Placeholder::Prefix, "{{version}}").set(Placeholder::Version, "1.0.0");
        assert_eq!(values.render("{{prefix}}"), "{{version}}");
    }

    /// The list names what a template uses, unknown names too.
    #[test]
    fn placeholders_are_listed() {
        assert_eq!(placeholders("{{prefix}}v{{version}} {{wat}} {{}} {{ date }}"), ["prefix", "version", "wat"]);
    }

    proptest! {
        /// With nothing set, any text is its own rendering.
        #[test]
        fn nothing_set_changes_nothing(text in r"[{}a-z_ \u{e4}]{0,40}") {
            prop_assert_eq!(Values::new().render(&text), text);
        }

        /// With all set to plain text, no known placeholder is left unless braces met anew.
        #[test]
        fn all_set_leaves_none(names in proptest::sample::subsequence(Placeholder::ALL.to_vec(), 0..9)) {
            let template: String = names.iter().map(|name| format!("<{{{{{}}}}}>", name.name())).collect();
            let values = Placeholder::ALL.into_iter().fold(Values::new(), |values, name| values.set(name, "x"));
            prop_assert_eq!(values.render(&template), "<x>".repeat(names.len()));
        }
    }
}
