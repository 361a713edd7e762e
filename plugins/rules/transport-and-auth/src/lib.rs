//! placeholder
use bartizan_sdk::prelude::*;
struct Pack;
impl RulePack for Pack {
    fn info() -> Info { Info::new("bartizan/transport-and-auth", "0.1.0", "x") }
    fn rules() -> Vec<Rule> { vec![Rule::new("MCP-TRANS-001", "t", Severity::Medium)] }
    fn check(server: &Server, enabled: &Enabled, _: &Config) -> Result<Vec<Finding>, Failure> {
        let _ = (server, enabled); Ok(vec![]) }
}
bartizan_sdk::export_rule_pack!(Pack);
