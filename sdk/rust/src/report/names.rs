//! What findings are about and what rules are known by, in the words that every reporter uses.

use super::{Rule, Subject, visible};

impl Subject {
    /// "tool `add`" without the quotes: what it is within its server, on one line.
    pub fn item(&self) -> String {
        match self.kind.as_str() {
            "server" => "the server itself".to_owned(),
            "resource-template" => format!("resource template {}", visible(&self.name)),
            kind => format!("{} {}", visible(kind), visible(&self.name)),
        }
    }

    /// The item and its server, on one line.
    pub fn in_full(&self) -> String {
        if self.kind == "server" {
            format!("server {}", visible(&self.server))
        } else {
            format!("{} of {}", self.item(), visible(&self.server))
        }
    }
}

impl Rule {
    /// The numbers of the weaknesses (CWE) it names, digits only.
    pub fn weaknesses(&self) -> impl Iterator<Item = &str> {
        let numbers = self.tags.iter().filter_map(|tag| tag.strip_prefix("cwe:"));
        numbers.filter(|number| (1..=6).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Confidence, Severity};

    #[test]
    fn a_subject_is_named_with_its_server() {
        let tool = Subject {
            kind: "tool".into(),
            server: "weather".into(),
            name: "add\u{200b}".into(),
            path: None,
            position: None,
        };
        assert_eq!(tool.in_full(), "tool add\\u{200b} of weather");
        let server = Subject { kind: "server".into(), name: String::new(), ..tool };
        assert_eq!(server.in_full(), "server weather");
    }

    #[test]
    fn only_numbers_are_weaknesses() {
        let tags =
            ["cwe:78", "cwe:", "cwe:1/../x", "owasp-mcp:MCP05", "cwe:1427"].map(str::to_owned).to_vec();
        let rule = Rule {
            id: "R-1".into(),
            title: String::new(),
            help: String::new(),
            severity: Severity::Low,
            confidence: Confidence::Low,
            tags,
            component: String::new(),
        };
        assert_eq!(rule.weaknesses().collect::<Vec<_>>(), ["78", "1427"]);
    }
}
