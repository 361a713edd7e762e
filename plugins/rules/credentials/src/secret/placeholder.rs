//! What only stands for a secret, and what looks drawn by lot.
//!
//! Whole numbers only: a component must judge alike on every machine.

/// Values that documentation has made known to everybody.
#[rustfmt::skip]
const KNOWN: [&str; 8] = [
    // Stripe, GitHub, Google Maps, Telegram, Slack and AWS print these.
    "4eC39HqLyjWDarjtT1zdp7dc", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
    "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "ABC-DEF1234ghIkl-zyx57W2v1u123ew11", "XXXXXXXXXXXXXXXXXXXXXXXX",
    "wJalrXUtnFEMI", "AKIAI44QH8DHB",
];
/// Words that say that something is to be filled in.
#[rustfmt::skip]
const FILL_IN: [&str; 21] = [
    "example", "xxxx", "your", "placeholder", "sample", "changeme", "change_me", "change-me", "redacted", "insert", "replace",
    "foobar", "todo", "apikey", "api_key", "api-key", "mykey", "****", "....", "goes", "here",
];
/// Words that nobody draws by lot.
#[rustfmt::skip]
const MADE_UP: [&str; 13] = [
    "dummy", "fake", "deadbeef", "token", "secret", "password", "test", "demo", "0000", "1111", "abcdef", "12345", "qwerty",
];

/// Whether this only stands for a secret.
pub(super) fn is(value: &str) -> bool {
    is_to_fill_in(value) || is_made_up(value)
}

/// Whether it has the form of a secret, and somebody made it up.
pub(super) fn is_made_up(value: &str) -> bool {
    let lower = value.to_lowercase();
    MADE_UP.iter().any(|word| lower.contains(word)) || is_sequence(value)
}

/// Whether it is the place of a secret that the reader has.
pub(super) fn is_to_fill_in(value: &str) -> bool {
    let lower = value.to_lowercase();
    value.is_empty()
        || value.contains(['<', '>', '{', '}', '…', '$', '%', '*'])
        || value.contains("...")
        || value.starts_with(['[', '('])
        || KNOWN.iter().any(|known| value.contains(known))
        || FILL_IN.iter().any(|word| lower.contains(word))
        || is_one_character(value)
        || [
            "none",
            "null",
            "undefined",
            "string",
            "true",
            "false",
            "admin",
            "root",
            "guest",
            "user",
            "optional",
            "required",
            "empty",
            "pass",
            "postgres",
            "mysql",
        ]
        .contains(&lower.as_str())
}

fn is_one_character(value: &str) -> bool {
    let mut chars = value.chars();
    chars.next().is_none_or(|first| chars.all(|c| c == first))
}

/// Runs along the alphabet or the keyboard's digits, or on one character.
pub(super) fn is_sequence(value: &str) -> bool {
    let chars: Vec<u32> = value.chars().take(512).map(u32::from).collect();
    let steps = chars.windows(2).filter(|pair| match pair {
        [one, next] => one == next || one.saturating_add(1) == *next || next.saturating_add(1) == *one,
        _ => false,
    });
    chars.len() >= 6 && steps.count().saturating_mul(5) >= chars.len().saturating_mul(2)
}

/// Whether the characters look drawn by lot: many different ones, figures among letters, no sequences.
pub(super) fn is_random(value: &str) -> bool {
    let mut seen = [false; 128];
    let mut different = 0_usize;
    let mut length = 0_usize;
    for byte in value.bytes().take(512) {
        length = length.saturating_add(1);
        if let Some(seen) = seen.get_mut(usize::from(byte))
            && !std::mem::replace(seen, true)
        {
            different = different.saturating_add(1);
        }
    }
    let hex = value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let wanted = match (hex, length) {
        (_, 0..=11) => return false,
        (true, _) => 9,
        (_, 12..=19) => 8,
        (_, 20..=29) => 12,
        _ => 15,
    };
    let figures = value.bytes().any(|byte| byte.is_ascii_digit());
    let letters = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    different >= wanted && figures && letters && !is_sequence(value) && !is_words(value)
}

/// Words with hyphens between them: `my-very-own-key-2`.
fn is_words(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['-', '_', '.', '/']).filter(|part| !part.is_empty()).collect();
    let words = parts
        .iter()
        .filter(|part| {
            part.chars().all(|c| c.is_ascii_lowercase()) || part.chars().all(|c| c.is_ascii_digit())
        })
        .count();
    parts.len() >= 3 && words.saturating_mul(4) >= parts.len().saturating_mul(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_secret_is_none() {
        for value in [
            "AKIAIOSFODNN7EXAMPLE",
            "xxxxxxxxxxxxxxxx",
            "<token>",
            "${TOKEN}",
            "your-api-key",
            "abcdefghijklmnop",
            "1234567890123456",
            "0123456789abcdef0123456789abcdef",
            "sk-...",
            "changeme",
        ] {
            assert!(is(value), "{value}");
        }
    }

    #[test]
    fn words_are_not_drawn_by_lot() {
        assert!(is_random("k9Xv2QmZ7rTb4LwN8pYc"));
        assert!(is_random("9f86d081884c7d659a2feaa0c55ad015"));
        for value in [
            "my-very-own-key-2024",
            "aaaaaaaaaaaaaaaaaaaa1",
            "CamelCaseNameOfAThing",
            "short1",
            "2024-01-01T00:00:00Z",
        ] {
            assert!(!is_random(value), "{value}");
        }
    }
}
