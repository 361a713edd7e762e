//! Tools that shout: capitals push a model to obey.

use bartizan_sdk::prelude::*;

/// Letters from which a description counts as shouted and not as a name.
const MIN_LETTERS: usize = 20;

/// The pack.
pub struct Pack;

impl RulePack for Pack {
    fn info() -> Info {
        Info::new("{{name}}", env!("CARGO_PKG_VERSION"), "Tools that shout")
    }

    fn rules() -> Vec<Rule> {
        vec![
            Rule::new("{{rule}}", "Tool description shouts", Severity::Low)
                .help("A description in capitals pushes the model. Write it in plain words."),
        ]
    }

    fn check(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let mut findings = Vec::new();
        for tool in server.tools.iter().filter(|_| enabled.has("{{rule}}")) {
            let text = tool.description.as_deref().unwrap_or_default();
            if shouts(text) {
                findings.push(
                    Finding::new("{{rule}}", tool, "The whole description is in capitals.")
                        .evidence("description", text, "/description"),
                );
            }
        }
        Ok(findings)
    }
}

/// Whether all letters are capitals, and there are enough of them. Letters are those of ASCII.
fn shouts(text: &str) -> bool {
    let capitals = text.bytes().filter(u8::is_ascii_uppercase).count();
    capitals >= MIN_LETTERS && !text.bytes().any(|byte| byte.is_ascii_lowercase())
}

bartizan_sdk::export_rule_pack!(Pack);
