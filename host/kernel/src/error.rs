//! Everything that can go wrong while a component is loaded or runs, as values that name component, call and limit.

use std::{fmt, path::PathBuf, time::Duration};

use bartizan_model::ComponentRef;
use thiserror::Error;

/// Why there is no kernel.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum KernelError {
    /// The engine could not be made with our settings on this platform.
    #[error("the WebAssembly engine does not start on this machine: {0}")]
    Engine(String),
}

/// Why a verified component could not be loaded.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("cannot load component `{}` {}: {reason}", component.name, component.version)]
pub struct LoadError {
    /// Which component.
    pub component: ComponentRef,
    /// Why.
    pub reason: LoadReason,
}

/// Why a verified component could not be loaded.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadReason {
    /// Not WebAssembly, or not valid.
    #[error("it is not a valid WebAssembly component: {0}")]
    Invalid(String),
    /// A core module, which has not been made a component yet.
    #[error("it is a core WebAssembly module, not a component; `bartizan plugins build` makes components")]
    CoreModule,
    /// It exports none of the contract's interfaces.
    #[error(
        "it exports nothing of the plugin contract (bartizan:plugin), so there is nothing it could be asked"
    )]
    NoContract,
    /// Built for a contract that this version does not speak.
    #[error(
        "it was built for contract bartizan:plugin@{found}; this version speaks {spoken}. Rebuild it with a matching SDK, or update bartizan"
    )]
    UnknownContract {
        /// The version it names.
        found: String,
        /// The versions that are spoken here.
        spoken: String,
    },
    /// It exports `meta` and no part that could be asked to do something.
    #[error("it exports bartizan:plugin/meta and nothing that could be asked: no rules and no reporter")]
    NoParts,
    /// It imports what a component may not have.
    #[error("it imports `{import}`, which no component gets{}", .advice.as_deref().map(|a| format!(". {a}")).unwrap_or_default())]
    ForbiddenImport {
        /// The import's name.
        import: String,
        /// What its author can do about it.
        advice: Option<String>,
    },
    /// An interface of the contract is exported with other types than the contract has.
    #[error("its exports do not have the contract's types: {0}")]
    WrongType(String),
    /// The compiled code could not be loaded, or not be made.
    #[error("it could not be compiled: {0}")]
    Compile(String),
    /// What it says of itself is not what its publisher signed.
    #[error("it says it is `{says}`, but it was signed as `{signed}`")]
    NotAsSigned {
        /// Name and version by its own account.
        says: String,
        /// Name and version in the signed statement.
        signed: String,
    },
    /// A call that every load makes failed.
    #[error("{0}")]
    Call(Box<CallFailure>),
}

impl LoadReason {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid-component",
            Self::CoreModule => "core-module",
            Self::NoContract | Self::NoParts => "no-contract",
            Self::UnknownContract { .. } => "unknown-contract",
            Self::ForbiddenImport { .. } => "forbidden-import",
            Self::WrongType(_) => "wrong-type",
            Self::Compile(_) => "compile",
            Self::NotAsSigned { .. } => "not-as-signed",
            Self::Call(failure) => failure.kind.code(),
        }
    }
}

/// Why a call into a component gave no answer that can be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("component `{}` {} failed in `{call}`: {kind}", component.name, component.version)]
pub struct CallFailure {
    /// Which component.
    pub component: ComponentRef,
    /// Which function of the contract, e.g. "server-rules.check".
    pub call: &'static str,
    /// What happened.
    pub kind: FailureKind,
}

/// What ended a call.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// It used up its fuel.
    #[error("it ran out of fuel ({limit} units a call)")]
    Fuel {
        /// The budget.
        limit: u64,
    },
    /// It ran past the wall-clock backstop.
    #[error("it ran longer than {} s", limit.as_secs_f32())]
    Deadline {
        /// The backstop.
        limit: Duration,
    },
    /// It asked for more of something than it may have.
    #[error("it wanted more {resource} than the {limit} it may have")]
    Limit {
        /// What it asked for: Linear memory, table elements, instances or host memory.
        resource: Resource,
        /// The bound.
        limit: u64,
    },
    /// Its call stack overflowed.
    #[error("its call stack overflowed")]
    Stack,
    /// It trapped: a bug or a panic in it.
    #[error("it trapped: {0}")]
    Trap(String),
    /// It answered what the contract does not allow.
    #[error("its answer is malformed: {0}")]
    Malformed(String),
    /// It said that it could not do it.
    #[error("it gave up: {0}")]
    GaveUp(String),
    /// The user interrupted the run.
    #[error("the run was interrupted")]
    Interrupted,
}

impl FailureKind {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fuel { .. } => "fuel",
            Self::Deadline { .. } => "deadline",
            Self::Limit { .. } => "memory",
            Self::Stack => "stack",
            Self::Trap(_) => "trap",
            Self::Malformed(_) => "malformed-answer",
            Self::GaveUp(_) => "gave-up",
            Self::Interrupted => "interrupted",
        }
    }
}

/// A thing that a component may have only so much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Bytes of linear memory.
    LinearMemory,
    /// Elements of tables.
    TableElements,
    /// Core instances, memories and tables.
    Instances,
    /// Bytes that the host allocates for it.
    HostMemory,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LinearMemory => "bytes of linear memory",
            Self::TableElements => "table elements",
            Self::Instances => "instances",
            Self::HostMemory => "bytes of host memory",
        })
    }
}

/// Something that went wrong with the cache of compiled code. The run goes on without it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("compiled code is not kept in `{}`: {why}", folder.display())]
pub struct CacheWarning {
    /// The cache's folder.
    pub folder: PathBuf,
    /// Why.
    pub why: String,
}
