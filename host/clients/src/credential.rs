//! What a credential looks like, by the name it goes under and by its own shape.

use crate::reference;

/// Beginnings that services give to the tokens they issue, and the least length of such a token.
const PREFIXES: &[(&str, usize)] = &[
    ("sk-", 20),
    ("sk_live_", 20),
    ("sk_test_", 20),
    ("rk_live_", 20),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xoxa-", 20),
    ("xapp-", 20),
    ("AKIA", 20),
    ("ASIA", 20),
    ("AIza", 30),
    ("ya29.", 20),
    ("hf_", 20),
    ("npm_", 30),
    ("pypi-", 30),
    ("dop_v1_", 30),
    ("SG.", 30),
    ("shpat_", 20),
    ("lin_api_", 20),
    ("ntn_", 20),
    ("figd_", 20),
    ("tvly-", 20),
    ("gsk_", 20),
    ("r8_", 20),
    ("sbp_", 20),
    ("pat-", 20),
    ("dapi", 32),
    ("ATATT", 30),
    ("whsec_", 20),
    ("sntrys_", 20),
    ("sntryu_", 20),
    ("phx_", 20),
    ("pplx-", 20),
    ("fc-", 20),
    ("BSA", 25),
];

/// Words that a name ends in when its value is a credential.
const NAMES: &[&str] = &[
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "authkey",
    "licensekey",
    "credential",
    "credentials",
    "authorization",
    "cookie",
];

/// Words that make a name one of a credential only when they stand alone between separators.
const WORDS: &[&str] = &["key", "pass", "pat", "auth", "bearer", "jwt", "creds", "dsn", "signature", "sig"];

/// Words that say that the value is about a credential and is none.
const ABOUT: &[&str] = &[
    "file", "path", "dir", "folder", "name", "env", "var", "variable", "url", "uri", "endpoint", "host",
    "type", "id", "mode", "method", "scheme", "scope", "scopes", "public", "pub", "max", "min", "limit",
    "no", "disable", "skip", "without", "allow", "require", "required", "enable", "enabled", "ttl", "expiry",
    "timeout", "size", "count", "length", "helper", "provider",
];

/// Values that are choices and no credentials, under whatever name.
const CHOICES: &[&str] = &[
    "true", "false", "yes", "no", "on", "off", "none", "null", "auto", "env", "default", "basic", "bearer",
    "oauth", "oauth2", "jwt", "token", "stdio", "http", "https", "sse", "optional", "required", "disabled",
    "enabled", "local", "",
];

