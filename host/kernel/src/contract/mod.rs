//! The contract's versions, and one adapter for each.
//!
//! A component names the version it was built for in the names of its exports. Each version that was ever released has
//! a file here that speaks it and gives the kernel the same [`Contract`]; which one is decided once, when the component is
//! loaded. docs/decisions/contract-versions.md has the plan.

mod v0_1;

use std::{future::Future, pin::Pin};

use bartizan_model::{Confidence, Evidence, Server, Severity};
use semver::Version;
use wasmtime::{Store, component::InstancePre};

use crate::{
    fleet::{Group, Noted},
    shape::Shape,
    store::HostState,
};

/// A version of the contract that this kernel speaks. Patch releases only add, so they share an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContractVersion {
    /// 0.1.x
    V0_1,
}

impl ContractVersion {
    /// All of them, oldest first.
    const ALL: [Self; 1] = [Self::V0_1];

    /// The one that a component of this version is to be spoken to in.
    pub fn of(version: &Version) -> Option<Self> {
        match (version.major, version.minor) {
            (0, 1) if version.pre.is_empty() => Some(Self::V0_1),
            _ => None,
        }
    }

    /// "0.1" and so on, for messages.
    pub fn spoken() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }

    /// "0.1"
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V0_1 => "0.1",
        }
    }
}

/// An answer of a running component: the runtime's error, or what came back.
pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = wasmtime::Result<T>> + 'a>>;

/// How to talk to a component, whatever version of the contract it speaks. Each call is a fresh instance in the given store.
pub(crate) trait Contract: Send + Sync {
    /// `meta.describe`, `server-rules.rules` and `reporter.formats`, as far as it exports them.
    fn describe<'a>(&'a self, store: &'a mut Store<HostState>) -> Answer<'a, Described>;

    /// `meta.configure` on an instance of its own: whether the configuration is taken. The inner error is the component's.
    fn configure<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: &'a str,
    ) -> Answer<'a, Result<(), String>>;

    /// `server-rules.check`, after `meta.configure` if there is a configuration. The inner error is the component's.
    fn check<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: Option<&'a str>,
        server: &'a Server,
        enabled: &'a [String],
    ) -> Answer<'a, Result<Vec<RawFinding>, String>>;

    /// `drift-rules.compare`, configured as in [`Self::check`].
    fn compare<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: Option<&'a str>,
        pinned: &'a Server,
        present: &'a Server,
        enabled: &'a [String],
    ) -> Answer<'a, Result<Vec<RawFinding>, String>>;

    /// `fleet-rules.note`, configured as in [`Self::check`].
    fn note<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: Option<&'a str>,
        server: &'a Server,
        enabled: &'a [String],
    ) -> Answer<'a, Result<Vec<RawFact>, String>>;

    /// `fleet-rules.judge`, configured as in [`Self::check`].
    fn judge<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        config: Option<&'a str>,
        groups: &'a [Group<'a>],
        enabled: &'a [String],
    ) -> Answer<'a, Result<Vec<RawFleetFinding>, String>>;

    /// `reporter.render`. The inner error is the component's.
    fn render<'a>(
        &'a self,
        store: &'a mut Store<HostState>,
        format: &'a str,
        report: &'a str,
        options: &'a str,
    ) -> Answer<'a, Result<Vec<u8>, String>>;
}

/// The adapter for what this component is.
pub(crate) fn adapter(shape: Shape, pre: &InstancePre<HostState>) -> wasmtime::Result<Box<dyn Contract>> {
    match shape.contract {
        ContractVersion::V0_1 => Ok(Box::new(v0_1::Adapter::new(shape, pre)?)),
    }
}

/// What a component says of itself, before the kernel has checked any of it.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) summary: String,
    pub(crate) config_schema: String,
    pub(crate) rules: Vec<RawRule>,
    pub(crate) drift_rules: Vec<RawRule>,
    pub(crate) fleet_rules: Vec<RawRule>,
    pub(crate) formats: Vec<RawFormat>,
}

/// A rule as a component declared it.
#[derive(Debug)]
pub(crate) struct RawRule {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) help: String,
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    pub(crate) tags: Vec<String>,
}

/// A format as a component declared it.
#[derive(Debug)]
pub(crate) struct RawFormat {
    pub(crate) id: String,
    pub(crate) mime: String,
    pub(crate) extension: String,
    pub(crate) binary: bool,
    pub(crate) summary: String,
}

/// A finding as a component returned it.
#[derive(Debug)]
pub(crate) struct RawFinding {
    pub(crate) rule: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) message: String,
    pub(crate) subject: RawSubject,
    pub(crate) related: Vec<RawSubject>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) remediation: Option<String>,
}

/// A subject as a component returned it.
#[derive(Debug, Default)]
pub(crate) struct RawSubject {
    pub(crate) kind: String,
    pub(crate) name: String,
}

/// A fact as a component noted it.
#[derive(Debug)]
pub(crate) struct RawFact {
    pub(crate) topic: String,
    pub(crate) alone: bool,
    pub(crate) subject: RawSubject,
    pub(crate) data: String,
}

/// A finding about things of several servers, as a component returned it.
#[derive(Debug)]
pub(crate) struct RawFleetFinding {
    /// Without subject and related things, which are members here.
    pub(crate) finding: RawFinding,
    pub(crate) about: RawMember,
    pub(crate) related: Vec<RawMember>,
}

/// A thing of one of the servers, as a component named it.
#[derive(Debug)]
pub(crate) struct RawMember {
    pub(crate) server: u32,
    pub(crate) subject: RawSubject,
}
