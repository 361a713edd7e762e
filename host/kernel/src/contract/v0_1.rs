//! Contract 0.1.

use bartizan_model as model;
use wasmtime::{
    Store,
    component::{Instance, InstancePre},
};

use super::{
    Answer, Contract, Described, Group, Noted, RawFact, RawFinding, RawFleetFinding, RawFormat, RawMember,
    RawRule, RawSubject,
};
use crate::{shape::Shape, store::HostState};

/// One world a part: a component exports any of them, so no world holds them all.
// What is generated has its documentation in wit/.
mod bindings {
    pub(super) mod meta {
        wasmtime::component::bindgen!({
            path: "../../wit",
            inline: "package bartizan:kernel-meta; world meta-part { export bartizan:plugin/meta@0.1.0; }",
            world: "bartizan:kernel-meta/meta-part",
            exports: { default: async },
        });
    }
    pub(super) mod rules {
        wasmtime::component::bindgen!({
            path: "../../wit",
            inline: "package bartizan:kernel-rules; world rules-part { export bartizan:plugin/server-rules@0.1.0; }",
            world: "bartizan:kernel-rules/rules-part",
            exports: { default: async },
            // A server is handed over as it lies, without a copy of it on the host's side for each component.
            ownership: Borrowing { duplicate_if_necessary: true },
        });
    }
    pub(super) mod drift {
        wasmtime::component::bindgen!({
            path: "../../wit",
            inline: "package bartizan:kernel-drift; world drift-part { export bartizan:plugin/drift-rules@0.1.0; }",
            world: "bartizan:kernel-drift/drift-part",
            exports: { default: async },
            ownership: Borrowing { duplicate_if_necessary: true },
            with: { "bartizan:plugin/types": super::rules::bartizan::plugin::types },
        });
    }
    pub(super) mod fleet {
        wasmtime::component::bindgen!({
            path: "../../wit",
            inline: "package bartizan:kernel-fleet; world fleet-part { export bartizan:plugin/fleet-rules@0.1.0; }",
            world: "bartizan:kernel-fleet/fleet-part",
            exports: { default: async },
            ownership: Borrowing { duplicate_if_necessary: true },
            with: { "bartizan:plugin/types": super::rules::bartizan::plugin::types },
        });
    }
    pub(super) mod reporter {
        wasmtime::component::bindgen!({
            path: "../../wit",
            inline: "package bartizan:kernel-reporter; world reporter-part { export bartizan:plugin/reporter@0.1.0; }",
            world: "bartizan:kernel-reporter/reporter-part",
            exports: { default: async },
            with: { "bartizan:plugin/types": super::rules::bartizan::plugin::types },
        });
    }
}

use bindings::{
    drift::{DriftPart, DriftPartIndices},
    fleet::{FleetPart, FleetPartIndices, exports::bartizan::plugin::fleet_rules as wit_fleet},
    meta::{MetaPart, MetaPartIndices},
    reporter::{ReporterPart, ReporterPartIndices},
    rules::{RulesPart, RulesPartIndices, bartizan::plugin::types as wit},
};

/// A component of contract 0.1, ready to be instantiated.
pub(super) struct Adapter {
    pre: InstancePre<HostState>,
    meta: MetaPartIndices,
    rules: Option<RulesPartIndices>,
    drift: Option<DriftPartIndices>,
    fleet: Option<FleetPartIndices>,
    reporter: Option<ReporterPartIndices>,
}

impl Adapter {
    /// Fails if an interface is exported with other types than the contract has.
    pub(super) fn new(shape: Shape, pre: &InstancePre<HostState>) -> wasmtime::Result<Self> {
        Ok(Self {
            pre: pre.clone(),
            meta: MetaPartIndices::new(pre)?,
            rules: shape.rules.then(|| RulesPartIndices::new(pre)).transpose()?,
            drift: shape.drift.then(|| DriftPartIndices::new(pre)).transpose()?,
            fleet: shape.fleet.then(|| FleetPartIndices::new(pre)).transpose()?,
            reporter: shape.reporter.then(|| ReporterPartIndices::new(pre)).transpose()?,
        })
    }
}

