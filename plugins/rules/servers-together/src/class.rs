//! What a tool has to do with a flow: reads what strangers write, reaches what is private, leads out.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{
    lexicon::{PRIVATE, PUBLIC, READS, RUNS, SEEN, SENDS, STRANGERS, TAKES_TEXT, WEB, WRITES},
    words::{Sentence, of_identifier, sentences},
};

/// Parameters of a tool that are looked at.
const MAX_PARAMETERS: usize = 200;

/// A side of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Untrusted,
    Private,
    Out,
}

impl Side {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Untrusted => "in",
            Self::Private => "private",
            Self::Out => "out",
        }
    }

    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Untrusted => "reads what strangers write",
            Self::Private => "reaches private data",
            Self::Out => "leads out",
        }
    }
}

/// What a tool is for, as far as that can be seen.
struct Look {
    name: Vec<String>,
    declared: Sentence,
    parameters: Vec<String>,
    reads_only: bool,
}

/// The sides on which this tool stands, and whether it plainly does.
pub(crate) fn of(tool: &Tool) -> Vec<(Side, bool)> {
    let look = Look::at(tool);
    let sides =
        [(Side::Untrusted, look.untrusted()), (Side::Private, look.private()), (Side::Out, look.out())];
    sides.into_iter().filter_map(|(side, plain)| Some((side, plain?))).collect()
}

impl Look {
    fn at(tool: &Tool) -> Self {
        let name = of_identifier(&tool.name);
        let text = tool.description.as_deref().unwrap_or_default();
        let first = sentences(crate::fact::cut(text, 400)).into_iter().next().unwrap_or_default();
        let mut declared = first;
        declared.words.truncate(40);
        let schema: Value = serde_json::from_str(&tool.input_schema).unwrap_or_default();
        let properties = schema.get("properties").and_then(Value::as_object);
        let parameters = properties.into_iter().flatten().take(MAX_PARAMETERS);
        // What takes one of a list, or no text at all, carries nothing out.
        let parameters = parameters.filter(|(_, node)| {
            node.get("enum").is_none()
                && !matches!(node.get("type").and_then(Value::as_str), Some("integer" | "number" | "boolean"))
        });
        let parameters = parameters.flat_map(|(name, _)| of_identifier(name)).collect();
        let annotations: Value =
            tool.annotations.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Self {
            name,
            declared,
            parameters,
            reads_only: annotations.get("readOnlyHint") == Some(&Value::Bool(true)),
        }
    }

    fn named(&self, any: &[&str]) -> bool {
        self.name.iter().any(|word| any.contains(&word.as_str()))
    }

    fn says(&self, any: &[&str]) -> bool {
        self.named(any) || self.declared.has(any)
    }

    fn takes(&self, any: &[&str]) -> bool {
        self.parameters.iter().any(|word| any.contains(&word.as_str()))
    }

    /// Its name begins with a verb that writes: what it reads is not what it is for.
    fn is_writer(&self) -> bool {
        let verb = |word: &String| WRITES.contains(&word.as_str());
        !self.reads_only
            && (self.name.first().is_some_and(verb) || self.name.get(1).is_some_and(verb))
            && !self.named(&READS)
    }

    fn runs(&self) -> bool {
        self.named(&RUNS) && self.takes(&["command", "cmd", "script", "code"])
    }

    fn untrusted(&self) -> Option<bool> {
        if self.is_writer() || self.says(&PUBLIC) && !self.takes(&["url", "uri"]) {
            return None;
        }
        let web = self.says(&WEB) || self.named(&["scrape", "crawl", "fetch", "navigate"]);
        let any_url = self.takes(&["url", "urls", "uri"]);
        if web && any_url && (self.says(&READS) || self.named(&["navigate", "browse", "goto"])) {
            return Some(true);
        }
        if self.named(&STRANGERS) && self.says(&READS) {
            return Some(true);
        }
        (web && self.says(&["search", "searches"])).then_some(false)
    }

