//! Text for stdout.

use std::io::{self, Write};

use crate::failure::{Failure, Result};

/// Writes text and the end of a line; whoever reads it may be gone.
pub(crate) fn print(text: &str) -> Result<()> {
    let written = writeln!(io::stdout(), "{text}");
    written.map_err(|error| Failure::of("stdout cannot be written", &error))
}
