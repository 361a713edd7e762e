//! Holds no code: its manifest makes every selection of workspace crates build shared dependencies with the same
//! features. Not for: anything else.