    fn private(&self) -> Option<bool> {
        if self.runs() {
            return Some(false);
        }
        if self.is_writer() || self.says(&PUBLIC) || self.takes(&["url", "uri"]) {
            return None;
        }
        let reads = self.says(&READS) || self.named(&["query", "select", "cat", "sql"]);
        if !reads {
            return None;
        }
        if self.takes(&["sql"]) || self.named(&["sql"]) {
            return Some(true);
        }
        let file = self.takes(&["path", "paths", "file", "filename", "filepath"])
            && self.named(&["read", "get", "cat", "load", "file", "open"]);
        let mail = self.named(&[
            "email",
            "emails",
            "mail",
            "inbox",
            "gmail",
            "secret",
            "secrets",
            "credentials",
            "contacts",
            "env",
        ]);
        if (file && self.says(&["file", "files", "document", "documents"])) || mail {
            return Some(true);
        }
        self.named(&PRIVATE).then_some(false)
    }

    fn out(&self) -> Option<bool> {
        if self.runs() {
            return Some(false);
        }
        let method = self.takes(&["method"])
            && self.takes(&["body", "data", "payload"])
            && self.takes(&["url", "endpoint", "uri"]);
        if method {
            return Some(true);
        }
        if !self.reads_only && self.named(&SENDS) && self.says(&SEEN) && self.takes(&TAKES_TEXT) {
            let anywhere = self.takes(&[
                "to",
                "recipient",
                "recipients",
                "url",
                "webhook",
                "endpoint",
                "channel",
                "cc",
                "bcc",
                "chat",
                "phone",
                "address",
                "repo",
                "owner",
            ]);
            return Some(anywhere);
        }
        // Whoever can be asked for any address learns what stands in it.
        let any_url = self.takes(&["url", "urls", "uri"])
            && (self.says(&WEB) || self.named(&["fetch", "navigate", "scrape", "crawl", "goto"]));
        any_url.then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(name: &str, description: &str, parameters: &[&str]) -> Vec<(&'static str, bool)> {
        let properties: serde_json::Map<String, Value> = parameters
            .iter()
            .map(|name| ((*name).to_owned(), serde_json::json!({ "type": "string" })))
            .collect();
        let schema = serde_json::json!({ "type": "object", "properties": properties }).to_string();
        let tool = Tool { description: Some(description.into()), input_schema: schema, ..Tool::named(name) };
        of(&tool).into_iter().map(|(side, plain)| (side.code(), plain)).collect()
    }

    #[test]
    fn a_tool_stands_where_it_says() {
        assert_eq!(
            sides("fetch", "Fetches a URL from the internet.", &["url"]),
            [("in", true), ("out", false)]
        );
        assert_eq!(sides("read_file", "Read the contents of a file.", &["path"]), [("private", true)]);
        assert_eq!(sides("send_email", "Sends an email.", &["to", "subject", "body"]), [("out", true)]);
        assert_eq!(sides("list_issues", "List issues in a repository.", &["owner", "repo"]), [("in", true)]);
        assert_eq!(
            sides("create_issue", "Create a new issue.", &["owner", "repo", "title", "body"]),
            [("out", true)]
        );
        assert_eq!(sides("execute_sql", "Executes a SQL query.", &["sql"]), [("private", true)]);
        assert_eq!(sides("query", "Run a read-only SQL query", &["sql"]), [("private", true)]);
        assert_eq!(
            sides("search_emails", "Search the inbox.", &["query"]),
            [("in", true), ("private", true)]
        );
        assert_eq!(
            sides("run_command", "Run a shell command.", &["command"]),
            [("private", false), ("out", false)]
        );
    }

    #[test]
    fn tools_of_no_flow_stand_nowhere() {
        for (name, description, parameters) in [
            ("add", "Adds two numbers.", &["a", "b"][..]),
            ("get_current_time", "Get the time in a time zone.", &["timezone"]),
            ("search_wikipedia", "Search Wikipedia for articles.", &["query"]),
            ("search_papers", "Search arXiv for papers.", &["query"]),
            ("create_directory", "Create a directory.", &["path"]),
            ("delete_file", "Delete a file.", &["path"]),
        ] {
            assert_eq!(sides(name, description, parameters), [], "{name}");
        }
    }
}
