//! `[[suppress]]`: findings that the project or the user set aside.

use std::path::Path;

use bartizan_model::SuppressedBy;
use bartizan_scan::{Suppression, matcher};
use toml::{Table, Value};

use super::{Wrong, as_str, as_table, each};

const KEYS: &[&str] = &["rule", "subject", "fingerprint", "reason", "owner", "expires"];

/// The tables of this file.
pub(super) fn read(value: &Value, file: &Path) -> Result<Vec<Suppression>, Wrong> {
    let tables = value
        .as_array()
        .ok_or_else(|| Wrong::at("suppress", "it is not a list of tables", "write [[suppress]]"))?;
    (1..).zip(tables).map(|(number, value)| one(value, number, file)).collect()
}

fn one(value: &Value, number: usize, file: &Path) -> Result<Suppression, Wrong> {
    let place = format!("suppress {number}");
    let table = as_table(value, &place)?;
    let (mut rule, mut subject, mut fingerprint, mut reason, mut owner, mut expires) =
        (None, None, None, None, None, None);
    each(table, &place, KEYS, |key, value| {
        let glob = |value| {
            matcher(as_str(value, &place)?)
                .map_err(|error| Wrong::at(&place, error.to_string(), "write a glob such as \"MCP-SEC-*\""))
        };
        match key {
            "rule" => rule = Some(glob(value)?),
            "subject" => subject = Some(glob(value)?),
            "fingerprint" => fingerprint = Some(as_str(value, &place)?.to_owned()),
            "reason" => reason = Some(as_str(value, &place)?.trim().to_owned()),
            "owner" => owner = Some(as_str(value, &place)?.to_owned()),
            _ => expires = Some(date(value, &place)?),
        }
        Ok(())
    })?;
    let rule = match (rule, &fingerprint) {
        (Some(rule), _) => rule,
        (None, Some(_)) => {
            matcher("*").map_err(|error| Wrong::at(&place, error.to_string(), "name a rule"))?
        }
        (None, None) => {
            return Err(Wrong::at(
                &place,
                "it names neither a rule nor a fingerprint",
                "write rule = \"MCP-…\"",
            ));
        }
    };
    let reason = reason.filter(|reason| !reason.is_empty()).ok_or_else(|| {
        Wrong::at(&place, "it has no reason", "say why, for whoever reads the report: reason = \"…\"")
    })?;
    let place = suppressed_at(file, table, number);
    Ok(Suppression { rule, subject, fingerprint, reason, owner, expires, by: SuppressedBy::Config, place })
}

/// A date of TOML, or one in quotes.
fn date(value: &Value, place: &str) -> Result<jiff::civil::Date, Wrong> {
    let text = match value {
        Value::Datetime(date) => date.to_string(),
        other => as_str(other, place)?.to_owned(),
    };
    text.parse()
        .map_err(|error: jiff::Error| Wrong::at(place, error.to_string(), "write a day such as 2027-03-31"))
}

fn suppressed_at(file: &Path, table: &Table, number: usize) -> String {
    let rule =
        table.get("rule").or_else(|| table.get("fingerprint")).and_then(Value::as_str).unwrap_or_default();
    format!("{} [[suppress]] {number}, {rule}", file.display())
}
