//! The binary: hands its arguments to the library and ends with its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_release::run(std::env::args_os())
}
