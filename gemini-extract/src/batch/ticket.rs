//! A record on its way, without its text.

use tokio::sync::OwnedSemaphorePermit;

/// A record from its reading to its outcome. It keeps one of the places for records that are read
/// and not taken by the user yet.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) key: String,
    pub(super) position: u64,
    pub(super) room: OwnedSemaphorePermit,
}
