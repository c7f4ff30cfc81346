//! Human-readable sizes and durations.

use std::time::Duration;

/// A size in bytes: `512 B`, `12.3 KiB`, `1.4 MiB`. Truncated, not rounded.
pub(crate) fn bytes(size: u64) -> String {
    let mut tenths = size.saturating_mul(10);
    let mut unit = None;
    for larger in ["KiB", "MiB", "GiB"] {
        if tenths < 10 * 1024 {
            break;
        }
        tenths /= 1024;
        unit = Some(larger);
    }
    unit.map_or(format!("{size} B"), |unit| format!("{}.{} {unit}", tenths / 10, tenths % 10))
}

/// A duration: `0.4s`, `12s`, `1m 02s`, `1h 05m`. Truncated, not rounded.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let minutes = seconds / 60;
    match (minutes, seconds) {
        (0, 0..10) => format!("{seconds}.{}s", duration.subsec_millis() / 100),
        (0, _) => format!("{seconds}s"),
        (1..60, _) => format!("{minutes}m {:02}s", seconds % 60),
        (_, _) => format!("{}h {:02}m", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Every unit, at its edges.
    #[test]
    fn sizes() {
        let shown = [0, 512, 1024, 12_600, 10 * 1024 * 1024].map(bytes);
        assert_eq!(shown, ["0 B", "512 B", "1.0 KiB", "12.3 KiB", "10.0 MiB"]);
    }

    // Every unit, at its edges.
    #[test]
    fn durations() {
        let shown =
            [0, 460, 9_999, 10_000, 59_999, 62_000, 3_599_999, 3_900_000].map(Duration::from_millis).map(duration);
        assert_eq!(shown, ["0.0s", "0.4s", "9.9s", "10s", "59s", "1m 02s", "59m 59s", "1h 05m"]);
    }
}
