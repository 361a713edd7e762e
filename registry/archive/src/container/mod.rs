//! The file itself: a tar in the one form that this crate writes, and gzip around it.
//!
//! Reading is strict rather than clever: every header must be, bit for bit, the one that [`tar::write`] makes for that name
//! and size. What other tar files can say (links, owners, times, extensions, sparse files) has no place to stand.

mod error;
mod gzip;
mod name;
mod tar;

use std::collections::BTreeMap;

pub use error::ContainerError;
pub(crate) use gzip::{compress, read_compressed};
pub(crate) use name::must_be_plain;
pub(crate) use tar::{Limits, read, write};

/// Name to content, in the order they stand in the file.
pub(crate) type Members = BTreeMap<String, Vec<u8>>;
