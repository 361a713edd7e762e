//! The plain data that the parts of Bartizan hand to one another: what a server presented
//! ([`Server`]), what a rule found ([`Finding`]) and the document a scan ends in ([`Report`]).
//!
//! Not for: doing anything. Nothing here reads a wire, runs a component or decides; types,
//! their (de)serialisation, their ordering and their digests, and no more. It depends on none of
//! our other crates.
//!
//! Read [`Report`] first: every other type hangs from it.

mod digest;
mod finding;
mod report;
mod rule;
mod server;
mod summary;
mod text;

pub use digest::{Digest, ParseDigestError, canonical_json};
pub use finding::{Evidence, Finding, Subject, SubjectKind};
pub use report::{
    ComponentRef, NotChecked, REPORT_SCHEMA_VERSION, Report, ServerSummary, Stats, ToolInfo, report_schema,
};
pub use rule::{Confidence, Rule, Severity};
pub use server::{Observation, Position, Prompt, Resource, Server, Tool, Transport, TransportKind};
pub use summary::{
    Notice, RuleCount, ServerCounts, ServerStatus, SeverityCounts, Summary, Suppressed, SuppressedBy,
};
pub use text::{printable, truncate_chars};