impl Adapter {
    /// A fresh instance, configured if there is a configuration. The inner error is the component's.
    async fn configured(
        &self,
        store: &mut Store<HostState>,
        config: Option<&str>,
    ) -> wasmtime::Result<Result<Instance, String>> {
        let instance = self.pre.instantiate_async(&mut *store).await?;
        if let Some(config) = config {
            let meta: MetaPart = self.meta.load(&mut *store, &instance)?;
            if let Err(why) = meta.bartizan_plugin_meta().call_configure(&mut *store, config).await? {
                return Ok(Err(format!("it does not take its configuration: {why}")));
            }
        }
        Ok(Ok(instance))
    }
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn missing() -> wasmtime::Error {
    wasmtime::Error::msg("the component does not export this part of the contract")
}

impl Contract for Adapter {
    fn describe<'a>(&'a self, store: &'a mut Store<HostState>) -> Answer<'a, Described> {
        Box::pin(async move {
            let instance = self.pre.instantiate_async(&mut *store).await?;
            let meta: MetaPart = self.meta.load(&mut *store, &instance)?;
            let info = meta.bartizan_plugin_meta().call_describe(&mut *store).await?;
            let mut described = Described {
                name: info.name,
                version: info.version,
                summary: info.summary,
                config_schema: info.config_schema,
                rules: Vec::new(),
                drift_rules: Vec::new(),
                fleet_rules: Vec::new(),
                formats: Vec::new(),
            };
            if let Some(part) = &self.rules {
                let part: RulesPart = part.load(&mut *store, &instance)?;
                let rules = part.bartizan_plugin_server_rules().call_rules(&mut *store).await?;
                described.rules = rules.into_iter().map(rule).collect();
            }
            if let Some(part) = &self.drift {
                let part: DriftPart = part.load(&mut *store, &instance)?;
                let rules = part.bartizan_plugin_drift_rules().call_rules(&mut *store).await?;
                described.drift_rules = rules.into_iter().map(rule).collect();
            }
            if let Some(part) = &self.fleet {
                let part: FleetPart = part.load(&mut *store, &instance)?;
                let rules = part.bartizan_plugin_fleet_rules().call_rules(&mut *store).await?;
                described.fleet_rules = rules.into_iter().map(rule).collect();
            }
            if let Some(part) = &self.reporter {
                let part: ReporterPart = part.load(&mut *store, &instance)?;
                let formats = part.bartizan_plugin_reporter().call_formats(&mut *store).await?;
                described.formats = formats
                    .into_iter()
                    .map(|f| RawFormat {
                        id: f.id,
                        mime: f.mime,
                        extension: f.extension,
                        binary: f.binary,
                        summary: f.summary,
                    })
                    .collect();
            }
            Ok(described)
        })
    }

