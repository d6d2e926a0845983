//! The lines of a body as it comes in, none of them longer than a limit.

use std::future::poll_fn;

use bytes::Bytes;

use crate::Result;
use crate::client::Received;
use crate::transport::Body;

/// The lines of a body.
pub(super) struct Lines {
    body: Box<dyn Body>,
    /// What has come in and isn't read yet.
    chunk: Bytes,
    /// The line so far.
    line: Vec<u8>,
    /// The most bytes that a line may have.
    limit: usize,
    /// Whether the line is too long, and so is left out.
    is_skipped: bool,
}

impl Lines {
    pub(super) fn new(received: Received) -> Self {
        let Received { body, limit, .. } = received;
        Self { body, chunk: Bytes::new(), line: Vec::new(), limit, is_skipped: false }
    }

    /// The next line; `None` at the end. Lines that are too long are left out.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.chunk) {
                let head = self.chunk.split_to(end + 1);
                self.push(head.get(..end).unwrap_or_default());
                if let Some(line) = self.take() {
                    return Ok(Some(line));
                }
                continue;
            }
            let rest = std::mem::take(&mut self.chunk);
            self.push(&rest);
            match poll_fn(|context| self.body.poll_chunk(context)).await {
                Some(chunk) => self.chunk = chunk?,
                None => return Ok(self.take().filter(|line| !line.is_empty())),
            }
        }
    }

    fn push(&mut self, piece: &[u8]) {
        self.is_skipped |= self.line.len().saturating_add(piece.len()) > self.limit;
        if self.is_skipped {
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(piece);
        }
    }

    fn take(&mut self) -> Option<Vec<u8>> {
        let line = std::mem::take(&mut self.line);
        let is_skipped = std::mem::take(&mut self.is_skipped);
        (!is_skipped).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::task::{Context, Poll};

    use bytes::Bytes;

    use super::Lines;
    use crate::client::Received;
    use crate::secret::Secret;
    use crate::transport::Body;
    use crate::{Error, Result, error::Fault};

    struct Pieces(VecDeque<Result<Bytes>>);

    impl Body for Pieces {
        fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
            Poll::Ready(self.0.pop_front())
        }
    }

    fn lines(pieces: VecDeque<Result<Bytes>>, limit: usize) -> Lines {
        let secret = Secret::new("key");
        Lines::new(Received { body: Box::new(Pieces(pieces)), limit, secret })
    }

    async fn read(text: &str, size: usize) -> Vec<String> {
        let pieces = text.as_bytes().chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece)));
        let mut lines = lines(pieces.collect(), 4);
        let mut read = Vec::new();
        while let Some(line) = lines.next().await.expect("it is whole") {
            read.push(String::from_utf8(line).expect("a text"));
        }
        read
    }

    #[tokio::test]
    async fn lines_are_the_same_however_they_come_in() {
        for size in 1..20 {
            assert_eq!(read("a\n\nbcde\nlonger\nf", size).await, ["a", "", "bcde", "f"], "{size}");
            assert_eq!(read("a\nlonger", size).await, ["a"], "{size}");
            assert_eq!(read("longer\n", size).await, [""; 0], "{size}");
            assert_eq!(read("", size).await, [""; 0], "{size}");
        }
    }

    #[tokio::test]
    async fn a_fault_in_the_middle_is_told() {
        let fault = Error::fault(Fault::Body, None);
        let mut lines = lines([Ok(Bytes::from_static(b"a\nb")), Err(fault)].into(), 4);
        assert_eq!(lines.next().await.ok().flatten(), Some(b"a".to_vec()));
        assert!(lines.next().await.is_err());
    }
}
