//! What can be wrong with a file before anything in it is looked at.

use thiserror::Error;

/// Why an archive was not taken apart. `member` is always made harmless for a message.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContainerError {
    /// It cannot be read, or is no gzip or tar.
    #[error("it cannot be read: {why}")]
    Unreadable {
        /// What the system or the decompressor said.
        why: String,
    },
    /// The gzip around it is not as it is written here: it has a name, a time or another field.
    #[error("its gzip header is not the one of a bundle")]
    OddGzip,
    /// It ends early.
    #[error("it is truncated: it ends within {within}")]
    Truncated {
        /// What was being read.
        within: String,
    },
    /// There is more after the end of the gzip stream.
    #[error("{length} bytes follow the end of its gzip stream")]
    TrailingData {
        /// How many.
        length: usize,
    },
    /// There is another gzip stream after the first, which some tools would read and others would not.
    #[error("a second gzip stream follows the first")]
    SecondStream,
    /// There is more after the end of the tar.
    #[error("data follows the end of its tar")]
    DataAfterEnd,
    /// It is bigger than is looked at.
    #[error("it is longer than {limit} bytes")]
    TooBig {
        /// The bound in bytes.
        limit: u64,
    },
    /// It would unpack to more than its size accounts for.
    #[error("it is a decompression bomb: it unpacks to more than {limit} bytes")]
    Bomb {
        /// The bound in bytes for an archive of this size.
        limit: u64,
    },
    /// It has more members than are looked at.
    #[error("it has more than {limit} members")]
    TooManyMembers {
        /// The bound.
        limit: usize,
    },
    /// One member is bigger than one of its name may be.
    #[error("`{member}` is {actual} bytes long; at most {limit} are taken")]
    MemberTooBig {
        /// Which one.
        member: String,
        /// What its header says.
        actual: u64,
        /// The bound in bytes.
        limit: u64,
    },
    /// A header is no tar header.
    #[error("the tar header at byte {at} is damaged: {why}")]
    DamagedHeader {
        /// Where it stands in the tar.
        at: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A header is of another tar dialect, which has other ways to say a name.
    #[error("the tar header at byte {at} is not POSIX ustar (GNU and older dialects are not taken)")]
    ForeignDialect {
        /// Where it stands in the tar.
        at: u64,
    },
    /// A header that changes what other headers mean.
    #[error("it has a {kind} header, by which a member could have another name or size than is seen")]
    ExtendedHeader {
        /// "PAX", "GNU long name" …
        kind: &'static str,
    },
    /// A member is no regular file.
    #[error("`{member}` is a {kind}; only regular files are taken")]
    NotAFile {
        /// Which one.
        member: String,
        /// "symbolic link", "device" …
        kind: &'static str,
    },
    /// A header has the right name and size, and says something else besides.
    #[error(
        "the header of `{member}` says more than its name and size (an owner, a time, a mode, or hidden bytes)"
    )]
    OddHeader {
        /// Which one.
        member: String,
    },
    /// The space between two members is not empty.
    #[error("bytes are hidden after the end of `{member}`")]
    HiddenBytes {
        /// Which one.
        member: String,
    },
    /// A name that is not UTF-8.
    #[error("the name of a member is not UTF-8: `{member}`")]
    NameNotUtf8 {
        /// What can be shown of it.
        member: String,
    },
    /// A name that leads out of the place it is unpacked to.
    #[error("the name `{member}` climbs out of the archive: {why}")]
    ClimbsOut {
        /// Which one.
        member: String,
        /// "it is absolute" …
        why: &'static str,
    },
    /// A name that could be mistaken for another.
    #[error(
        "the name `{member}` has characters beyond letters, digits and `. _ - + @`, so it could pass for another"
    )]
    NameNotPlain {
        /// Which one.
        member: String,
    },
    /// A name that some systems take for a device.
    #[error("the name `{member}` means a device, or another name, on some systems")]
    NameReserved {
        /// Which one.
        member: String,
    },
    /// A name longer than a plain header holds.
    #[error("the name `{member}` is too long for a tar header")]
    NameTooLong {
        /// Which one.
        member: String,
    },
    /// Two members of one name: which one counts would depend on who reads.
    #[error("`{member}` is there twice")]
    Duplicate {
        /// Which one.
        member: String,
    },
    /// Two members whose names differ by case alone: on some systems one would overwrite the other.
    #[error("`{member}` and `{other}` differ by case alone")]
    DuplicateInAnotherCase {
        /// The first of them.
        other: String,
        /// The second of them.
        member: String,
    },
    /// The members are not sorted by name.
    #[error("`{member}` stands after `{after}`: the members are not in order")]
    OutOfOrder {
        /// The first of them.
        after: String,
        /// The second of them.
        member: String,
    },
    /// A name that has no meaning in this kind of archive.
    #[error("`{member}` has no place in it")]
    UnknownMember {
        /// Which one.
        member: String,
    },
    /// Something that must be there is not.
    #[error("`{member}` is missing")]
    Missing {
        /// Which one.
        member: String,
    },
}

impl ContainerError {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::OddGzip
            | Self::OddHeader { .. }
            | Self::ForeignDialect { .. }
            | Self::OutOfOrder { .. } => "foreign-archive",
            Self::Truncated { .. } => "truncated",
            Self::TrailingData { .. }
            | Self::SecondStream
            | Self::DataAfterEnd
            | Self::HiddenBytes { .. } => "hidden-data",
            Self::TooBig { .. } | Self::TooManyMembers { .. } | Self::MemberTooBig { .. } => "too-big",
            Self::Bomb { .. } => "decompression-bomb",
            Self::DamagedHeader { .. } => "damaged",
            Self::ExtendedHeader { .. } => "extended-header",
            Self::NotAFile { .. } => "not-a-file",
            Self::ClimbsOut { .. } => "climbs-out",
            Self::NameNotUtf8 { .. }
            | Self::NameNotPlain { .. }
            | Self::NameReserved { .. }
            | Self::NameTooLong { .. } => "bad-name",
            Self::Duplicate { .. } | Self::DuplicateInAnotherCase { .. } => "duplicate",
            Self::UnknownMember { .. } => "unknown-member",
            Self::Missing { .. } => "missing-member",
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Unreadable { .. } => "check that this is the file, and that it can be read".into(),
            Self::Truncated { .. } | Self::DamagedHeader { .. } => {
                "copy it again, and compare its SHA-256 with the original's".into()
            }
            Self::TooBig { .. } | Self::TooManyMembers { .. } => {
                "ask its maker to put fewer components in one bundle".into()
            }
            Self::OddGzip
            | Self::OddHeader { .. }
            | Self::ForeignDialect { .. }
            | Self::OutOfOrder { .. } => {
                "take the file as it was published: one that was unpacked and packed again is another file"
                    .into()
            }
            _ => "do not use this file: no tool of ours writes such a one; get it again from its publisher"
                .into(),
        }
    }
}
