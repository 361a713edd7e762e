//! How much of a file is taken. Each bound ends in an error that names it, never in silence.

/// Bytes of one file. `~/.claude.json` keeps a history and grows to a few MiB.
pub const MAX_BYTES: u64 = 8 << 20;

/// Bytes of all files that one discovery reads.
pub const MAX_BYTES_IN_ALL: u64 = 256 << 20;

/// How deep objects and arrays may stand in one another. Real files need about eight levels.
pub const MAX_DEPTH: usize = 64;

/// Values in one file, those that a YAML alias stands for counted each time.
pub const MAX_VALUES: usize = 500_000;

/// Servers taken from one file.
pub const MAX_SERVERS: usize = 2_000;

/// Arguments, variables or headers of one server.
pub const MAX_ITEMS: usize = 1_000;

/// Bytes of one argument, variable, header or URL. Linux starts no program with a longer one.
pub const MAX_TEXT: usize = 128 << 10;

/// Entries of folders that one search for plug-ins' files looks at.
pub(crate) const MAX_ENTRIES: usize = 50_000;

/// Entries of one folder among them: a single full folder must not hide what stands beside it.
pub(crate) const MAX_ENTRIES_OF_ONE: usize = 4_000;

/// How far below its start such a search goes. Clients read a plug-in's own folder, which is three or four deep; what
/// lies deeper is source and examples that nobody starts.
pub(crate) const MAX_FOLDERS_DEEP: usize = 5;

/// Characters of a name or a value that a message repeats.
pub(crate) const MAX_SHOWN: usize = 80;

/// A name as it stands in a hostile file, short and without control characters, for messages.
pub(crate) fn shown(name: &str) -> String {
    let mut chars = name.chars();
    let mut text: String = chars
        .by_ref()
        .take(MAX_SHOWN)
        .map(|c| if c.is_control() || is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if chars.next().is_some() {
        text.push('…');
    }
    text
}

/// Marks that turn the reading direction or take no room: in a terminal they make one text look like another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_can_neither_drive_a_terminal_nor_fill_it() {
        assert_eq!(shown("a\u{1b}[31mb\u{202e}c"), "a\u{fffd}[31mb\u{fffd}c");
        assert_eq!(shown(&"x".repeat(1_000)).chars().count(), MAX_SHOWN + 1);
    }
}
