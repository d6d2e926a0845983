//! A file that is only added to, as far as the writer needs it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// A file that is only added to.
pub(super) trait Disk: Send {
    /// Adds bytes at the end.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits until everything is on the disk.
    fn sync(&mut self) -> io::Result<()>;

    /// Cuts off what was added behind this length.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Fills the bytes from this offset on.
    fn read(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<()>;
}

impl Disk for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::End(0))?;
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn read(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(offset))?;
        self.read_exact(bytes)
    }
}
