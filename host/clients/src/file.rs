//! Opens a file that somebody else may have put there.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read as _},
    path::Path,
};

use crate::{ConfigError, error::sort_of, limits::MAX_BYTES};

/// The text of a regular file, or of one that a link leads to. A pipe or a device is never waited for.
pub(crate) fn text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let regular = |metadata: &Metadata| {
        if metadata.is_file() {
            Ok(())
        } else {
            Err(ConfigError::NotAFile { path: path.to_owned(), what: sort_of(metadata.file_type()) })
        }
    };
    regular(&fs::metadata(path).map_err(unreadable)?)?;
    let file = open(path).map_err(unreadable)?;
    // What was looked at above may have been replaced since.
    regular(&file.metadata().map_err(unreadable)?)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ConfigError::TooLarge { path: path.to_owned() });
    }
    decoded(bytes).map_err(|line| ConfigError::NotText { path: path.to_owned(), line })
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// UTF-8, or UTF-16 with its mark, as editors on Windows save it. Else the line that is neither.
fn decoded(bytes: Vec<u8>) -> Result<String, u32> {
    let wide = match bytes.get(..2) {
        Some([0xFF, 0xFE]) => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
        Some([0xFE, 0xFF]) => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
        _ => None,
    };
    if let Some(unit) = wide {
        let (pairs, _) = bytes.get(2..).unwrap_or_default().as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
        return String::from_utf16(&units).map_err(|_| 1);
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        u32::try_from(before.split(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_through_a_link_and_in_either_encoding() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        let wide: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("{\"ä\":1}".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        fs::write(&file, wide).unwrap();
        assert_eq!(text(&file).unwrap(), "{\"ä\":1}");
        #[cfg(unix)]
        {
            let link = folder.path().join("link.json");
            std::os::unix::fs::symlink(&file, &link).unwrap();
            assert_eq!(text(&link).unwrap(), "{\"ä\":1}");
        }
    }

    #[test]
    fn what_is_no_text_or_too_large_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        fs::write(&file, b"{\n\xFF}").unwrap();
        assert!(matches!(text(&file), Err(ConfigError::NotText { line: 2, .. })));
        File::create(&file).unwrap().set_len(MAX_BYTES + 1).unwrap();
        assert_eq!(text(&file).unwrap_err().code(), "too-large");
        assert_eq!(text(folder.path()).unwrap_err().code(), "not-a-file");
        assert_eq!(text(&folder.path().join("none")).unwrap_err().code(), "unreadable");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_or_a_device_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("mcp.json");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let link = folder.path().join("link.json");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        for path in [pipe, link, "/dev/tty".into(), "/proc/self/mem".into()] {
            let error = text(&path).unwrap_err();
            assert!(matches!(error.code(), "not-a-file" | "unreadable"), "{error}");
        }
    }
}
