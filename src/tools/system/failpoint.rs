//! Places where the tests kill this process, to see that what it left can be resumed. Nothing in release builds.

/// Kills the process, without unwinding, when this is the place that `CARGO_RELEASE_FAILPOINT` numbers, counted from 1.
#[cfg(debug_assertions)]
pub fn here() {
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering;
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::SeqCst) + 1;
    if std::env::var("CARGO_RELEASE_FAILPOINT").is_ok_and(|at| at.parse() == Ok(count)) {
        std::process::abort();
    }
}

/// Nothing.
#[cfg(not(debug_assertions))]
pub fn here() {}
