//! Listings as files.

mod read;
mod write;

pub use read::{MAX_BYTES, ReadError, parse, read};
pub use write::{to_json, write};
