//! URI references (RFC 3986) out of paths and addresses that somebody else wrote.

/// The reference of a file, and whether it lies under the folder in which the scan was started.
pub(crate) fn of_path(path: &str) -> (String, bool) {
    if let Some(drive) = windows_drive(path) {
        return (format!("file:///{drive}{}", encode(&path.replace('\\', "/").split_off(2))), false);
    }
    if path.starts_with('/') {
        return (format!("file://{}", encode(path)), false);
    }
    let path = path.trim_start_matches("./");
    // A base id promises that the file is below the base.
    let below = !path.split('/').any(|segment| segment == "..");
    (encode(path), below)
}

/// "C:" of `C:\folder`.
fn windows_drive(path: &str) -> Option<String> {
    let mut chars = path.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    let rest_is_absolute = chars.next() == Some(':') && matches!(chars.next(), Some('/' | '\\'));
    rest_is_absolute.then(|| format!("{letter}:"))
}

/// Host and path of an http address as a relative reference; without user, query and fragment, which may hold
/// secrets.
pub(crate) fn without_scheme(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let rest = rest.get(..end)?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().filter(|host| !host.is_empty())?;
    let segments = std::iter::once(host).chain(path.split('/'));
    let segments: Vec<String> =
        segments.filter(|segment| !matches!(*segment, "" | "." | "..")).map(segment).collect();
    Some(segments.join("/"))
}

/// The text as one segment of a path.
pub(crate) fn segment(text: &str) -> String {
    let encoded = encode(text).replace('/', "%2F");
    match encoded.as_str() {
        // These would mean another folder, or none.
        "" => "_".to_owned(),
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => encoded,
    }
}

/// Percent-encodes every byte but the unreserved ones and `/`. The colon is encoded too: in the first segment it
/// would make a scheme of what is before it.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            out.extend(['%', hex_digit(byte >> 4), hex_digit(byte & 0xf)]);
        }
    }
    out
}

fn hex_digit(four_bits: u8) -> char {
    char::from_digit(four_bits.into(), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_stays_relative() {
        assert_eq!(of_path("./configs/tools.json"), ("configs/tools.json".into(), true));
        assert_eq!(of_path("a b/ü.json"), ("a%20b/%C3%BC.json".into(), true));
        assert_eq!(of_path("javascript:x"), ("javascript%3Ax".into(), true));
    }

    #[test]
    fn a_path_that_leaves_the_folder_has_no_base() {
        assert_eq!(of_path("../other/tools.json"), ("../other/tools.json".into(), false));
    }

    #[test]
    fn an_absolute_path_becomes_a_file_uri() {
        assert_eq!(of_path("/srv/tools.json"), ("file:///srv/tools.json".into(), false));
        assert_eq!(of_path("C:\\srv\\tools.json"), ("file:///C:/srv/tools.json".into(), false));
    }

    #[test]
    fn an_address_loses_its_scheme_and_its_secrets() {
        let short = without_scheme("https://user:pass@mcp.example.com:8443/v1/mcp?key=secret#x");
        assert_eq!(short.as_deref(), Some("mcp.example.com%3A8443/v1/mcp"));
        assert_eq!(without_scheme("http://h/../../etc/./x").as_deref(), Some("h/etc/x"));
        assert_eq!(without_scheme("ftp://h/x"), None);
        assert_eq!(without_scheme("https://"), None);
    }

    #[test]
    fn a_name_cannot_be_a_folder() {
        assert_eq!(segment("../x"), "..%2Fx");
        assert_eq!(segment(".."), "%2E%2E");
        assert_eq!(segment(""), "_");
    }
}
