//! What a schema leaves room for.

use bartizan_listing::{FreeText, Property};

/// Values no longer than this hold neither a command nor an address of any use.
const SHORT: u64 = 8;

/// Whether something can be injected: the value is free text, and nothing restricts it.
pub(crate) fn is_open(property: &Property<'_>) -> bool {
    property.text.is_some_and(|text| !is_restricted(&text))
}

/// Whether the schema leaves too little room for anything to be injected.
fn is_restricted(text: &FreeText<'_>) -> bool {
    const NARROW: [&str; 13] = [
        "uuid",
        "date",
        "date-time",
        "time",
        "duration",
        "email",
        "idn-email",
        "ipv4",
        "ipv6",
        "hostname",
        "idn-hostname",
        "regex",
        "json-pointer",
    ];
    text.format.is_some_and(|format| NARROW.contains(&format))
        || text.max_length.is_some_and(|max| max <= SHORT)
        || text.pattern.is_some_and(is_narrow)
}

/// Whether the pattern fixes the whole value to an alphabet, or a URL to a host. One that only asks for a beginning, or
/// has a wildcard, leaves it open.
fn is_narrow(pattern: &str) -> bool {
    let Some(inner) = pattern.strip_prefix('^') else { return false };
    if let Some(rest) = inner.strip_prefix("https://").or_else(|| inner.strip_prefix("https:\\/\\/")) {
        return rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    }
    let Some(inner) = inner.strip_suffix('$') else { return false };
    let mut escaped = false;
    let mut class = false;
    for c in inner.chars() {
        match c {
            _ if escaped => {
                // `\S`, `\W` and `\D` are nearly everything.
                if matches!(c, 'S' | 'W' | 'D') {
                    return false;
                }
                escaped = false;
            }
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '.' if !class => return false,
            // A class of what is not allowed.
            '^' if class => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_restricts_is_told_from_one_that_does_not() {
        for pattern in
            ["^[A-Za-z0-9_-]+$", "^[\\w.-]{1,64}$", "^(up|down)$", "^https://api\\.example\\.com/", "^\\d+$"]
        {
            assert!(is_narrow(pattern), "{pattern}");
        }
        for pattern in
            [".*", "^.+$", "^/workspace/.*$", "[a-z]+", "^[^;]+$", "^\\S+$", "^https://.*", "^https?://", ""]
        {
            assert!(!is_narrow(pattern), "{pattern}");
        }
    }
}
