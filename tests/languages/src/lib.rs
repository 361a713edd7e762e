//! The contract's types as the SDKs for Python and JavaScript have them, written from `wit/`.
//!
//! Two files of the SDKs are the output of [`python`] and [`typescript`]; a test holds them against it, and
//! `BARTIZAN_BLESS=1 cargo test -p bartizan-languages` writes them anew.
//!
//! Not for: bindings in general. It knows what the contract uses: records, enums, variants of text, options, lists.

mod contract;
mod python;
mod typescript;

pub use contract::{Contract, ContractError};
pub use python::python;
pub use typescript::typescript;
