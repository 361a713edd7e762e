//! Measures rules on recorded servers.