    fn configure<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: &'a str,
    ) -> Answer<'a, Result<(), String>> {
        Box::pin(async move {
            let instance = self.pre.instantiate_async(&mut *store).await?;
            let meta: MetaPart = self.meta.load(&mut *store, &instance)?;
            meta.bartizan_plugin_meta().call_configure(&mut *store, config).await
        })
    }

    fn check<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: Option<&'a str>,
        server: &'a model::Server,
        enabled: &'a [String],
    ) -> Answer<'a, Result<Vec<RawFinding>, String>> {
        Box::pin(async move {
            let instance = match self.configured(&mut *store, config).await? {
                Ok(instance) => instance,
                Err(why) => return Ok(Err(why)),
            };
            let part: RulesPart = self.rules.as_ref().ok_or_else(missing)?.load(&mut *store, &instance)?;
            let lowered = Lowered::of(server);
            let observations = lowered.observations(server);
            let server = lowered.server(server, &observations);
            let answer =
                part.bartizan_plugin_server_rules().call_check(&mut *store, server, &strs(enabled)).await?;
            Ok(answer
                .map(|findings| findings.into_iter().map(finding).collect())
                .map_err(|failure| sentence(&failure)))
        })
    }

    fn compare<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: Option<&'a str>,
        pinned: &'a model::Server,
        present: &'a model::Server,
        enabled: &'a [String],
    ) -> Answer<'a, Result<Vec<RawFinding>, String>> {
        Box::pin(async move {
            let instance = match self.configured(&mut *store, config).await? {
                Ok(instance) => instance,
                Err(why) => return Ok(Err(why)),
            };
            let part: DriftPart = self.drift.as_ref().ok_or_else(missing)?.load(&mut *store, &instance)?;
            let (before, after) = (Lowered::of(pinned), Lowered::of(present));
            let (seen_before, seen_after) = (before.observations(pinned), after.observations(present));
            let before = before.server(pinned, &seen_before);
            let after = after.server(present, &seen_after);
            let part = part.bartizan_plugin_drift_rules();
            let answer = part.call_compare(&mut *store, before, after, &strs(enabled)).await?;
            Ok(answer
                .map(|findings| findings.into_iter().map(finding).collect())
                .map_err(|failure| sentence(&failure)))
        })
    }

    fn note<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: Option<&'a str>,
        server: &'a model::Server,
        enabled: &'a [String],
    ) -> Answer<'a, Result<Vec<RawFact>, String>> {
        Box::pin(async move {
            let instance = match self.configured(&mut *store, config).await? {
                Ok(instance) => instance,
                Err(why) => return Ok(Err(why)),
            };
            let part: FleetPart = self.fleet.as_ref().ok_or_else(missing)?.load(&mut *store, &instance)?;
            let lowered = Lowered::of(server);
            let observations = lowered.observations(server);
            let server = lowered.server(server, &observations);
            let part = part.bartizan_plugin_fleet_rules();
            let answer = part.call_note(&mut *store, server, &strs(enabled)).await?;
            let fact = |fact: wit_fleet::Fact| RawFact {
                topic: fact.topic,
                alone: fact.alone,
                subject: subject(fact.subject),
                data: fact.data,
            };
            Ok(answer
                .map(|facts| facts.into_iter().map(fact).collect())
                .map_err(|failure| sentence(&failure)))
        })
    }

    fn judge<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: Option<&'a str>,
        groups: &'a [Group<'a>],
        enabled: &'a [String],
    ) -> Answer<'a, Result<Vec<RawFleetFinding>, String>> {
        Box::pin(async move {
            let instance = match self.configured(&mut *store, config).await? {
                Ok(instance) => instance,
                Err(why) => return Ok(Err(why)),
            };
            let part: FleetPart = self.fleet.as_ref().ok_or_else(missing)?.load(&mut *store, &instance)?;
            let facts: Vec<Vec<wit_fleet::Noted<'_>>> =
                groups.iter().map(|group| group.facts.iter().map(lower_noted).collect()).collect();
            let groups: Vec<wit_fleet::Group<'_>> = groups
                .iter()
                .zip(&facts)
                .map(|(group, facts)| wit_fleet::Group {
                    topic: group.topic,
                    facts,
                    left_out: group.left_out,
                })
                .collect();
            let part = part.bartizan_plugin_fleet_rules();
            let answer = part.call_judge(&mut *store, &groups, &strs(enabled)).await?;
            Ok(answer
                .map(|findings| findings.into_iter().map(fleet_finding).collect())
                .map_err(|failure| sentence(&failure)))
        })
    }

    fn render<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        format: &'a str,
        report: &'a str,
        options: &'a str,
    ) -> Answer<'a, Result<Vec<u8>, String>> {
        Box::pin(async move {
            let instance = self.pre.instantiate_async(&mut *store).await?;
            let part: ReporterPart =
                self.reporter.as_ref().ok_or_else(missing)?.load(&mut *store, &instance)?;
            let answer =
                part.bartizan_plugin_reporter().call_render(&mut *store, format, report, options).await?;
            Ok(answer.map_err(|failure| sentence(&failure)))
        })
    }
}

fn sentence(failure: &wit::Failure) -> String {
    match failure {
        wit::Failure::InvalidConfig(why) => format!("invalid configuration: {why}"),
        wit::Failure::Unsupported(what) => format!("unsupported: {what}"),
        wit::Failure::Other(why) => why.clone(),
    }
}

fn severity(severity: wit::Severity) -> model::Severity {
    match severity {
        wit::Severity::Info => model::Severity::Info,
        wit::Severity::Low => model::Severity::Low,
        wit::Severity::Medium => model::Severity::Medium,
        wit::Severity::High => model::Severity::High,
        wit::Severity::Critical => model::Severity::Critical,
    }
}

fn confidence(confidence: wit::Confidence) -> model::Confidence {
    match confidence {
        wit::Confidence::Low => model::Confidence::Low,
        wit::Confidence::Medium => model::Confidence::Medium,
        wit::Confidence::High => model::Confidence::High,
    }
}

fn rule(rule: wit::Rule) -> RawRule {
    RawRule {
        id: rule.id,
        title: rule.title,
        help: rule.help,
        severity: severity(rule.severity),
        confidence: confidence(rule.confidence),
        tags: rule.tags,
    }
}

fn subject(subject: wit::Subject) -> RawSubject {
    RawSubject { kind: subject.kind, name: subject.name }
}

fn evidence(piece: wit::Evidence) -> model::Evidence {
    model::Evidence { label: piece.label, text: piece.text, pointer: piece.pointer }
}

