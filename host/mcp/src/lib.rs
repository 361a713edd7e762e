//! Reaches MCP servers and records what they present.
