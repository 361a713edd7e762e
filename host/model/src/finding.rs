//! What a rule found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ComponentRef, Confidence, Digest, Position, Severity};

/// One thing that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// Of this finding; the rule's own unless the component said otherwise.
    pub severity: Severity,
    /// Of this finding; the rule's own unless the component said otherwise.
    pub confidence: Confidence,
    /// One or two sentences of plain text.
    pub message: String,
    /// What it is about.
    pub subject: Subject,
    /// Other things that take part.
    pub related: Vec<Subject>,
    /// The reasons, as they stand in what was judged. Hostile text.
    pub evidence: Vec<Evidence>,
    /// What to do about it, where the component said more than the rule's help does.
    pub remediation: Option<String>,
    /// Stays the same over runs, machines and versions of the rule as long as the same rule finds the same thing in the same place.
    pub fingerprint: String,
    /// The component that found it.
    pub plugin: ComponentRef,
    /// What the component held it for, where the user's configuration holds it for something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_severity: Option<Severity>,
}

impl Finding {
    /// The fingerprint of a finding with these particulars.
    ///
    /// It leaves out message, severity and version, which a newer rule may word or weigh otherwise, and the
    /// server's version, so that an update of the server does not bring every accepted finding back. It holds the
    /// evidence, so that a *changed* description is a new finding.
    pub fn fingerprint_of(rule: &str, subject: &Subject, evidence: &[Evidence]) -> String {
        let mut parts: Vec<&[u8]> = vec![
            b"bartizan-1",
            rule.as_bytes(),
            subject.kind.as_str().as_bytes(),
            subject.server.as_bytes(),
            subject.name.as_bytes(),
        ];
        for piece in evidence {
            parts.extend([piece.pointer.as_bytes(), piece.text.as_bytes()]);
        }
        Digest::of_parts(&parts).to_string().chars().take(32).collect()
    }

    /// Whether things of several servers take part.
    pub fn is_cross_server(&self) -> bool {
        self.related.iter().any(|other| other.server != self.subject.server)
    }

    /// Worst first, then by rule, subject and fingerprint: the order every report is in, whatever order the components finished in.
    pub fn report_order(&self, other: &Self) -> std::cmp::Ordering {
        other
            .severity
            .cmp(&self.severity)
            .then_with(|| other.confidence.cmp(&self.confidence))
            .then_with(|| self.rule.cmp(&other.rule))
            .then_with(|| self.subject.sort_key().cmp(&other.subject.sort_key()))
            .then_with(|| self.fingerprint.cmp(&other.fingerprint))
            .then_with(|| self.message.cmp(&other.message))
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Which sort of thing.
    pub kind: SubjectKind,
    /// Name of the server it belongs to.
    pub server: String,
    /// Name of the tool or prompt, URI of the resource; empty for the server itself.
    pub name: String,
    /// The file it was read from, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Where it stands in that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

impl Subject {
    fn sort_key(&self) -> (&str, SubjectKind, &str) {
        (&self.server, self.kind, &self.name)
    }
}

/// The sorts of thing that a finding can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// The server as a whole.
    Server,
    /// One of its tools.
    Tool,
    /// One of its prompts.
    Prompt,
    /// One of its resources.
    Resource,
    /// One of its resource templates.
    ResourceTemplate,
}

impl SubjectKind {
    /// The code used in the contract and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Tool => "tool",
            Self::Prompt => "prompt",
            Self::Resource => "resource",
            Self::ResourceTemplate => "resource-template",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Server, Self::Tool, Self::Prompt, Self::Resource, Self::ResourceTemplate]
            .into_iter()
            .find(|kind| kind.as_str() == code)
    }
}

/// A piece of what was judged, shown as a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What it is, in a few words.
    pub label: String,
    /// The text. Hostile.
    pub text: String,
    /// JSON Pointer (RFC 6901) into the item as it was sent; empty for the whole item.
    pub pointer: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(name: &str) -> Subject {
        Subject { kind: SubjectKind::Tool, server: "s".into(), name: name.into(), path: None, position: None }
    }

    fn evidence(text: &str) -> Evidence {
        Evidence { label: "description".into(), text: text.into(), pointer: "/description".into() }
    }

    #[test]
    fn a_fingerprint_does_not_see_where_the_file_lies() {
        let moved = Subject {
            path: Some("/elsewhere.json".into()),
            position: Some(Position { line: 9, column: 0 }),
            ..subject("t")
        };
        assert_eq!(
            Finding::fingerprint_of("R-1", &subject("t"), &[evidence("x")]),
            Finding::fingerprint_of("R-1", &moved, &[evidence("x")])
        );
    }

    #[test]
    fn a_fingerprint_sees_rule_subject_and_evidence() {
        let base = Finding::fingerprint_of("R-1", &subject("t"), &[evidence("x")]);
        assert_ne!(base, Finding::fingerprint_of("R-2", &subject("t"), &[evidence("x")]));
        assert_ne!(base, Finding::fingerprint_of("R-1", &subject("u"), &[evidence("x")]));
        assert_ne!(base, Finding::fingerprint_of("R-1", &subject("t"), &[evidence("y")]));
        assert_eq!(base.len(), 32);
    }
}
