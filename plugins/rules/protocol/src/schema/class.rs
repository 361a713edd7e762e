//! Sets of characters in regular expressions: exact for ASCII, and one bit for all the rest.

/// A set of characters: the ASCII ones, and whether there are others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) ascii: u128,
    pub(super) others: bool,
}

impl Class {
    pub(super) fn meets(self, other: Self) -> bool {
        self.ascii & other.ascii != 0 || self.others && other.others
    }

    pub(super) fn one(c: char) -> Self {
        match u32::from(c) {
            code @ 0..128 => Self { ascii: 1 << code, others: false },
            _ => Self { ascii: 0, others: true },
        }
    }

    pub(super) fn range(from: char, to: char) -> Self {
        let (from, to) = (u32::from(from), u32::from(to));
        // All up to a character, without it.
        let below = |code: u32| 1_u128.checked_shl(code).map_or(u128::MAX, |bit| bit.wrapping_sub(1));
        Self { ascii: below(to.saturating_add(1)) & !below(from), others: to >= 128 }
    }

    pub(super) fn of(chars: &str) -> Self {
        chars.chars().fold(Self::default(), |set, c| set.and(Self::one(c)))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { ascii: self.ascii | other.ascii, others: self.others || other.others }
    }

    /// Everything else. Of the characters beyond ASCII there are always others.
    pub(super) fn not(self) -> Self {
        Self { ascii: !self.ascii, others: true }
    }

    pub(super) fn digits() -> Self {
        Self::range('0', '9')
    }

    pub(super) fn word() -> Self {
        Self::digits().and(Self::range('a', 'z')).and(Self::range('A', 'Z')).and(Self::one('_'))
    }

    pub(super) fn space() -> Self {
        Self { others: true, ..Self::of(" \t\n\r\u{b}\u{c}") }
    }

    pub(super) fn dot() -> Self {
        Self::of("\n\r").not()
    }
}
