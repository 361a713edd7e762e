//! Reporter: text.
