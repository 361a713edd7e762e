//! What the host saw of a server, as a rule reads it. `docs/observations.md` lists the kinds.
//!
//! What the host tells is short, but a snapshot may come from a file that somebody forged: so it is read within bounds.

use serde_json::Value;

use crate::types::{Observation, Server};

/// How much of what was observed of one kind is read. More says nothing new, and reading costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtMost {
    /// The first this many.
    pub observations: usize,
    /// Bytes of particulars in them together. Those that are too long for what is left are passed over.
    pub bytes: usize,
}

impl Server {
    /// What was observed of this kind, in order: what it is about, and its particulars. One whose particulars are no JSON is
    /// passed over.
    ///
    /// An observation that is not there was not looked for: it says nothing.
    pub fn observed(
        &self,
        kind: &'static str,
        most: AtMost,
    ) -> impl Iterator<Item = (&str, Value)> + use<'_> {
        let observations = self.observations.iter().filter(move |seen| seen.kind == kind);
        let mut left = most.bytes;
        observations
            .take(most.observations)
            .filter(move |seen| {
                let rest = left.checked_sub(seen.detail.len());
                left = rest.unwrap_or(left);
                rest.is_some()
            })
            .filter_map(|seen| Some((seen.about.as_str(), serde_json::from_str(&seen.detail).ok()?)))
    }
}

impl Observation {
    /// An observation of this kind; `detail` is JSON: a start for tests.
    pub fn new(kind: &str, about: &str, detail: impl Into<String>) -> Self {
        Self { kind: kind.into(), about: about.into(), detail: detail.into() }
    }
}

/// The text at this member of the particulars.
pub fn text<'v>(detail: &'v Value, key: &str) -> Option<&'v str> {
    detail.get(key)?.as_str()
}

/// The truth value at this member of the particulars.
pub fn flag(detail: &Value, key: &str) -> Option<bool> {
    detail.get(key)?.as_bool()
}

/// The whole number at this member of the particulars, if it is not negative.
pub fn number(detail: &Value, key: &str) -> Option<u64> {
    detail.get(key)?.as_u64()
}

/// The texts of the list at this member of the particulars; what is no text is passed over.
pub fn texts<'v>(detail: &'v Value, key: &str) -> impl Iterator<Item = &'v str> + use<'v> {
    detail.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: AtMost = AtMost { observations: 3, bytes: 20 };

    fn about(observations: Vec<Observation>) -> Vec<String> {
        let server = Server { observations, ..Server::named("s") };
        server.observed("probe", MOST).map(|(about, _)| about.to_owned()).collect()
    }

    #[test]
    fn only_the_first_of_a_kind_are_read() {
        let mut many: Vec<Observation> =
            ["a", "b", "c", "d"].map(|about| Observation::new("probe", about, "{}")).into();
        many.insert(1, Observation::new("tls", "x", "{}"));
        assert_eq!(about(many), ["a", "b", "c"]);
    }

    #[test]
    fn what_is_too_long_or_no_json_is_passed_over_and_the_rest_is_read() {
        let long = format!("[{}]", "1,".repeat(20));
        let seen = [("a", "[1]"), ("b", long.as_str()), ("c", "[")];
        assert_eq!(about(seen.map(|(about, detail)| Observation::new("probe", about, detail)).into()), ["a"]);
        let half = format!("\"{}\"", "x".repeat(10));
        let seen = [("a", half.as_str()), ("b", half.as_str()), ("c", "7")];
        assert_eq!(
            about(seen.map(|(about, detail)| Observation::new("probe", about, detail)).into()),
            ["a", "c"]
        );
    }

    #[test]
    fn a_member_of_another_type_is_not_there() {
        let detail = serde_json::json!({ "t": "x", "f": true, "n": 7, "l": ["a", 7, "b"] });
        assert_eq!((text(&detail, "t"), text(&detail, "n"), text(&detail, "gone")), (Some("x"), None, None));
        assert_eq!((flag(&detail, "f"), flag(&detail, "t")), (Some(true), None));
        assert_eq!((number(&detail, "n"), number(&detail, "f")), (Some(7), None));
        assert_eq!(texts(&detail, "l").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(texts(&Value::Null, "l").count(), 0);
    }
}
