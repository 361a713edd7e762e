//! What a tool is openly for: its name, its title and the first sentence of its description.

use bartizan_sdk::types::Tool;

use crate::words::{Text, of_identifier};

/// Characters of a first sentence that never ends.
const MAX_SENTENCE: usize = 300;

/// What a tool declares itself to be for.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// Name, title and first sentence together.
    pub declared: Text,
    /// The whole description.
    pub whole: Text,
}

impl Purpose {
    /// Reads the tool's name, title and description.
    pub fn of(tool: &Tool) -> Self {
        let description = tool.description.as_deref().unwrap_or_default();
        let name = of_identifier(&tool.name);
        let title = tool.title.as_deref().unwrap_or_default();
        let declared = format!("{}\n{title}\n{}", name.join(" "), first_sentence(description));
        Self { declared: Text::new(&declared), whole: Text::new(description) }
    }
}

/// The first sentence of a description, or the beginning of one that does not end.
pub fn first_sentence(text: &str) -> String {
    let text: String = text.trim_start().chars().take(MAX_SENTENCE).collect();
    let end =
        text.find(". ").or_else(|| text.find(".\n")).or_else(|| text.find("\n\n")).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_purpose_ends_with_the_first_sentence() {
        let tool = Tool {
            description: Some("Converts an image. Passed to the shell.".into()),
            ..Tool::named("convertImage")
        };
        let purpose = Purpose::of(&tool);
        assert!(purpose.declared.has(&["image"]) && !purpose.declared.has(&["shell"]));
        assert!(purpose.whole.has(&["shell"]));
    }
}
