//! Output streams whose reader may go away.

use std::io;
use std::io::Write;

/// A stream that goes on when nobody listens any more: `cargo release | head` is no failure, and a release does not stop
/// half-way because its terminal was closed.
#[derive(Debug)]
pub(crate) struct Lenient<W>(pub W);

impl<W: Write> Write for Lenient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    // A reader that hangs up is no failure of ours.
    #[test]
    fn a_reader_that_is_gone_is_no_failure() {
        let mut out = Lenient(Gone);
        out.write_all(b"words").unwrap();
        out.flush().unwrap();
    }
}
