//! Limits as a manifest writes them: `memory = "64MiB"`.

use bartizan_registry::AskedLimits;
use serde::{Deserialize, Deserializer, de};

/// The units a size may have, and what they multiply by.
const UNITS: &[(&str, u64)] = &[("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// `limits` of a manifest: what the component asks to be raised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestLimits {
    /// Linear memory, as "64MiB".
    #[serde(default, deserialize_with = "size")]
    memory: Option<u64>,
    /// Fuel for one call.
    #[serde(default)]
    fuel: Option<u64>,
}

impl ManifestLimits {
    /// As they are signed.
    pub fn asked(self) -> AskedLimits {
        AskedLimits { memory: self.memory, fuel: self.fuel }
    }
}

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    bytes(&text).map(Some).ok_or_else(|| {
        de::Error::custom(format!("`{}` is not a size such as \"64MiB\"", bartizan_model::printable(&text)))
    })
}

fn bytes(text: &str) -> Option<u64> {
    let (number, unit) =
        UNITS.iter().find_map(|&(unit, factor)| text.strip_suffix(unit).map(|number| (number, factor)))?;
    // `parse` would take a sign.
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_whole_number_with_a_unit() {
        assert_eq!(bytes("64MiB"), Some(64 << 20));
        assert_eq!(bytes("1GiB"), Some(1 << 30));
        assert_eq!(bytes("512B"), Some(512));
        for wrong in
            ["64", "64MB", "-1MiB", "+1MiB", "1.5MiB", "MiB", "", "64 MiB", "99999999999999999999GiB"]
        {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_unknown_limit_is_refused() {
        let read = |json: &str| serde_json::from_str::<ManifestLimits>(json);
        assert_eq!(
            read(r#"{"memory": "1MiB", "fuel": 7}"#).unwrap().asked(),
            AskedLimits { memory: Some(1 << 20), fuel: Some(7) }
        );
        assert!(read(r#"{"memroy": "1MiB"}"#).is_err());
        assert!(read(r#"{"memory": 5}"#).is_err());
    }
}
