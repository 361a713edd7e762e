//! Which mounts there are, as the kernel lists them.

use std::{
    ffi::OsString,
    io::Read as _,
    os::unix::ffi::OsStringExt as _,
    path::{Path, PathBuf},
};

use nix::mount::MsFlags;

/// More mounts than any machine has.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) at: PathBuf,
    /// Those that a remount must repeat, because it may not take them away.
    pub(super) flags: MsFlags,
}

/// The mounts at and below a folder.
pub(super) fn below(folder: &Path) -> Result<Vec<Mount>, String> {
    let failed = |why: std::io::Error| format!("read the list of mounts: {why}");
    let file = std::fs::File::open("/proc/self/mountinfo").map_err(failed)?;
    let mut list = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut list).map_err(failed)?;
    if list.len() as u64 > MOST_BYTES {
        return Err("the list of mounts is too long".to_owned());
    }
    Ok(list
        .split(|byte| *byte == b'\n')
        .filter_map(parse)
        .filter(|mount| mount.at.starts_with(folder))
        .collect())
}

/// `id parent major:minor root mount-point options …`
fn parse(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|byte| *byte == b' ').skip(4);
    let at = PathBuf::from(OsString::from_vec(unescaped(fields.next()?)));
    let mut flags = MsFlags::empty();
    for option in fields.next()?.split(|byte| *byte == b',') {
        flags |= match option {
            b"ro" => MsFlags::MS_RDONLY,
            b"nosuid" => MsFlags::MS_NOSUID,
            b"nodev" => MsFlags::MS_NODEV,
            b"noexec" => MsFlags::MS_NOEXEC,
            // Those on access times are kept by the kernel if none is named.
            _ => MsFlags::empty(),
        };
    }
    Some(Mount { at, flags })
}

/// Blanks and backslashes are written as three octal digits.
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, after)) = rest.split_first() {
        let escaped =
            (*first == b'\\').then(|| after.split_at_checked(3)).flatten().and_then(|(digits, after)| {
                let digits = std::str::from_utf8(digits).ok()?;
                Some((u8::from_str_radix(digits, 8).ok()?, after))
            });
        let (byte, after) = escaped.unwrap_or((*first, after));
        text.push(byte);
        rest = after;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_point_with_a_blank_is_read_whole() {
        let line = br"36 35 98:0 /mnt1 /mnt/my\040disk\134x rw,noexec,relatime master:1 - ext3 /dev/root rw";
        let mount = parse(line).unwrap();
        assert_eq!(mount, Mount { at: PathBuf::from(r"/mnt/my disk\x"), flags: MsFlags::MS_NOEXEC });
    }

    #[test]
    fn a_broken_line_is_no_mount() {
        for line in [&b""[..], b"1 2 3", b"\\", b"1 2 3 4 \\9"] {
            assert_eq!(parse(line), None);
        }
    }
}
