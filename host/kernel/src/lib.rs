//! Hosts components: verified bytes in, typed and bounded answers out.
//!
//! [`Kernel::load`] takes a [`bartizan_registry::Verified`], which only the registry can make, and gives a [`Component`]
//! that can be asked: to judge a server ([`Component::check`]), what changed in one ([`Component::compare`]) or many together
//! ([`Component::note`], [`Component::judge`]), to render a report ([`Component::render`]). Every call
//! runs in a fresh instance, under fuel, memory and time limits ([`Limits`]), with no import but the contract; what goes wrong is a
//! value that names component, call and limit ([`CallFailure`]) and harms nobody else.
//!
//! Not for: deciding what to trust (the registry), which rules to ask (the scan), or having opinions. This is the only crate
//! that names the WebAssembly runtime.

mod answer;
mod code;
mod component;
mod contract;
mod engine;
mod error;
mod fleet;
mod limits;
mod run;
mod shape;
mod store;
mod wasi;

pub use code::{CodeCache, CodeOrigin};
pub use component::{Component, Format, Kernel, Question, Usage};
pub use contract::ContractVersion;
pub use engine::{Metering, runtime_version};
pub use error::{CacheWarning, CallFailure, FailureKind, KernelError, LoadError, LoadReason, Resource};
pub use fleet::{Fact, Group, Noted};
pub use limits::Limits;
pub use shape::{Shape, inspect};
