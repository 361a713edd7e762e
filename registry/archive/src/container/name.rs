//! Which names a member may have.

use bartizan_model::{printable, truncate_chars};

use super::ContainerError;

/// A member's name as a message may show it.
pub(super) fn shown(name: &str) -> String {
    truncate_chars(&printable(name), 120)
}

/// The name, if it means the same file to every reader on every system.
pub(crate) fn must_be_plain(name: &[u8]) -> Result<&str, ContainerError> {
    let Ok(name) = str::from_utf8(name) else {
        return Err(ContainerError::NameNotUtf8 { member: shown(&String::from_utf8_lossy(name)) });
    };
    let member = || shown(name);
    let climbs = |why| Err(ContainerError::ClimbsOut { member: member(), why });
    if name.starts_with('/') {
        return climbs("it is absolute");
    }
    if name.contains('\\') {
        return climbs("it has a backslash, which separates folders on some systems");
    }
    if name.contains(':') {
        return climbs("it has a colon, which names a drive or a stream on some systems");
    }
    if name.split('/').any(|part| part == "..") {
        return climbs("it has a `..`");
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+@/".contains(&byte)) {
        return Err(ContainerError::NameNotPlain { member: member() });
    }
    if name.split('/').any(is_reserved) {
        return Err(ContainerError::NameReserved { member: member() });
    }
    Ok(name)
}

/// Whether some system reads this part of a path as something else: nothing, a device, the name without its last dot.
fn is_reserved(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()))
    };
    part.is_empty()
        || part.ends_with('.')
        || ["con", "prn", "aux", "nul"].contains(&stem.as_str())
        || numbered("com")
        || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_let_pass() {
        for name in [
            "SHA256SUMS",
            "blobs/sha256/00ff",
            "tuf/acme/1.root.json",
            "trust/acme/x+y@z_1.pem",
            "console.json",
        ] {
            assert_eq!(must_be_plain(name.as_bytes()), Ok(name));
        }
    }

    #[test]
    fn a_name_that_climbs_out_is_refused() {
        let names = [
            "../x",
            "..",
            "a/../../x",
            "a/..",
            "/etc/passwd",
            "//x",
            r"..\x",
            r"a\b",
            "C:/x",
            "c:x",
            "x:stream",
        ];
        for name in names {
            assert!(
                matches!(must_be_plain(name.as_bytes()), Err(ContainerError::ClimbsOut { .. })),
                "{name}"
            );
        }
    }

    #[test]
    fn a_name_that_could_pass_for_another_is_refused() {
        for name in ["index\u{2024}json", "e\u{301}", "\u{e9}", "a b", "a\nb", "a\u{202e}b", "a%2fb", "~/x"] {
            assert!(
                matches!(must_be_plain(name.as_bytes()), Err(ContainerError::NameNotPlain { .. })),
                "{name}"
            );
        }
        for name in
            ["", ".", "./x", "a//b", "a/", "a./b", "a...", "nul", "AUX.json", "tuf/x/com1.txt", "Lpt9"]
        {
            assert!(
                matches!(must_be_plain(name.as_bytes()), Err(ContainerError::NameReserved { .. })),
                "{name}"
            );
        }
        assert!(matches!(must_be_plain(b"a\xff"), Err(ContainerError::NameNotUtf8 { .. })));
    }
}
