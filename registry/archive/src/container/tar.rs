//! Tar files that say names and contents, and nothing else.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use tar::{Builder, EntryType, Header};

use super::{ContainerError, Members, must_be_plain, name::shown};

const BLOCK: usize = 512;

/// How much is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Of all there is, headers included, in bytes.
    pub(crate) total: u64,
    /// How many members.
    pub(crate) members: usize,
    /// Of a member with this name, in bytes; none if no such member may be.
    pub(crate) of: fn(&str) -> Option<u64>,
}

/// The members as one tar file: the same members, the same bytes.
pub(crate) fn write(members: &Members) -> Result<Vec<u8>, ContainerError> {
    let unwritable = |error: io::Error| ContainerError::Unreadable { why: error.to_string() };
    let mut tar = Builder::new(Vec::new());
    for (name, content) in members {
        must_be_plain(name.as_bytes())?;
        tar.append(&header(name, content.len() as u64)?, content.as_slice()).map_err(unwritable)?;
    }
    tar.into_inner().map_err(unwritable)
}

/// The one header that a member of this name and size has.
fn header(name: &str, size: u64) -> Result<Header, ContainerError> {
    let mut header = Header::new_ustar();
    header.set_path(name).map_err(|_| ContainerError::NameTooLong { member: shown(name) })?;
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(size);
    header.set_cksum();
    Ok(header)
}

/// The members of a tar file. Reads no further than the first thing that is wrong, and never more than the bounds.
pub(crate) fn read(mut file: impl Read, limits: Limits) -> Result<Members, ContainerError> {
    let mut members = Members::new();
    let mut order = Order::default();
    let mut at = 0_u64;
    loop {
        let block = next_block(&mut file, "a header")?;
        if block == [0; BLOCK] {
            break;
        }
        let (name, size) = member(&block, at, limits.of)?;
        order.next(&name)?;
        if members.len() >= limits.members {
            return Err(ContainerError::TooManyMembers { limit: limits.members });
        }
        at = at.saturating_add((BLOCK as u64).saturating_add(size.next_multiple_of(BLOCK as u64)));
        if at > limits.total {
            return Err(ContainerError::TooBig { limit: limits.total });
        }
        let content = content(&mut file, &name, size)?;
        members.insert(name, content);
    }
    if next_block(&mut file, "its end")? != [0; BLOCK] {
        return Err(ContainerError::DataAfterEnd);
    }
    // Asked once more also so that a decompressor gets to its checksum.
    if file.read(&mut [0]).map_err(unreadable)? != 0 {
        return Err(ContainerError::DataAfterEnd);
    }
    Ok(members)
}

/// Name and size of the member that this header announces.
fn member(
    block: &[u8; BLOCK],
    at: u64,
    limit_of: fn(&str) -> Option<u64>,
) -> Result<(String, u64), ContainerError> {
    let damaged = |why: String| ContainerError::DamagedHeader { at, why };
    let given = Header::from_byte_slice(block);
    if given.cksum().map_err(|error| damaged(error.to_string()))? != checksum(block) {
        return Err(damaged("its checksum is wrong".to_owned()));
    }
    let raw_name = given.path_bytes();
    must_be_plain_file(given.entry_type(), &shown(&String::from_utf8_lossy(&raw_name)))?;
    if given.as_ustar().is_none() {
        return Err(ContainerError::ForeignDialect { at });
    }
    let name = must_be_plain(&raw_name)?.to_owned();
    let size = given.entry_size().map_err(|error| damaged(error.to_string()))?;
    let limit = limit_of(&name).ok_or_else(|| ContainerError::UnknownMember { member: name.clone() })?;
    if size > limit {
        return Err(ContainerError::MemberTooBig { member: name, actual: size, limit });
    }
    if header(&name, size)?.as_bytes() != block {
        return Err(ContainerError::OddHeader { member: name });
    }
    Ok((name, size))
}

/// The sum of a header's bytes, with its own eight counted as spaces (POSIX.1-2024, pax, "ustar Interchange Format").
fn checksum(block: &[u8; BLOCK]) -> u32 {
    block
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
        .sum()
}

fn must_be_plain_file(kind: EntryType, member: &str) -> Result<(), ContainerError> {
    let not_a_file = |kind| Err(ContainerError::NotAFile { member: member.to_owned(), kind });
    match kind {
        EntryType::Regular => Ok(()),
        EntryType::XHeader | EntryType::XGlobalHeader => Err(ContainerError::ExtendedHeader { kind: "PAX" }),
        EntryType::GNULongName => Err(ContainerError::ExtendedHeader { kind: "GNU long name" }),
        EntryType::GNULongLink => Err(ContainerError::ExtendedHeader { kind: "GNU long link" }),
        EntryType::GNUSparse => not_a_file("sparse file"),
        EntryType::Link => not_a_file("hard link"),
        EntryType::Symlink => not_a_file("symbolic link"),
        EntryType::Char | EntryType::Block => not_a_file("device"),
        EntryType::Fifo => not_a_file("pipe"),
        EntryType::Directory => not_a_file("folder"),
        _ => not_a_file("member of a kind of its own"),
    }
}

fn content(file: &mut impl Read, name: &str, size: u64) -> Result<Vec<u8>, ContainerError> {
    let truncated = || ContainerError::Truncated { within: format!("`{name}`") };
    let mut content = Vec::new();
    let taken = file.by_ref().take(size).read_to_end(&mut content).map_err(unreadable)?;
    if taken as u64 != size {
        return Err(truncated());
    }
    let mut padding = Vec::new();
    let expected = size.next_multiple_of(BLOCK as u64) - size;
    let taken = file.by_ref().take(expected).read_to_end(&mut padding).map_err(unreadable)?;
    if taken as u64 != expected {
        return Err(truncated());
    }
    if padding.iter().any(|byte| *byte != 0) {
        return Err(ContainerError::HiddenBytes { member: name.to_owned() });
    }
    Ok(content)
}

fn next_block(file: &mut impl Read, within: &str) -> Result<[u8; BLOCK], ContainerError> {
    let mut block = [0; BLOCK];
    match file.read_exact(&mut block) {
        Ok(()) => Ok(block),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(ContainerError::Truncated { within: within.to_owned() })
        }
        Err(error) => Err(unreadable(error)),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn unreadable(error: io::Error) -> ContainerError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ContainerError::Truncated { within: "its gzip stream".to_owned() },
        _ => ContainerError::Unreadable { why: error.to_string() },
    }
}

/// The names so far.
#[derive(Default)]
struct Order {
    seen: BTreeMap<String, String>,
    last: Option<String>,
}

impl Order {
    fn next(&mut self, name: &str) -> Result<(), ContainerError> {
        let member = name.to_owned();
        match self.seen.insert(name.to_ascii_lowercase(), member.clone()) {
            Some(other) if other == name => return Err(ContainerError::Duplicate { member }),
            Some(other) => return Err(ContainerError::DuplicateInAnotherCase { other, member }),
            None => {}
        }
        match self.last.replace(member.clone()) {
            Some(after) if after > member => Err(ContainerError::OutOfOrder { after, member }),
            _ => Ok(()),
        }
    }
}
