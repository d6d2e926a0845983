//! Proofs that span the crates.
//!
//! The three laws of a schema are shown on a zoo of types: every document that a decoder can
//! write under the schema decodes into the type (*sound*), every value of the type conforms to
//! the schema (*complete*), and the schema holds nothing but what its carrier takes (*accepted*).
//!
//! [`documents`] writes the documents, [`judge`] judges the values with the `jsonschema` crate,
//! and [`accepted`] knows what a carrier takes. They read the text of a schema as a service
//! would, and share no code with the library that wrote it. [`zoo`] brings them together.

#![allow(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "tests are allowed to fail"
)]

pub mod accepted;
pub mod documents;
pub mod json;
pub mod judge;
pub mod model;
pub mod seed;
pub mod walks;
pub mod whole;
pub mod zoo;
