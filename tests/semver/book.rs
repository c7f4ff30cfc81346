//! The changes that the Cargo book's chapter "SemVer Compatibility" lists, in its order, each with its level there, a
//! library before and after such a change, and what sees it.

#![allow(dead_code, reason = "each test program uses a part of it")]

/// What sees a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The API check, as this level.
    Api(&'static str),
    /// The comparison of manifests, as this level.
    Manifest(&'static str),
    /// The comparison of signatures, which comes with the API check, as this level.
    Signatures(&'static str),
    /// Nobody, but who writes the commit.
    Nobody,
}

use Seen::Api;
use Seen::Manifest;
use Seen::Nobody;
use Seen::Signatures;

/// How the book judges a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Book {
    Major,
    Minor,
    Possibly,
}

use Book::Major;
use Book::Minor;
use Book::Possibly;

/// A change.
pub(crate) struct Row {
    /// The anchor of its section.
    pub(crate) anchor: &'static str,
    /// How the book judges it.
    pub(crate) book: Book,
    /// What it is, in our words.
    pub(crate) what: &'static str,
    /// What sees it, as what.
    pub(crate) seen: Seen,
    /// Sources before and after; for [`Manifest`], the ends of the manifests.
    pub(crate) texts: [&'static str; 2],
}

const fn row(anchor: &'static str, book: Book, seen: Seen, what: &'static str, texts: [&'static str; 2]) -> Row {
    Row { anchor, book, what, seen, texts }
}

/// All of them.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    row("item-remove", Major, Api("breaking"), "a public item is removed, renamed or moved", [
        "pub fn foo() {}", "pub fn bar() {}"]),
    row("item-new", Minor, Nobody, "a public item is added", ["", "pub fn foo() {}"]),
    row("repr-c-private-change", Minor, Nobody, "`repr(C)`: a private field is added beside another", [
        "#[repr(C)] pub struct A { pub a: i32, _b: i32 }", "#[repr(C)] pub struct A { pub a: i32, _b: i32, _c: i32 }"]),
    row("repr-c-enum-variant-new", Minor, Nobody, "`repr(C)`: a variant is added to a `non_exhaustive` enum", [
        "#[repr(C)] #[non_exhaustive] pub enum A { B }", "#[repr(C)] #[non_exhaustive] pub enum A { B, C }"]),
    row("repr-c-add", Minor, Nobody, "`repr(C)` is added", [
        "pub struct A { pub a: i32 }", "#[repr(C)] pub struct A { pub a: i32 }"]),
    row("repr-int-enum-add", Minor, Nobody, "`repr(<int>)` is added to an enum", [
        "pub enum A { B, C }", "#[repr(u8)] pub enum A { B, C }"]),
    row("repr-transparent-add", Minor, Api("feature"), "`repr(transparent)` is added", [
        "pub struct A<T>(pub T);", "#[repr(transparent)] pub struct A<T>(pub T);"]),
    row("repr-packed-add", Major, Api("breaking"), "`repr(packed)` is added", [
        "pub struct A { pub a: u8, pub b: u16 }", "#[repr(packed)] pub struct A { pub a: u8, pub b: u16 }"]),
    row("repr-align-add", Major, Api("breaking"), "`repr(align)` is added", [
        "pub struct A { pub a: u8 }", "#[repr(align(8))] pub struct A { pub a: u8 }"]),
    row("repr-packed-remove", Major, Api("breaking"), "`repr(packed)` is removed", [
        "#[repr(C, packed)] pub struct A { pub a: u8, pub b: u16 }", "#[repr(C)] pub struct A { pub a: u8, pub b: u16 }"]),
    row("repr-packed-n-change", Major, Api("breaking"), "the number of `repr(packed(N))` changes", [
        "#[repr(packed(4))] pub struct A { pub a: u8, pub b: u32 }", "#[repr(packed(2))] pub struct A { pub a: u8, pub b: u32 }"]),
    row("repr-align-n-change", Major, Api("breaking"), "the number of `repr(align(N))` changes", [
        "#[repr(align(8))] pub struct A { pub a: u8 }", "#[repr(align(4))] pub struct A { pub a: u8 }"]),
    row("repr-align-remove", Major, Api("breaking"), "`repr(align)` is removed", [
        "#[repr(C, align(8))] pub struct A { pub a: u8 }", "#[repr(C)] pub struct A { pub a: u8 }"]),
    row("repr-c-shuffle", Major, Nobody, "`repr(C)`: public fields change their order", [
        "#[repr(C)] pub struct A { pub a: u8, pub b: u32 }", "#[repr(C)] pub struct A { pub b: u32, pub a: u8 }"]),
    row("repr-c-remove", Major, Api("breaking"), "`repr(C)` is removed", [
        "#[repr(C)] pub struct A { pub a: i32 }", "pub struct A { pub a: i32 }"]),
    row("repr-int-enum-remove", Major, Api("breaking"), "`repr(<int>)` is removed from an enum", [
        "#[repr(u8)] pub enum A { B, C }", "pub enum A { B, C }"]),
    row("repr-int-enum-change", Major, Api("breaking"), "the integer of a `repr(<int>)` enum changes", [
        "#[repr(u8)] pub enum A { B, C }", "#[repr(u16)] pub enum A { B, C }"]),
    row("repr-transparent-remove", Major, Api("breaking"), "`repr(transparent)` is removed", [
        "#[repr(transparent)] pub struct A<T>(pub T);", "pub struct A<T>(pub T);"]),
    row("struct-add-private-field-when-public", Major, Api("breaking"), "a struct of public fields gets a private one", [
        "pub struct A { pub a: i32 }", "pub struct A { pub a: i32, _b: i32 }"]),
    row("struct-add-public-field-when-no-private", Major, Api("breaking"), "a struct of public fields gets another", [
        "pub struct A { pub a: i32 }", "pub struct A { pub a: i32, pub b: i32 }"]),
    row("struct-private-fields-with-private", Minor, Nobody, "private fields come and go beside another", [
        "pub struct A { _a: i32 }", "pub struct A { _b: i32, _c: i32 }"]),
    row("struct-tuple-normal-with-private", Minor, Nobody, "a tuple struct of private fields becomes a normal one", [
        "pub struct A(i32); impl A { pub fn a(&self) -> i32 { self.0 } }",
        "pub struct A { a: i32 } impl A { pub fn a(&self) -> i32 { self.a } }"]),
    row("enum-variant-new", Major, Api("breaking"), "an enum without `non_exhaustive` gets a variant", [
        "pub enum A { B }", "pub enum A { B, C }"]),
    row("enum-fields-new", Major, Api("breaking"), "a variant gets a field", [
        "pub enum A { B { a: i32 } }", "pub enum A { B { a: i32, b: i32 } }"]),
    row("trait-new-item-no-default", Major, Api("breaking"), "a trait gets an item without a default", [
        "pub trait A {}", "pub trait A { fn a(&self); }"]),
    row("trait-item-signature", Major, Signatures("breaking"), "the signature of a trait's item changes", [
        "pub trait A { fn a(&self, b: i32) -> i32 { b } }", "pub trait A { fn a(&self, b: i64) -> i64 { b } }"]),
    row("trait-new-default-item", Possibly, Nobody, "a trait gets an item with a default", [
        "pub trait A {}", "pub trait A { fn a(&self) {} }"]),
    row("trait-object-safety", Major, Api("breaking"), "a trait can no longer be used as `dyn`", [
        "pub trait A { fn a(&self) {} }", "pub trait A { fn a(&self) {} fn b<T>(&self, _b: T) {} }"]),
    row("trait-new-parameter-no-default", Major, Signatures("breaking"), "a trait gets a type parameter without a default", [
        "pub trait A {}", "pub trait A<T> {}"]),
    row("trait-new-parameter-default", Minor, Nobody, "a trait gets a type parameter with a default", [
        "pub trait A {}", "pub trait A<T = i32> {}"]),
    row("impl-item-new", Possibly, Nobody, "a type gets an inherent item", [
        "pub struct A; impl A {}", "pub struct A; impl A { pub fn a(&self) {} }"]),
    row("generic-bounds-tighten", Major, Signatures("breaking"), "a bound of a generic type gets narrower", [
        "pub struct A<T>(pub T);", "pub struct A<T: Eq>(pub T);"]),
    row("generic-bounds-loosen", Minor, Nobody, "a bound of a generic type gets wider", [
        "pub struct A<T: Clone>(pub T);", "pub struct A<T>(pub T);"]),
    row("generic-new-default", Minor, Nobody, "a type gets a type parameter with a default", [
        "pub struct A<T> { _a: core::marker::PhantomData<T> }",
        "pub struct A<T, U = i32> { _a: core::marker::PhantomData<(T, U)> }"]),
    row("generic-generalize-identical", Minor, Nobody, "a type becomes generic, and stays the same for who uses it", [
        "pub struct A(pub u8);", "pub struct A<T = u8>(pub T);"]),
    row("generic-generalize-different", Major, Signatures("to look at"), "a type becomes generic, and may be another for who uses it", [
        "pub struct A<T = u8>(pub T, pub u8);", "pub struct A<T = u8>(pub T, pub T);"]),
    row("generic-more-generic", Minor, Nobody, "a generic type becomes more generic", [
        "pub struct A<T>(pub T, pub T);", "pub struct A<T, U = T>(pub T, pub U);"]),
    row("generic-rpit-capture", Major, Nobody, "a returned `impl Trait` captures more", [
        "pub fn a<'x>(b: &'x str, _c: &str) -> impl Iterator<Item = char> + use<'x> { b.chars() }",
        "pub fn a<'x, 'y>(b: &'x str, _c: &'y str) -> impl Iterator<Item = char> + use<'x, 'y> { b.chars() }"]),
    row("fn-change-arity", Major, Api("breaking"), "a function gets or loses a parameter", [
        "pub fn a() {}", "pub fn a(_b: i32) {}"]),
    row("fn-generic-new", Possibly, Api("breaking"), "a function gets a type parameter", [
        "pub fn a() {}", "pub fn a<T>() {}"]),
    row("fn-generalize-compatible", Minor, Nobody, "a parameter becomes generic, and what was passed still fits", [
        "pub fn a(b: u8) -> u64 { b.into() }", "pub fn a(b: impl Into<u64>) -> u64 { b.into() }"]),
    row("fn-generalize-mismatch", Major, Api("breaking"), "a function becomes generic, and what was passed no longer fits", [
        "pub fn a(b: i32, _c: i64) -> i32 { b }", "pub fn a<T>(b: T, _c: T) -> T { b }"]),
    row("fn-unsafe-safe", Minor, Nobody, "an `unsafe` function becomes safe", [
        "/// # Safety\n/// None.\npub unsafe fn a() {}", "pub fn a() {}"]),
    row("attr-no-std-to-std", Major, Nobody, "`no_std` is given up", [
        "#![no_std]\npub fn a() {}", "pub fn a() {}"]),
    row("attr-adding-non-exhaustive", Major, Api("breaking"), "`non_exhaustive` is added", [
        "pub enum A { B }", "#[non_exhaustive] pub enum A { B }"]),
    row("env-new-rust", Possibly, Manifest("feature"), "a newer Rust is needed (`rust-version`; the level is configurable)", [
        "rust-version = \"1.80\"", "rust-version = \"1.85\""]),
    row("env-change-requirements", Possibly, Nobody, "the platform or the environment must be another", ["", ""]),
    row("new-lints", Minor, Nobody, "who uses it gets warnings that were not there", ["", ""]),
    row("cargo-feature-add", Minor, Manifest("feature"), "a feature is added", [
        "[features]", "[features]\nsmall = []"]),
    row("cargo-feature-remove", Major, Manifest("breaking"), "a feature is removed", [
        "[features]\nsmall = []", "[features]"]),
    row("cargo-feature-remove-another", Major, Manifest("breaking"), "a feature no longer enables another", [
        "[features]\ndefault = [\"small\"]\nsmall = []", "[features]\ndefault = []\nsmall = []"]),
    row("cargo-remove-opt-dep", Possibly, Manifest("breaking"), "an optional dependency is removed, which is a feature", [
        "[dependencies]\nfar = { version = \"1\", optional = true }", "[dependencies]"]),
    row("cargo-change-dep-feature", Minor, Manifest("patch"), "the features of a dependency change", [
        "[dependencies]\nfar = \"1\"", "[dependencies]\nfar = { version = \"1\", features = [\"small\"] }"]),
    row("cargo-dep-add", Minor, Manifest("patch"), "a dependency is added", [
        "[dependencies]", "[dependencies]\nfar = \"1\""]),
];
