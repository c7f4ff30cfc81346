//! Places where the tests kill this process, to see that what it left can be resumed. Nothing in release builds.

/// Kills the process, without unwinding, when this is the place that `CARGO_RELEASE_FAILPOINT` numbers, counted from 1.
/// With `panic ` before the number it panics instead.
#[cfg(debug_assertions)]
pub(crate) fn here() {
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering;
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::SeqCst) + 1;
    let Ok(at) = std::env::var("CARGO_RELEASE_FAILPOINT") else { return };
    if at.strip_prefix("panic ").is_some_and(|at| at.parse() == Ok(count)) {
        panic!("place {count} of the tests");
    }
    if at.parse() == Ok(count) {
        std::process::abort();
    }
}

/// Nothing.
#[cfg(not(debug_assertions))]
pub fn here() {}
