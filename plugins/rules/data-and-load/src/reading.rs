//! One tool as the rules read it, read once for all of them and dropped before the next.

use bartizan_listing::{Properties, Property, Purpose, Text, of_identifier, properties};
use bartizan_sdk::prelude::*;
use serde_json::Value;

/// Bytes of a description that are read.
const MAX_DESCRIPTION: usize = 4 << 10;

/// What a tool says of itself.
pub(crate) struct Reading<'a> {
    pub(crate) tool: &'a Tool,
    /// The words of its name.
    pub(crate) name: Vec<String>,
    /// Name, title and first sentence.
    pub(crate) declared: Text,
    /// The whole description.
    pub(crate) text: Text,
    /// Its input schema; null if that could not be read.
    pub(crate) schema: &'a Value,
    pub(crate) parameters: Vec<Property<'a>>,
    /// Whether those are all of its parameters.
    pub(crate) whole: bool,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(tool: &'a Tool, schema: &'a Value) -> Self {
        let Purpose { declared, whole: text } = Purpose::of(tool);
        let Properties { list: parameters, whole } = properties(schema);
        let whole = whole && schema.is_object();
        Self { tool, name: of_identifier(&tool.name), declared, text, schema, parameters, whole }
    }

    /// Whether a parameter's name has one of these words.
    pub(crate) fn has_parameter(&self, any: &[&str]) -> bool {
        self.parameters
            .iter()
            .any(|parameter| of_identifier(parameter.name).iter().any(|word| any.contains(&word.as_str())))
    }
}

/// Bytes of it that will be read.
pub(crate) fn cost(tool: &Tool) -> usize {
    let description = tool.description.as_ref().map_or(0, String::len).min(MAX_DESCRIPTION);
    let output = tool.output_schema.as_ref().map_or(0, String::len);
    description.saturating_add(tool.input_schema.len()).saturating_add(output)
}