fn finding(finding: wit::Finding) -> RawFinding {
    RawFinding {
        rule: finding.rule,
        severity: finding.severity.map(severity),
        confidence: finding.confidence.map(confidence),
        message: finding.message,
        subject: subject(finding.subject),
        related: finding.related.into_iter().map(subject).collect(),
        evidence: finding.evidence.into_iter().map(evidence).collect(),
        remediation: finding.remediation,
    }
}

fn member(member: wit_fleet::Member) -> RawMember {
    RawMember { server: member.server, subject: subject(member.subject) }
}

fn fleet_finding(finding: wit_fleet::FleetFinding) -> RawFleetFinding {
    RawFleetFinding {
        about: member(finding.subject),
        related: finding.related.into_iter().map(member).collect(),
        finding: RawFinding {
            rule: finding.rule,
            severity: finding.severity.map(severity),
            confidence: finding.confidence.map(confidence),
            message: finding.message,
            subject: RawSubject::default(),
            related: Vec::new(),
            evidence: finding.evidence.into_iter().map(evidence).collect(),
            remediation: finding.remediation,
        },
    }
}

fn lower_noted<'a>(noted: &Noted<'a>) -> wit_fleet::Noted<'a> {
    wit_fleet::Noted {
        server: noted.server,
        server_name: noted.server_name,
        kind: noted.subject.kind.as_str(),
        name: &noted.subject.name,
        data: noted.data,
    }
}

/// The lists of a server as the contract has them: names for what lies in the model, and no copy of it.
struct Lowered<'a> {
    command: Vec<&'a str>,
    tools: Vec<wit::Tool<'a>>,
    prompts: Vec<wit::Prompt<'a>>,
    resources: Vec<wit::Resource<'a>>,
    details: Vec<String>,
}

impl<'a> Lowered<'a> {
    fn of(server: &'a model::Server) -> Self {
        Self {
            command: server.transport.command.iter().map(String::as_str).collect(),
            tools: server.tools.iter().map(lower_tool).collect(),
            prompts: server.prompts.iter().map(lower_prompt).collect(),
            resources: server.resources.iter().map(lower_resource).collect(),
            details: server.observations.iter().map(|observation| observation.detail.to_string()).collect(),
        }
    }

    fn observations(&'a self, server: &'a model::Server) -> Vec<wit::Observation<'a>> {
        let lower = |(observation, detail): (&'a model::Observation, &'a String)| wit::Observation {
            kind: &observation.kind,
            about: &observation.about,
            detail,
        };
        server.observations.iter().zip(&self.details).map(lower).collect()
    }

    fn server(
        &'a self,
        server: &'a model::Server,
        observations: &'a [wit::Observation<'a>],
    ) -> wit::Server<'a> {
        wit::Server {
            name: &server.name,
            title: server.title.as_deref(),
            version: &server.version,
            protocol_version: &server.protocol_version,
            transport: wit::Transport {
                kind: server.transport.kind.as_str(),
                address: &server.transport.address,
                command: &self.command,
            },
            instructions: server.instructions.as_deref(),
            capabilities: &server.capabilities,
            server_info: &server.server_info,
            tools: &self.tools,
            prompts: &self.prompts,
            resources: &self.resources,
            observations,
        }
    }
}

fn lower_tool(tool: &model::Tool) -> wit::Tool<'_> {
    wit::Tool {
        name: &tool.name,
        title: tool.title.as_deref(),
        description: tool.description.as_deref(),
        input_schema: &tool.input_schema,
        output_schema: tool.output_schema.as_deref(),
        annotations: tool.annotations.as_deref(),
        meta: tool.meta.as_deref(),
        extra: &tool.extra,
    }
}

fn lower_prompt(prompt: &model::Prompt) -> wit::Prompt<'_> {
    wit::Prompt {
        name: &prompt.name,
        title: prompt.title.as_deref(),
        description: prompt.description.as_deref(),
        arguments: &prompt.arguments,
        meta: prompt.meta.as_deref(),
        extra: &prompt.extra,
    }
}

fn lower_resource(resource: &model::Resource) -> wit::Resource<'_> {
    wit::Resource {
        uri: &resource.uri,
        is_template: resource.is_template,
        name: &resource.name,
        title: resource.title.as_deref(),
        description: resource.description.as_deref(),
        mime_type: resource.mime_type.as_deref(),
        annotations: resource.annotations.as_deref(),
        meta: resource.meta.as_deref(),
        extra: &resource.extra,
    }
}
