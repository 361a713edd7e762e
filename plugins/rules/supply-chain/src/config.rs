//! Which advisories are known: the shipped ones, and those that the user brings.

use serde_json::Value;

/// JSON Schema of the configuration.
pub(crate) const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "advisories": {
      "description": "Records in the OSV format (https://ossf.github.io/osv-schema/), beside the shipped ones.",
      "type": "array",
      "maxItems": 20000,
      "items": { "type": "object", "required": ["id", "affected"] }
    },
    "replace": { "description": "Take these advisories in place of the shipped ones.", "type": "boolean", "default": false }
  }
}"#;

/// Records that are taken.
const MAX_RECORDS: usize = 20_000;

const SHIPPED: &str = include_str!("../data/advisories.json");

/// All records that are to be looked through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Advisories {
    records: Vec<Value>,
}

impl Advisories {
    /// Those that this component was built with.
    pub(crate) fn shipped() -> Self {
        // A test reads them; a component whose data does not read knows none.
        Self { records: serde_json::from_str(SHIPPED).unwrap_or_default() }
    }

    /// Those that the configuration asks for. The error is a sentence for the person who wrote it.
    pub(crate) fn from_config(config: &Value) -> Result<Self, String> {
        let Some(config) = config.as_object() else {
            return Err("the configuration is a JSON object with \"advisories\"".to_owned());
        };
        if let Some(unknown) = config.keys().find(|key| !matches!(key.as_str(), "advisories" | "replace")) {
            return Err(format!(
                "`{}` is no setting; there are `advisories` and `replace`",
                crate::text::clipped(unknown)
            ));
        }
        let given = match config.get("advisories") {
            None => &[],
            Some(Value::Array(records)) => records.as_slice(),
            Some(_) => return Err("`advisories` is a list of OSV records".to_owned()),
        };
        let replace = match config.get("replace") {
            None => false,
            Some(Value::Bool(replace)) => *replace,
            Some(_) => return Err("`replace` is true or false".to_owned()),
        };
        if replace && config.get("advisories").is_none() {
            return Err("`replace` without `advisories` would leave none".to_owned());
        }
        if given.len() > MAX_RECORDS {
            return Err(format!("{} advisories are given; at most {MAX_RECORDS} are taken", given.len()));
        }
        for (index, record) in given.iter().enumerate() {
            check(record).map_err(|why| format!("advisories[{index}] is no OSV record: {why}"))?;
        }
        let mut records = if replace { Vec::new() } else { Self::shipped().records };
        // The user's record of the same id is the newer one.
        records.retain(|record| !given.iter().any(|new| new.get("id") == record.get("id")));
        records.extend(given.iter().cloned());
        Ok(Self { records })
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = &Value> {
        self.records.iter()
    }
}

fn check(record: &Value) -> Result<(), String> {
    let text = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
    };
    if !text(record, "id") {
        return Err("`id` is missing".to_owned());
    }
    // OSV knows records without `affected`; they are about no package.
    let Some(affected) = record.get("affected") else { return Ok(()) };
    let Some(affected) = affected.as_array() else { return Err("`affected` is no list".to_owned()) };
    for (index, one) in affected.iter().enumerate() {
        let Some(package) = one.get("package") else { continue };
        if !text(package, "ecosystem") || !text(package, "name") {
            return Err(format!("affected[{index}].package names no ecosystem or no name"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_shipped_advisories_are_osv_records_with_a_source_each() {
        let shipped = Advisories::shipped();
        assert!(shipped.records.len() > 50);
        for record in &shipped.records {
            check(record).unwrap();
            assert!(
                record["references"][0]["url"].as_str().unwrap().starts_with("https://"),
                "{}",
                record["id"]
            );
            assert!(record["summary"].is_string() && record["database_specific"]["severity"].is_string());
        }
    }

    #[test]
    fn the_users_records_are_added_or_stand_alone() {
        let record = json!({ "id": "X-1", "affected": [] });
        let count = |config: Value| Advisories::from_config(&config).unwrap().records.len();
        let shipped = Advisories::shipped().records.len();
        assert_eq!(count(json!({})), shipped);
        assert_eq!(count(json!({ "advisories": [record] })), shipped + 1);
        assert_eq!(count(json!({ "advisories": [record], "replace": true })), 1);
        let newer = json!({ "id": "GHSA-6xpm-ggf7-wc3p", "withdrawn": "2026-01-01T00:00:00Z" });
        assert_eq!(count(json!({ "advisories": [newer] })), shipped);
    }

    #[test]
    fn what_is_no_advisory_is_refused_with_its_place() {
        for (config, why) in [
            (json!([]), "JSON object"),
            (json!({ "advisory": [] }), "`advisory` is no setting"),
            (json!({ "advisories": {} }), "list of OSV records"),
            (json!({ "advisories": [{ "id": "A" }, {}] }), "advisories[1]"),
            (json!({ "advisories": [{ "id": "A", "affected": [{ "package": {} }] }] }), "affected[0]"),
            (json!({ "replace": true }), "would leave none"),
            (json!({ "replace": "yes", "advisories": [] }), "true or false"),
        ] {
            let error = Advisories::from_config(&config).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
