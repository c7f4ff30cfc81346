//! What a bug report needs to know about a machine and a workspace. It holds no secrets: of variables and personal settings
//! only whether they are set.

use serde::Serialize;

/// The facts, by topic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The topics, in the order they are read in.
    pub sections: Vec<Section>,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it is about.
    pub title: &'static str,
    /// What is known.
    pub facts: Vec<Fact>,
}

/// Something that is known, or why it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What.
    pub name: String,
    /// Its value, in words.
    pub value: String,
}

impl Section {
    /// A topic of which nothing is known yet.
    pub fn new(title: &'static str) -> Self {
        Self { title, facts: Vec::new() }
    }

    /// Adds a fact.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.facts.push(Fact { name: name.into(), value: value.into() });
    }
}
