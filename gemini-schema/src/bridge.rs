//! Other crates that describe or validate types.

#[cfg(feature = "garde")]
mod garde;
#[cfg(feature = "schemars1")]
mod schemars1;

#[cfg(feature = "schemars1")]
pub use schemars1::Schemars;
