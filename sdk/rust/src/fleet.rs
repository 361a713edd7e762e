//! Fleet packs: what an author writes who judges servers together.

use std::collections::BTreeMap;

use crate::{
    Config, Enabled, IntoSubject,
    types::{
        Confidence, Evidence, Fact, Failure, FleetFinding, Group, Info, Member, Noted, Rule, Server,
        Severity, Subject,
    },
};

/// A family of rules over servers that are used together.
///
/// As with [`crate::RulePack`], the same input gives the same answer, and everything that comes from servers is hostile.
pub trait FleetPack: 'static {
    /// Who the component is.
    fn info() -> Info;

    /// The rules. The same list at every call.
    fn rules() -> Vec<Rule>;

    /// Looks at a configuration before it is used. The error is a sentence for the person who wrote it.
    fn configure(config: &serde_json::Value) -> Result<(), String> {
        let _ = config;
        Err("this component takes no configuration".to_owned())
    }

    /// What of one server may matter once it meets others.
    fn note(server: &Server, enabled: &Enabled, config: &Config) -> Result<Vec<Fact>, Failure>;

    /// Judges one topic. How many topics the host hands over at once must not matter, and so is not seen here.
    fn judge(group: &Group, enabled: &Enabled, config: &Config) -> Result<Vec<FleetFinding>, Failure>;
}

impl Fact {
    /// A fact that matters if another server speaks of the same topic.
    pub fn new(topic: impl Into<String>, about: &impl IntoSubject, data: impl Into<String>) -> Self {
        Self { topic: topic.into(), alone: false, subject: about.subject(), data: data.into() }
    }

    /// Matters also if no other server speaks of it.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }
}

impl Noted {
    /// The thing it is about.
    pub fn member(&self) -> Member {
        let subject = Subject { kind: self.kind.clone(), name: self.name.clone() };
        Member { server: self.server, subject }
    }

    /// The server as a whole.
    pub fn whole_server(&self) -> Member {
        Member { server: self.server, subject: Subject { kind: "server".into(), name: String::new() } }
    }
}

impl FleetFinding {
    /// A finding with the rule's own severity and confidence, without evidence.
    pub fn new(rule: &str, about: Member, message: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            severity: None,
            confidence: None,
            message: message.into(),
            subject: about,
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

    /// Another thing that takes part, after those that were named before.
    #[must_use]
    pub fn related(mut self, member: Member) -> Self {
        self.related.push(member);
        self
    }

    /// As [`crate::types::Finding::evidence`].
    #[must_use]
    pub fn evidence(mut self, label: &str, text: &str, pointer: &str) -> Self {
        self.evidence.push(Evidence::cut(label, text, pointer));
        self
    }

    /// What to do about this one.
    #[must_use]
    pub fn remediation(mut self, text: impl Into<String>) -> Self {
        self.remediation = Some(text.into());
        self
    }
}

/// Runs both steps of a pack in this process, all rules enabled: for tests. Servers are numbered as they come.
pub fn judge_natively<P: FleetPack>(servers: &[Server]) -> Result<Vec<FleetFinding>, Failure> {
    let enabled = Enabled::all_of(P::rules());
    let mut topics: BTreeMap<String, (Vec<Noted>, bool)> = BTreeMap::new();
    for (number, server) in (0..).zip(servers) {
        for fact in P::note(server, &enabled, &None)? {
            let (facts, judged) = topics.entry(fact.topic).or_default();
            *judged |= fact.alone || facts.iter().any(|other| other.server != number);
            let Subject { kind, name } = fact.subject;
            facts.push(Noted {
                server: number,
                server_name: server.name.clone(),
                kind,
                name,
                data: fact.data,
            });
        }
    }
    let mut findings = Vec::new();
    for (topic, (facts, judged)) in topics {
        if judged {
            findings.extend(P::judge(&Group { topic, facts, left_out: 0 }, &enabled, &None)?);
        }
    }
    Ok(findings)
}
