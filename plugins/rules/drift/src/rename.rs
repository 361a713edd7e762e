//! Tools that are what others were, under another name.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use bartizan_sdk::prelude::*;

/// Bytes of a description that tells a tool from others.
const ENOUGH: usize = 20;
/// Tools of one digest that are compared. More are alike: then the first is as good as any.
const MAX_ALIKE: usize = 4;

/// Tools that are gone, by what they were but for the name.
pub(crate) struct Gone<'t> {
    by_digest: HashMap<u64, Vec<&'t Tool>>,
    taken: HashSet<&'t str>,
}

impl<'t> Gone<'t> {
    pub(crate) fn of(tools: &[&'t Tool]) -> Self {
        let mut by_digest: HashMap<u64, Vec<&'t Tool>> = HashMap::new();
        for tool in tools.iter().rev() {
            if let Some(digest) = digest(tool) {
                by_digest.entry(digest).or_default().push(tool);
            }
        }
        Self { by_digest, taken: HashSet::new() }
    }

    /// The tool that this one was, if it was one of those; once for each.
    pub(crate) fn take(&mut self, new: &Tool) -> Option<&'t Tool> {
        let list = self.by_digest.get_mut(&digest(new)?)?;
        let same = |old: &&Tool| old.description == new.description && old.input_schema == new.input_schema;
        // The first that went is at the end.
        let at = list.iter().rev().take(MAX_ALIKE).position(same)?;
        let old = list.remove(list.len().checked_sub(at.saturating_add(1))?);
        self.taken.insert(&old.name);
        Some(old)
    }

    /// Whether it was taken for another.
    pub(crate) fn is_taken(&self, old: &Tool) -> bool {
        self.taken.contains(old.name.as_str())
    }
}

fn digest(tool: &Tool) -> Option<u64> {
    let description = tool.description.as_deref().filter(|text| text.len() > ENOUGH)?;
    let mut hasher = DefaultHasher::new();
    (description, tool.input_schema.as_str()).hash(&mut hasher);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(name: &str, description: &str) -> Tool {
        Tool { description: Some(description.into()), ..Tool::named(name) }
    }

    #[test]
    fn each_tool_that_is_gone_is_taken_once_and_the_first_first() {
        let [a, b] = ["a", "b"].map(|name| tool(name, "Lists all of the notes."));
        let mut gone = Gone::of(&[&a, &b]);
        let names: Vec<Option<&str>> = (0..3)
            .map(|_| gone.take(&tool("c", "Lists all of the notes.")).map(|tool| tool.name.as_str()))
            .collect();
        assert_eq!(names, [Some("a"), Some("b"), None]);
        assert!(gone.is_taken(&a) && gone.is_taken(&b));
    }

    #[test]
    fn a_short_description_or_another_schema_is_no_sign() {
        let old = tool("a", "Lists.");
        assert!(Gone::of(&[&old]).take(&tool("b", "Lists.")).is_none());
        let old = tool("a", "Lists all of the notes.");
        let new = Tool { input_schema: "{}".into(), ..tool("b", "Lists all of the notes.") };
        assert!(Gone::of(&[&old]).take(&new).is_none());
    }
}
