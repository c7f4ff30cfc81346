//! Sets of packages, each known by its place: small, and compared with few instructions, as every commit of a history has one.

/// The place of a package among those that are compared.
pub(crate) type Member = usize;

/// A set of packages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Members {
    words: Vec<u64>,
}

impl Members {
    /// The empty set, with room for so many.
    pub(crate) fn none(members: usize) -> Self {
        Self { words: vec![0; members.div_ceil(64)] }
    }

    /// The empty set, with room for as many.
    pub(crate) fn emptied(&self) -> Self {
        Self { words: vec![0; self.words.len()] }
    }

    /// Puts one in.
    pub(crate) fn insert(&mut self, member: Member) {
        self.words[member / 64] |= 1 << (member % 64);
    }

    /// Whether it is in.
    pub(crate) fn contains(&self, member: Member) -> bool {
        self.words[member / 64] >> (member % 64) & 1 == 1
    }

    /// Puts all of the others in.
    pub(crate) fn add(&mut self, others: &Self) {
        self.words.iter_mut().zip(&others.words).for_each(|(word, other)| *word |= other);
    }

    /// Takes the others out.
    pub(crate) fn remove(&mut self, others: &Self) {
        self.words.iter_mut().zip(&others.words).for_each(|(word, other)| *word &= !other);
    }

    /// Whether the two have one in common.
    pub(crate) fn meets(&self, others: &Self) -> bool {
        self.words.iter().zip(&others.words).any(|(word, other)| word & other != 0)
    }

    /// Whether all of the others are in.
    pub(crate) fn holds(&self, others: &Self) -> bool {
        self.words.len() == others.words.len()
            && self.words.iter().zip(&others.words).all(|(word, other)| other & !word == 0)
    }

    /// All but these.
    pub(crate) fn without(&self, others: &Self) -> Self {
        let mut left = self.clone();
        left.remove(others);
        left
    }

    /// As numbers, 64 packages each.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// A set that was taken apart into numbers.
    pub(crate) fn from_words(words: Vec<u64>) -> Self {
        Self { words }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }
}
