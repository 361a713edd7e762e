//! What a tool is openly for: its name, its title and the first sentence of its description.

use bartizan_sdk::prelude::*;

use crate::{
    sink,
    words::{Text, of_identifier},
};

/// Characters of a first sentence that never ends.
const MAX_SENTENCE: usize = 300;

pub(crate) struct Purpose {
    /// Name, title and first sentence together.
    pub(crate) declared: Text,
    /// What the whole description says of every parameter alike. Asked once, because a tool can have many parameters.
    pub(crate) all: sink::Overall,
}

impl Purpose {
    pub(crate) fn of(tool: &Tool) -> Self {
        let description = tool.description.as_deref().unwrap_or_default();
        let name = of_identifier(&tool.name);
        let title = tool.title.as_deref().unwrap_or_default();
        let declared = format!("{}\n{title}\n{}", name.join(" "), first_sentence(description));
        Self { declared: Text::new(&declared), all: sink::Overall::of(&Text::new(description)) }
    }
}

fn first_sentence(text: &str) -> String {
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
        assert!(!purpose.all.unchecked);
    }
}