/// The words of a name: split at separators and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in name.chars().take(200) {
        if !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && before.is_ascii_lowercase()) {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a value under this name is a credential, as far as a name can tell.
pub(crate) fn is_named(name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.last() else { return false };
    if ABOUT.contains(&last.as_str()) || words.first().is_some_and(|first| ABOUT.contains(&first.as_str())) {
        return false;
    }
    let joined = words.concat();
    NAMES.iter().any(|end| joined.ends_with(end))
        || words.iter().any(|word| WORDS.contains(&word.as_str()))
            && !words.iter().any(|word| word == "public" || word == "pub")
        // `TOKEN_1`, `GITHUB_TOKEN_PROD`
        || words.iter().any(|word| NAMES.contains(&word.as_str()))
            && !words.iter().any(|word| ABOUT.contains(&word.as_str()))
}

/// Whether this is a token by its own shape, under whatever name.
pub(crate) fn is_shaped(value: &str) -> bool {
    let value = value.trim();
    if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    let issued = PREFIXES.iter().any(|(prefix, least)| {
        value.len() >= *least
            && value.strip_prefix(prefix).is_some_and(|rest| {
                rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
                    // A package called `sk-something-or-other` has words and no digits.
                    && (rest.bytes().any(|byte| byte.is_ascii_digit())
                        || rest.bytes().any(|byte| byte.is_ascii_uppercase()))
            })
    });
    issued || is_jwt(value) || is_random(value)
}

/// Whether a part of a URL's path is no word: long enough to be unguessable, small and capital letters and digits.
pub(crate) fn is_mixed(value: &str) -> bool {
    let has = |test: fn(&u8) -> bool| value.as_bytes().iter().any(test);
    value.len() >= 20
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
}

/// Whether this is a UUID: an id for some services, for others the one thing that opens a URL.
pub(crate) fn is_uuid(value: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    value.len() == 36
        && value.split('-').count() == lengths.len()
        && value
            .split('-')
            .zip(lengths)
            .all(|(part, length)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_jwt(value: &str) -> bool {
    value.starts_with("eyJ") && value.len() > 40 && value.matches('.').count() == 2
}

/// Long, of one kind of characters, and mixed as no word is.
fn is_random(value: &str) -> bool {
    if value.len() < 32 || value.len() > 512 {
        return false;
    }
    let has = |test: fn(&u8) -> bool| value.as_bytes().iter().any(test);
    let digit = has(u8::is_ascii_digit);
    if value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return digit && has(u8::is_ascii_alphabetic);
    }
    // A slash is base64's only where its other marks are: else it is a path's.
    let marked = value.ends_with('=') || value.contains('+');
    let separators = value.bytes().filter(|byte| matches!(byte, b'-' | b'_')).count();
    value.bytes().all(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_')
            || (marked && matches!(byte, b'+' | b'/' | b'='))
    }) && separators <= 4
        && digit
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
}

/// Whether this cannot be a credential even under the name of one: a reference, a choice, a number, a path.
pub(crate) fn is_harmless(value: &str) -> bool {
    let literal = reference::literal(value).trim();
    let rest = without_scheme(literal).1;
    if rest.is_empty() || literal.len() < value.len() && rest.len() < 8 {
        return true;
    }
    // A shell puts in what a command prints.
    if rest.starts_with("$(") || rest.starts_with('`') {
        return true;
    }
    CHOICES.iter().any(|choice| choice.eq_ignore_ascii_case(rest))
        || rest.len() <= 6 && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        || is_path(rest)
}

/// Whether this is a place in a file system.
pub(crate) fn is_path(value: &str) -> bool {
    let drive = matches!(value.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let home = value.starts_with("~/") || value.starts_with("./") || value.starts_with("../");
    // Base64 may begin with a slash too.
    let rooted =
        value.starts_with('/') && (value.matches('/').count() > 1 || value.contains('.') || value.len() < 20);
    (drive || home || rooted || value.starts_with("\\\\")) && !value.contains("://")
}

/// Splits `Bearer x` and its like into the scheme and the rest.
pub(crate) fn without_scheme(value: &str) -> (Option<&str>, &str) {
    let value = value.trim();
    let (word, rest) = value.split_once(' ').unwrap_or((value, ""));
    if ["bearer", "basic", "token", "digest", "apikey", "api-key", "negotiate"]
        .iter()
        .any(|scheme| scheme.eq_ignore_ascii_case(word))
    {
        (Some(word), rest.trim_start())
    } else {
        (None, value)
    }
}

/// Whether this stands where a credential is to be put in.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = without_scheme(value).1.trim();
    let lower = value.to_ascii_lowercase();
    let words = words(&lower);
    let has = |word: &str| words.iter().any(|w| w == word);
    (value.starts_with('<') && value.ends_with('>'))
        || (value.starts_with('[') && value.ends_with(']'))
        || (value.starts_with("{{") && value.ends_with("}}"))
        || has("your")
        || has("my") && words.len() > 1
        || has("changeme")
        || has("placeholder")
        || has("example")
        || has("dummy")
        || has("todo")
        || has("redacted")
        || has("insert")
        || has("replace")
        || has("here") && words.len() > 1
        || lower.starts_with("your")
        || lower.contains("xxxx")
        || lower.contains("...")
        || lower.contains("****")
        || (!value.is_empty()
            && value.chars().all(|c| matches!(c, 'x' | 'X' | '*' | '.' | '0' | '-' | '_' | '…')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_credentials_are_told_from_names_about_them() {
        for name in [
            "API_KEY",
            "apiKey",
            "--api-key",
            "GITHUB_PERSONAL_ACCESS_TOKEN",
            "X-Api-Key",
            "OPENAI_APIKEY",
            "DB_PASSWORD",
            "Authorization",
            "client_secret",
            "TOKEN_PROD",
            "PGPASSWORD",
            "NOTION_TOKEN",
            "auth",
            "Cookie",
            "SENTRY_DSN",
        ] {
            assert!(is_named(name), "{name}");
        }
        for name in [
            "MAX_TOKENS",
            "max-tokens",
            "KEYBOARD",
            "PUBLIC_KEY",
            "API_KEY_FILE",
            "TOKEN_URL",
            "--no-auth",
            "HOME",
            "monkey",
            "author",
            "AWS_PROFILE",
            "tokenizer",
            "KEY_ID",
            "",
            "--",
            "AUTH_TYPE",
            "bearer_token_env_var",
        ] {
            assert!(!is_named(name), "{name}");
        }
    }

    #[test]
    fn tokens_are_told_from_packages_paths_and_digests() {
        for value in [
            "sk-proj-abcdefABCDEF0123456789",
            "ghp_0123456789abcdefghijABCDEFGHIJ456789",
            "AKIAIOSFODNN7EXAMPLE",
            "0123456789abcdef0123456789abcdef",
            "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA",
            "KJWmbR7SbiQpk39ceuf2Cx73FvA-smtEL_C6aRb_1wI",
            "c2VjcmV0OnNlY3JldDEyMzQ1Njc4OTA+YWJj/Q==",
        ] {
            assert!(is_shaped(value), "{value}");
        }
        for value in [
            "@modelcontextprotocol/server-sequential-thinking",
            "mcp-server-some-very-long-name-with-dashes-2",
            "sk-some-package-without-digits",
            "/usr/local/lib/node_modules/server/dist/index.js",
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "00000000000000000000000000000000000",
        ] {
            assert!(!is_shaped(value), "{value}");
        }
    }

    #[test]
    fn a_choice_a_number_a_path_or_a_reference_is_no_credential() {
        for value in [
            "${TOKEN}",
            "Bearer ${TOKEN}",
            "true",
            "4096",
            "/etc/keys/a.pem",
            "~/key",
            "C:\\key.pem",
            "",
            "Bearer",
        ] {
            assert!(is_harmless(value), "{value}");
        }
        for value in ["hunter2", "/AbCdEfGhIjKlMnOpQrStUv", "${A:-0123456789}", "Bearer abc"] {
            assert!(!is_harmless(value), "{value}");
        }
    }

    #[test]
    fn placeholders_are_known() {
        for value in [
            "<your key>",
            "YOUR_API_KEY",
            "your-token-here",
            "xxxxxxxx",
            "sk-...",
            "changeme",
            "Bearer <token>",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["hunter2", "sk-proj-abcdefABCDEF0123456789", "", "myst3ry"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
