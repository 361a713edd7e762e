//! Contract 0.1.

use bartizan_model as model;
use wasmtime::{Store, component::InstancePre};

use super::{Answer, Contract, Described, RawFinding, RawFormat, RawRule, RawSubject};
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
    meta::{MetaPart, MetaPartIndices},
    reporter::{ReporterPart, ReporterPartIndices},
    rules::{RulesPart, RulesPartIndices, bartizan::plugin::types as wit},
};

/// A component of contract 0.1, ready to be instantiated.
pub(super) struct Adapter {
    pre: InstancePre<HostState>,
    meta: MetaPartIndices,
    rules: Option<RulesPartIndices>,
    reporter: Option<ReporterPartIndices>,
}

impl Adapter {
    /// Fails if an interface is exported with other types than the contract has.
    pub(super) fn new(shape: Shape, pre: &InstancePre<HostState>) -> wasmtime::Result<Self> {
        Ok(Self {
            pre: pre.clone(),
            meta: MetaPartIndices::new(pre)?,
            rules: shape.rules.then(|| RulesPartIndices::new(pre)).transpose()?,
            reporter: shape.reporter.then(|| ReporterPartIndices::new(pre)).transpose()?,
        })
    }
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
                formats: Vec::new(),
            };
            if let Some(part) = &self.rules {
                let part: RulesPart = part.load(&mut *store, &instance)?;
                let rules = part.bartizan_plugin_server_rules().call_rules(&mut *store).await?;
                described.rules = rules.into_iter().map(rule).collect();
            }
            if let Some(part) = &self.reporter {
                let part: ReporterPart = part.load(&mut *store, &instance)?;
                let formats = part.bartizan_plugin_reporter().call_formats(&mut *store).await?;
                described.formats = formats
                    .into_iter()
                    .map(|f| RawFormat { id: f.id, mime: f.mime, extension: f.extension, binary: f.binary, summary: f.summary })
                    .collect();
            }
            Ok(described)
        })
    }

    fn configure<'a>(&'a self, store: &'a mut Store<HostState>, config: &'a str) -> Answer<'a, Result<(), String>> {
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
            let instance = self.pre.instantiate_async(&mut *store).await?;
            if let Some(config) = config {
                let meta: MetaPart = self.meta.load(&mut *store, &instance)?;
                if let Err(why) = meta.bartizan_plugin_meta().call_configure(&mut *store, config).await? {
                    return Ok(Err(format!("it does not take its configuration: {why}")));
                }
            }
            let part: RulesPart = self.rules.as_ref().ok_or_else(missing)?.load(&mut *store, &instance)?;
            let answer = part.bartizan_plugin_server_rules().call_check(&mut *store, &lower(server), enabled).await?;
            Ok(answer.map(|findings| findings.into_iter().map(finding).collect()).map_err(|failure| sentence(&failure)))
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
            let part: ReporterPart = self.reporter.as_ref().ok_or_else(missing)?.load(&mut *store, &instance)?;
            let answer = part.bartizan_plugin_reporter().call_render(&mut *store, format, report, options).await?;
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

fn finding(finding: wit::Finding) -> RawFinding {
    RawFinding {
        rule: finding.rule,
        severity: finding.severity.map(severity),
        confidence: finding.confidence.map(confidence),
        message: finding.message,
        subject: subject(finding.subject),
        related: finding.related.into_iter().map(subject).collect(),
        evidence: finding
            .evidence
            .into_iter()
            .map(|e| model::Evidence { label: e.label, text: e.text, pointer: e.pointer })
            .collect(),
        remediation: finding.remediation,
    }
}

fn lower(server: &model::Server) -> wit::Server {
    wit::Server {
        name: server.name.clone(),
        title: server.title.clone(),
        version: server.version.clone(),
        protocol_version: server.protocol_version.clone(),
        transport: wit::Transport {
            kind: server.transport.kind.as_str().to_owned(),
            address: server.transport.address.clone(),
            command: server.transport.command.clone(),
        },
        instructions: server.instructions.clone(),
        capabilities: server.capabilities.clone(),
        server_info: server.server_info.clone(),
        tools: server.tools.iter().map(lower_tool).collect(),
        prompts: server.prompts.iter().map(lower_prompt).collect(),
        resources: server.resources.iter().map(lower_resource).collect(),
        observations: server
            .observations
            .iter()
            .map(|o| wit::Observation { kind: o.kind.clone(), about: o.about.clone(), detail: o.detail.to_string() })
            .collect(),
    }
}

fn lower_tool(tool: &model::Tool) -> wit::Tool {
    wit::Tool {
        name: tool.name.clone(),
        title: tool.title.clone(),
        description: tool.description.clone(),
        input_schema: tool.input_schema.clone(),
        output_schema: tool.output_schema.clone(),
        annotations: tool.annotations.clone(),
        meta: tool.meta.clone(),
        extra: tool.extra.clone(),
    }
}

fn lower_prompt(prompt: &model::Prompt) -> wit::Prompt {
    wit::Prompt {
        name: prompt.name.clone(),
        title: prompt.title.clone(),
        description: prompt.description.clone(),
        arguments: prompt.arguments.clone(),
        meta: prompt.meta.clone(),
        extra: prompt.extra.clone(),
    }
}

fn lower_resource(resource: &model::Resource) -> wit::Resource {
    wit::Resource {
        uri: resource.uri.clone(),
        is_template: resource.is_template,
        name: resource.name.clone(),
        title: resource.title.clone(),
        description: resource.description.clone(),
        mime_type: resource.mime_type.clone(),
        annotations: resource.annotations.clone(),
        meta: resource.meta.clone(),
        extra: resource.extra.clone(),
    }
}
