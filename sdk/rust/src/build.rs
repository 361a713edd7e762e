//! Short ways to make the contract's records.

use std::collections::BTreeSet;

use crate::types::{
    Confidence, Evidence, Finding, Format, Info, Prompt, Resource, Rule, Server, Severity, Subject, Tool,
    Transport,
};

/// The longest evidence text the host takes, in bytes of UTF-8.
pub(crate) const MAX_EVIDENCE: usize = 4096;

impl Info {
    /// A component that takes no configuration.
    pub fn new(name: &str, version: &str, summary: &str) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            summary: summary.into(),
            config_schema: String::new(),
        }
    }

    /// With a JSON Schema (2020-12) of the configuration it takes.
    #[must_use]
    pub fn config_schema(mut self, schema: &str) -> Self {
        self.config_schema = schema.into();
        self
    }
}

impl Rule {
    /// A rule of medium confidence, without help or tags.
    pub fn new(id: &str, title: &str, severity: Severity) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            help: String::new(),
            severity,
            confidence: Confidence::Medium,
            tags: Vec::new(),
        }
    }

    /// Markdown: what it is, why it matters, how to fix it.
    #[must_use]
    pub fn help(mut self, markdown: &str) -> Self {
        self.help = markdown.into();
        self
    }

    /// How sure a finding of this rule is unless it says otherwise.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Names in published catalogues: "cwe:78", "owasp-mcp:MCP05".
    #[must_use]
    pub fn tags(mut self, tags: &[&str]) -> Self {
        self.tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        self
    }
}

/// What a finding can be about: a server, or a thing that it listed.
pub trait IntoSubject {
    /// The subject that names this.
    fn subject(&self) -> Subject;
}

impl IntoSubject for Server {
    fn subject(&self) -> Subject {
        Subject { kind: "server".into(), name: String::new() }
    }
}

impl IntoSubject for Tool {
    fn subject(&self) -> Subject {
        Subject { kind: "tool".into(), name: self.name.clone() }
    }
}

impl IntoSubject for Prompt {
    fn subject(&self) -> Subject {
        Subject { kind: "prompt".into(), name: self.name.clone() }
    }
}

impl IntoSubject for Resource {
    fn subject(&self) -> Subject {
        let kind = if self.is_template { "resource-template" } else { "resource" };
        Subject { kind: kind.into(), name: self.uri.clone() }
    }
}

impl IntoSubject for Subject {
    fn subject(&self) -> Subject {
        self.clone()
    }
}

impl Finding {
    /// A finding with the rule's own severity and confidence, without evidence.
    pub fn new(rule: &str, about: &impl IntoSubject, message: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            severity: None,
            confidence: None,
            message: message.into(),
            subject: about.subject(),
            related: Vec::new(),
            evidence: Vec::new(),
            remediation: None,
        }
    }

    /// Another severity than the rule's.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Another confidence than the rule's.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = Some(confidence);
        self
    }

    /// A piece of what was judged. `pointer` is a JSON Pointer into the item as it was sent, or empty.
    /// What is longer than the host takes is cut at the end.
    #[must_use]
    pub fn evidence(mut self, label: &str, text: &str, pointer: &str) -> Self {
        self.evidence.push(Evidence::cut(label, text, pointer));
        self
    }

    /// Another thing that takes part.
    #[must_use]
    pub fn related(mut self, other: &impl IntoSubject) -> Self {
        self.related.push(other.subject());
        self
    }

    /// What to do about this one in particular.
    #[must_use]
    pub fn remediation(mut self, text: impl Into<String>) -> Self {
        self.remediation = Some(text.into());
        self
    }
}

impl Evidence {
    pub(crate) fn cut(label: &str, text: &str, pointer: &str) -> Self {
        let mut end = text.len().min(MAX_EVIDENCE);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = text.get(..end).unwrap_or_default().to_owned();
        Self { label: label.into(), text, pointer: pointer.into() }
    }
}

impl Format {
    /// A text format.
    pub fn text(id: &str, mime: &str, extension: &str, summary: &str) -> Self {
        Self {
            id: id.into(),
            mime: mime.into(),
            extension: extension.into(),
            binary: false,
            summary: summary.into(),
        }
    }
}

impl Server {
    /// A server that presents nothing, reached over stdio: a start for tests.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            title: None,
            version: String::new(),
            protocol_version: String::new(),
            transport: Transport { kind: "stdio".into(), address: String::new(), command: Vec::new() },
            instructions: None,
            capabilities: "{}".into(),
            server_info: "{}".into(),
            tools: Vec::new(),
            prompts: Vec::new(),
            resources: Vec::new(),
            observations: Vec::new(),
        }
    }

    /// A server that presents nothing, reached over HTTP at this URL: a start for tests.
    pub fn at(url: &str) -> Self {
        let transport =
            Transport { kind: "streamable-http".into(), address: url.into(), command: Vec::new() };
        Self { transport, ..Self::named("s") }
    }
}

impl Tool {
    /// A tool without description or parameters: a start for tests.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            title: None,
            description: None,
            input_schema: r#"{"type":"object"}"#.into(),
            output_schema: None,
            annotations: None,
            meta: None,
            extra: "{}".into(),
        }
    }
}

impl Prompt {
    /// A prompt without description or arguments: a start for tests.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            title: None,
            description: None,
            arguments: "[]".into(),
            meta: None,
            extra: "{}".into(),
        }
    }
}

impl Resource {
    /// A resource with this URI and no description: a start for tests.
    pub fn at(uri: &str) -> Self {
        Self {
            uri: uri.into(),
            is_template: false,
            name: String::new(),
            title: None,
            description: None,
            mime_type: None,
            annotations: None,
            meta: None,
            extra: "{}".into(),
        }
    }
}

/// The rules that this call is to judge by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enabled(BTreeSet<String>);

impl Enabled {
    /// These ids.
    pub fn new(ids: impl IntoIterator<Item = String>) -> Self {
        Self(ids.into_iter().collect())
    }

    /// All of these rules.
    pub fn all_of(rules: impl IntoIterator<Item = Rule>) -> Self {
        Self::new(rules.into_iter().map(|rule| rule.id))
    }

    /// Whether the rule with this id is to judge.
    pub fn has(&self, id: &str) -> bool {
        self.0.contains(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_cut_between_characters() {
        let finding = Finding::new("R", &Tool::named("t"), "m").evidence("l", &"é".repeat(4000), "");
        assert_eq!(finding.evidence[0].text.len(), MAX_EVIDENCE);
        let finding = Finding::new("R", &Tool::named("t"), "m").evidence("l", &"€".repeat(4000), "");
        assert_eq!(finding.evidence[0].text.len(), MAX_EVIDENCE - 1);
    }

    #[test]
    fn a_resource_template_is_its_own_kind_of_subject() {
        let template = Resource { is_template: true, ..Resource::at("db://{table}") };
        assert_eq!(
            template.subject(),
            Subject { kind: "resource-template".into(), name: "db://{table}".into() }
        );
    }
}
