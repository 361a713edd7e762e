//! Findings that are set aside where a server is configured: `// bartizan: ignore MCP-SEC-053 we pin by digest`.
//!
//! Only in configurations that are the user's own or that the user named. What a server presents can say nothing of the kind.

use std::{fs, path::Path};

use bartizan_model::SuppressedBy;
use bartizan_scan::{Suppression, matcher};

/// What starts one.
const MARK: &str = "bartizan: ignore ";
/// A longer file is no configuration that a person wrote comments into.
const MAX_BYTES: u64 = 8 << 20;

/// A comment that sets findings aside, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Ignore {
    /// The configuration.
    pub(crate) file: std::path::PathBuf,
    /// From 1.
    pub(crate) line: u32,
    /// Rule ids, as a glob.
    pub(crate) rule: String,
    /// Why.
    pub(crate) reason: String,
}

/// The comments of a file. One that cannot be read has none: whoever reads it for its servers says why.
pub(crate) fn ignores(file: &Path) -> Vec<Ignore> {
    if fs::metadata(file).map_or(true, |metadata| metadata.len() > MAX_BYTES) {
        return Vec::new();
    }
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut found = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        // In a comment of JSON (`//`, `/*`), TOML or YAML (`#`), not in a value.
        let Some((before, rest)) = text.split_once(MARK) else { continue };
        let before = before.trim_end();
        if !(before.ends_with("//") || before.ends_with("/*") || before.ends_with('#')) {
            continue;
        }
        let rest = rest.trim_end().trim_end_matches("*/").trim();
        let (rule, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        found.push(Ignore {
            file: file.to_owned(),
            line,
            rule: rule.to_owned(),
            reason: reason.trim().to_owned(),
        });
    }
    found
}

impl Ignore {
    /// For the server whose entry it stands in or above: the last one that starts at or above the line, or the first one below it
    /// if the comment stands right above that.
    pub(crate) fn suppression(&self, entries: &[(u32, String)]) -> Result<Suppression, String> {
        let place = format!("{}:{}", self.file.display(), self.line);
        if self.reason.is_empty() {
            return Err(format!("`{place}` sets findings aside without a reason"));
        }
        let above = entries.iter().filter(|(line, _)| *line <= self.line).max_by_key(|(line, _)| *line);
        let below = entries.iter().find(|(line, _)| *line == self.line + 1);
        let Some((_, server)) = below.or(above) else {
            return Err(format!("`{place}` stands beside no server"));
        };
        let bad = |error: bartizan_scan::GlobError| format!("`{place}`: `{}` is no rule: {error}", self.rule);
        let own = matcher(&format!("*:{{{0},{0}/*}}", escaped(server))).map_err(bad)?;
        Ok(Suppression {
            rule: matcher(&self.rule).map_err(bad)?,
            subject: Some(own),
            fingerprint: None,
            reason: self.reason.clone(),
            owner: None,
            expires: None,
            by: SuppressedBy::Inline,
            place,
        })
    }
}

/// A server's name as a glob that matches nothing else.
fn escaped(name: &str) -> String {
    name.chars().map(|c| if "*?[]{}\\,!".contains(c) { format!("[{c}]") } else { c.to_string() }).collect()
}
