//! One workflow command: `::error file=a.json,line=3,title=Title::Message`.

use bartizan_sdk::report::shorten;

/// Characters of a title that the service takes.
const MOST_TITLE: usize = 200;
/// Characters of one paragraph of a message; the service takes 64 KB in all.
const MOST_PARAGRAPH: usize = 2_000;

/// A command in the making.
pub(crate) struct Command {
    name: &'static str,
    properties: Vec<(&'static str, String)>,
    paragraphs: Vec<String>,
}

impl Command {
    /// `name` is "error", "warning" or "notice".
    pub(crate) fn new(name: &'static str, title: &str) -> Self {
        Self { name, properties: Vec::new(), paragraphs: Vec::new() }
            .property("title", &shorten(title, MOST_TITLE))
    }

    pub(crate) fn property(mut self, key: &'static str, value: &str) -> Self {
        self.properties.push((key, value.to_owned()));
        self
    }

    /// A line of the message as the reader sees it.
    pub(crate) fn say(mut self, text: &str) -> Self {
        self.paragraphs.push(shorten(text, MOST_PARAGRAPH));
        self
    }

    pub(crate) fn line(&self) -> String {
        let properties: Vec<String> =
            self.properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
        format!("::{} {}::{}\n", self.name, properties.join(","), data(&self.paragraphs.join("\n")))
    }
}

/// What the runner undoes in a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What the runner undoes in a property: there commas and colons end it too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_line_whatever_it_says() {
        let command =
            Command::new("error", "a\n::set-output name=x::y").say("b\r\n::add-mask::c").say("%0A::error::d");
        assert_eq!(
            command.line(),
            "::error title=a %3A%3Aset-output name=x%3A%3Ay::b ::add-mask::c%0A%250A::error::d\n"
        );
    }

    #[test]
    fn a_property_ends_where_we_end_it() {
        let line = Command::new("error", "t").property("file", "a,line=1::b%2C").line();
        assert_eq!(line, "::error title=t,file=a%2Cline=1%3A%3Ab%252C::\n");
    }
}
