//! What the host saw around a launch: the observation "launch".

use bartizan_sdk::{
    observed::{AtMost, flag},
    prelude::*,
};
use serde_json::Value;

/// Variables of one launch that are read.
const MAX_VARIABLES: usize = 256;

/// A variable of the environment the server gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// As much of the value as is known: the whole of it from a command line, its first characters from a configuration.
    pub(crate) value: String,
    /// Characters in the value.
    pub(crate) length: Option<u64>,
    /// Whether the configuration holds the value itself, and does not refer to one.
    pub(crate) literal: bool,
}

/// What is around a command line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Around {
    pub(crate) env: Vec<Variable>,
    pub(crate) script: Script,
    /// The configuration file.
    pub(crate) config: String,
    /// Any account of the machine can write the configuration file.
    pub(crate) config_world_writable: bool,
    /// Every call is made without asking.
    pub(crate) approves_all: bool,
    /// The entry is switched off.
    pub(crate) disabled: bool,
}

/// The file that is run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) path: String,
    pub(crate) exists: Option<bool>,
    pub(crate) world_writable: bool,
    pub(crate) foreign_owner: bool,
    pub(crate) in_tmp: bool,
}

/// The words and the surroundings of each launch that was observed.
pub(crate) fn launches(server: &Server, at_most: usize) -> Vec<(Vec<String>, Around)> {
    let most = AtMost { observations: at_most, bytes: usize::MAX };
    server.observed("launch", most).map(|(_, detail)| (words(&detail), around(&detail))).collect()
}

fn words(detail: &Value) -> Vec<String> {
    let command = detail.get("command").and_then(Value::as_str).filter(|command| !command.is_empty());
    let Some(command) = command else { return Vec::new() };
    let args = list(detail, "args").filter_map(Value::as_str).map(str::to_owned);
    std::iter::once(command.to_owned()).chain(args.take(super::MAX_WORDS)).collect()
}

fn around(detail: &Value) -> Around {
    let config_file = detail.get("config_file").unwrap_or(&Value::Null);
    Around {
        env: list(detail, "env").take(MAX_VARIABLES).filter_map(variable).collect(),
        script: detail.get("script").map(script).unwrap_or_default(),
        config: text(detail, "config").to_owned(),
        config_world_writable: flag(config_file, "world_writable") == Some(true),
        approves_all: list(detail, "auto_approved").any(|name| name == "*"),
        disabled: flag(detail, "disabled") == Some(true),
    }
}

fn variable(value: &Value) -> Option<Variable> {
    Some(Variable {
        name: value.get("name")?.as_str()?.to_owned(),
        value: text(value, "prefix").to_owned(),
        length: value.get("length").and_then(Value::as_u64),
        literal: flag(value, "literal").unwrap_or(true),
    })
}

fn script(value: &Value) -> Script {
    let is = |key| flag(value, key) == Some(true);
    Script {
        path: text(value, "path").to_owned(),
        exists: flag(value, "exists"),
        world_writable: is("world_writable"),
        foreign_owner: is("foreign_owner"),
        in_tmp: is("in_tmp"),
    }
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
