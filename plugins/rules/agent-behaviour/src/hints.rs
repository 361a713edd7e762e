//! What a tool's annotations claim. Only a boolean is a claim; what else stands there is for other rules.

use bartizan_sdk::prelude::*;
use serde_json::Value;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    pub(crate) read_only: Option<bool>,
    pub(crate) destructive: Option<bool>,
    pub(crate) open_world: Option<bool>,
    pub(crate) title: Option<String>,
}

impl Hints {
    pub(crate) fn of(tool: &Tool) -> Option<Self> {
        let annotations = serde_json::from_str::<Value>(tool.annotations.as_deref()?).ok()?;
        let flag = |key: &str| annotations.get(key).and_then(Value::as_bool);
        Some(Self {
            read_only: flag("readOnlyHint"),
            destructive: flag("destructiveHint"),
            open_world: flag("openWorldHint"),
            title: annotations.get("title").and_then(Value::as_str).map(str::to_owned),
        })
    }
}
