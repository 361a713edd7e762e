//! Canonical text: what a model would read, whatever it was dressed up as.
