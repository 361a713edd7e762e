//! Data for components that stands in a file of its own: `{ "$file" = "advisories.json" }` anywhere in a `config`.
//!
//! Components can read no file, and what is shipped with one must be replaceable without a network.

use std::path::Path;

use serde_json::Value;

/// The member that stands alone in such an object.
const MEMBER: &str = "$file";
/// The most that one file may hold, in bytes: it is handed to a component, which has 16 MiB for everything.
const MAX_BYTES: u64 = 8 << 20;

/// The value with the content of every file that it names. Relative paths start at `folder`.
pub(super) fn put_in(value: Value, folder: &Path) -> Result<Value, String> {
    match value {
        Value::Object(members) => match members.get(MEMBER) {
            Some(Value::String(path)) if members.len() == 1 => read(&folder.join(super::home_expanded(path))),
            _ => {
                let each = members.into_iter().map(|(key, value)| Ok((key, put_in(value, folder)?)));
                each.collect::<Result<_, String>>().map(Value::Object)
            }
        },
        Value::Array(values) => {
            values.into_iter().map(|value| put_in(value, folder)).collect::<Result<_, _>>().map(Value::Array)
        }
        other => Ok(other),
    }
}

fn read(path: &Path) -> Result<Value, String> {
    let unreadable = |error: std::io::Error| format!("cannot read `{}`: {error}", path.display());
    let bytes = crate::bounded::read(path, MAX_BYTES).map_err(unreadable)?;
    serde_json::from_slice(&bytes).map_err(|error| format!("`{}` is not JSON: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_takes_the_place_of_what_names_it() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("data.json"), "[1, 2]").unwrap();
        let config = json!({"list": {"$file": "data.json"}, "deep": [{"$file": "data.json"}], "$file": 3});
        assert_eq!(put_in(config, folder.path()), Ok(json!({"list": [1, 2], "deep": [[1, 2]], "$file": 3})));
    }

    #[test]
    fn a_file_that_is_not_there_or_not_json_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("bad.json"), "{").unwrap();
        for name in ["missing.json", "bad.json"] {
            let why = put_in(json!({"$file": name}), folder.path()).unwrap_err();
            assert!(why.contains(name), "{why}");
        }
    }
}
