//! Reporter: sarif.
