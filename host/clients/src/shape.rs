//! What rules may know of a value without knowing it.

use serde_json::{Map, Value, json};

use crate::{
    credential::{is_named, is_path, is_placeholder, is_shaped, without_scheme},
    reference,
};

/// Values at least this long show how they begin: a service's prefix is no secret, a short password is.
const SHOWS_START: usize = 20;

/// The shape of a value under a name: everything of it that is no secret.
pub(crate) fn of(name: &str, value: &str) -> Value {
    let references = reference::names(value);
    let literal = reference::literal(value).trim();
    let (scheme, rest) = without_scheme(literal);
    let mut shape = Map::new();
    shape.insert("name".into(), json!(name));
    shape.insert("literal".into(), json!(references.is_empty() && !rest.is_empty()));
    if !references.is_empty() {
        shape.insert("references".into(), json!(references));
    }
    if let Some(scheme) = scheme {
        shape.insert("scheme".into(), json!(scheme));
    }
    shape.insert("length".into(), json!(rest.chars().count()));
    shape.insert("charset".into(), json!(charset(rest)));
    shape.insert("form".into(), json!(form(rest)));
    shape.insert("entropy".into(), json!(entropy(rest)));
    shape.insert("placeholder".into(), json!(is_placeholder(rest)));
    shape.insert("named_secret".into(), json!(is_named(name)));
    shape.insert("token_shaped".into(), json!(is_shaped(rest)));
    if rest.chars().count() >= SHOWS_START {
        shape.insert("prefix".into(), json!(rest.chars().take(4).collect::<String>()));
    }
    Value::Object(shape)
}

/// Whether a value written down is a credential, as far as can be told without trying it.
pub(crate) fn is_credential(name: &str, value: &str) -> bool {
    let literal = reference::literal(value).trim();
    let rest = without_scheme(literal).1;
    if is_placeholder(rest) {
        return false;
    }
    is_shaped(rest)
        || (is_named(name) && rest.len() >= 8 && reference::names(value).is_empty() && form(rest) == "other")
}

fn charset(text: &str) -> &'static str {
    let all = |test: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(test);
    if is_path(text) {
        "text"
    } else if all(u8::is_ascii_hexdigit) {
        "hex"
    } else if all(u8::is_ascii_alphanumeric) {
        "alnum"
    } else if all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')) {
        "base64"
    } else {
        "text"
    }
}

fn form(text: &str) -> &'static str {
    if let Some((_, rest)) = text.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let password = authority
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'))
            .map(|(_, password)| password);
        return if password.is_some_and(|password| !password.is_empty()) {
            "url-with-password"
        } else {
            "url"
        };
    }
    let lower = text.to_ascii_lowercase();
    if is_path(text) {
        "path"
    } else if matches!(lower.as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "1" | "0") {
        "boolean"
    } else if !text.is_empty() && text.len() < 20 && text.parse::<f64>().is_ok() {
        "number"
    } else {
        "other"
    }
}

/// Shannon's, in bits a character, to a tenth: words have about 3, random hex 4, random base64 more than 4.5 from 40 on.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes().take(4_096) {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count = count.saturating_add(1);
        }
    }
    let total: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    let bits: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum();
    (bits * 10.0).round() / 10.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_tells_a_token_from_a_reference_a_setting_and_a_placeholder() {
        let token = of("GITHUB_TOKEN", "ghp_0123456789abcdefghijABCDEFGHIJ456789");
        assert_eq!((token["literal"].clone(), token["prefix"].clone()), (json!(true), json!("ghp_")));
        assert_eq!((token["charset"].clone(), token["length"].clone()), (json!("base64"), json!(40)));
        let header = of("Authorization", "Bearer 0123456789abcdef0123456789abcdef");
        assert_eq!((header["scheme"].clone(), header["charset"].clone()), (json!("Bearer"), json!("hex")));
        assert_eq!(header["length"], 32);
        let reference = of("Authorization", "Bearer ${TOKEN}");
        assert_eq!(
            (reference["literal"].clone(), reference["references"].clone()),
            (json!(false), json!(["TOKEN"]))
        );
        assert_eq!(reference["length"], 0);
        let default = of("TOKEN", "${TOKEN:-hunter2hunter2}");
        assert_eq!((default["literal"].clone(), default["length"].clone()), (json!(false), json!(14)));
        for (value, form) in
            [("/var/lib/x.db", "path"), ("8080", "number"), ("true", "boolean"), ("https://a/", "url")]
        {
            assert_eq!(of("X", value)["form"], form);
        }
        assert_eq!(of("DSN", "postgres://u:p@h/d")["form"], "url-with-password");
        assert_eq!(of("K", "YOUR_API_KEY")["placeholder"], true);
    }

    #[test]
    fn a_short_value_shows_nothing_of_itself() {
        let shape = of("PASSWORD", "canarycanarycanary");
        assert!(shape.get("prefix").is_none());
        assert!(!shape.to_string().contains("cana"));
    }

    #[test]
    fn an_empty_value_has_a_shape_too() {
        assert_eq!(of("X", "")["entropy"], json!(0.0));
        assert_eq!(of("X", "")["literal"], json!(false));
    }

    #[test]
    fn only_what_is_written_down_is_a_credential() {
        assert!(is_credential("API_KEY", "hunter2hunter2"));
        assert!(is_credential("X", "ghp_0123456789abcdefghijABCDEFGHIJ456789"));
        for (name, value) in [
            ("API_KEY", "${API_KEY}"),
            ("API_KEY", "your-api-key-here"),
            ("API_KEY", "/etc/keys/api.key"),
            ("LOG_LEVEL", "information"),
            ("TOKEN", "none"),
        ] {
            assert!(!is_credential(name, value), "{name}={value}");
        }
    }
}
