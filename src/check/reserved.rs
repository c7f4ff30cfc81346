//! Names that crates.io keeps back, in their canonical spelling (lower case, `_`): its migrations of 2017-03, 2017-04 and
//! 2021-02. More may have been added to its table since; only the attempt tells.

/// Names of the standard library, of the compiler's own crates, and of Windows' devices.
#[rustfmt::skip]
pub(super) const NAMES: [&str; 62] = [
    "alloc", "arena", "ast", "builtins", "collections", "compiler_builtins", "compiler_rt", "compiletest", "core",
    "coretest", "debug", "driver", "flate", "fmt_macros", "grammar", "graphviz", "macro", "macros", "proc_macro",
    "rbml", "rust_installer", "rustbook", "rustc", "rustc_back", "rustc_borrowck", "rustc_driver", "rustc_llvm",
    "rustc_resolve", "rustc_trans", "rustc_typeck", "rustdoc", "rustllvm", "rustuv", "serialize", "std", "syntax",
    "test", "unicode",
    "nul", "con", "prn", "aux",
    "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Names that a file cannot have on Windows, whatever follows a dot: its documentation on naming files.
#[rustfmt::skip]
pub(super) const ON_WINDOWS: [&str; 22] = [
    "con", "prn", "aux", "nul",
    "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];
