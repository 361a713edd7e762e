//! Listings as files.

#[cfg(test)]
mod properties;
mod read;
mod write;

pub use read::{MAX_BYTES, ReadError, parse, read};
pub use write::{to_json, write};
