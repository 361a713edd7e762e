//! Gzip, in one stream, with a header that says nothing.

use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder, bufread::GzDecoder};

use super::{ContainerError, Limits, Members, read};

/// Magic, "deflate", no flags, no time, usual effort, unknown system (RFC 1952, section 2.3).
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// How many times its own size an archive may unpack to. WebAssembly shrinks to a third, JSON to a tenth.
const RATIO: u64 = 100;
/// What even the smallest may unpack to: a tar of a few members is mostly padding.
const FLOOR: u64 = 1 << 20;

/// These bytes, compressed: the same bytes, the same result.
pub(crate) fn compress(bytes: &[u8]) -> Result<Vec<u8>, ContainerError> {
    let unwritable = |error: io::Error| ContainerError::Unreadable { why: error.to_string() };
    let mut gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::new(6));
    gzip.write_all(bytes).map_err(unwritable)?;
    gzip.finish().map_err(unwritable)
}

/// The members of a compressed tar file.
pub(crate) fn read_compressed(bytes: &[u8], limits: Limits) -> Result<Members, ContainerError> {
    if bytes.len() < HEADER.len() {
        return Err(ContainerError::Truncated { within: "its gzip header".to_owned() });
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(ContainerError::Unreadable { why: "it is not gzip".to_owned() });
    }
    if !bytes.starts_with(&HEADER) {
        return Err(ContainerError::OddGzip);
    }
    let plausible = (bytes.len() as u64).saturating_mul(RATIO).saturating_add(FLOOR);
    let limits = Limits { total: limits.total.min(plausible), ..limits };
    let mut decoder = GzDecoder::new(bytes);
    let members = read(&mut decoder, limits).map_err(|error| match error {
        ContainerError::TooBig { limit } if limit == plausible => ContainerError::Bomb { limit },
        error => error,
    })?;
    match decoder.into_inner() {
        [] => Ok(members),
        [0x1f, 0x8b, ..] => Err(ContainerError::SecondStream),
        rest => Err(ContainerError::TrailingData { length: rest.len() }),
    }
}
