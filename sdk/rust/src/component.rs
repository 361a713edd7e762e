//! The thin layer between the generated exports and the author's traits.

use std::{marker::PhantomData, sync::OnceLock};

use crate::{
    Config, DriftPack, Enabled, FleetPack, RenderOptions, Reporter, RulePack, bindings, bound,
    types::{Fact, Failure, Finding, FleetFinding, Format, Group, Info, Rule, Server},
};

/// One component is one author's type, so one cell is enough; every instance starts with it empty.
static CONFIG: OnceLock<serde_json::Value> = OnceLock::new();

/// The component that [`crate::export_rule_pack!`] exports for a pack.
pub struct RulePackComponent<P>(PhantomData<P>);

impl<P: RulePack> bindings::meta::exports::bartizan::plugin::meta::Guest for RulePackComponent<P> {
    fn describe() -> Info {
        P::info()
    }

    fn configure(config: String) -> Result<(), String> {
        set_config(&config, P::configure)
    }
}

/// Keeps a configuration that the pack takes.
fn set_config(config: &str, takes: fn(&serde_json::Value) -> Result<(), String>) -> Result<(), String> {
    let value = serde_json::from_str(config).map_err(|error| format!("not JSON: {error}"))?;
    takes(&value)?;
    CONFIG.set(value).map_err(|_| "configured twice".to_owned())
}

impl<P: RulePack> bindings::rules::exports::bartizan::plugin::server_rules::Guest for RulePackComponent<P> {
    fn rules() -> Vec<Rule> {
        P::rules()
    }

    fn check(server: Server, enabled: Vec<String>) -> Result<Vec<Finding>, Failure> {
        let config: Config = CONFIG.get().cloned();
        let findings = P::check(&server, &Enabled::new(enabled), &config)?;
        Ok(bound::worst_within_limits(findings, &P::rules(), &server))
    }
}

/// The component that [`crate::export_reporter!`] exports for a reporter.
pub struct ReporterComponent<R>(PhantomData<R>);

impl<R: Reporter> bindings::meta::exports::bartizan::plugin::meta::Guest for ReporterComponent<R> {
    fn describe() -> Info {
        R::info()
    }

    fn configure(_config: String) -> Result<(), String> {
        Err("this component takes no configuration".to_owned())
    }
}

impl<R: Reporter> bindings::reporter::exports::bartizan::plugin::reporter::Guest for ReporterComponent<R> {
    fn formats() -> Vec<Format> {
        R::formats()
    }

    fn render(format: String, report: String, options: String) -> Result<Vec<u8>, Failure> {
        R::render(&format, &report, &RenderOptions::from_json(&options))
    }
}

/// The component that [`crate::export_drift_pack!`] exports for a pack.
pub struct DriftPackComponent<P>(PhantomData<P>);

impl<P: DriftPack> bindings::meta::exports::bartizan::plugin::meta::Guest for DriftPackComponent<P> {
    fn describe() -> Info {
        P::info()
    }

    fn configure(config: String) -> Result<(), String> {
        set_config(&config, P::configure)
    }
}

impl<P: DriftPack> bindings::drift::exports::bartizan::plugin::drift_rules::Guest for DriftPackComponent<P> {
    fn rules() -> Vec<Rule> {
        P::rules()
    }

    fn compare(pinned: Server, present: Server, enabled: Vec<String>) -> Result<Vec<Finding>, Failure> {
        let config: Config = CONFIG.get().cloned();
        let findings = P::compare(&pinned, &present, &Enabled::new(enabled), &config)?;
        Ok(bound::worst_within_limits(findings, &P::rules(), &present))
    }
}

/// The component that [`crate::export_fleet_pack!`] exports for a pack.
pub struct FleetPackComponent<P>(PhantomData<P>);

impl<P: FleetPack> bindings::meta::exports::bartizan::plugin::meta::Guest for FleetPackComponent<P> {
    fn describe() -> Info {
        P::info()
    }

    fn configure(config: String) -> Result<(), String> {
        set_config(&config, P::configure)
    }
}

impl<P: FleetPack> bindings::fleet::exports::bartizan::plugin::fleet_rules::Guest for FleetPackComponent<P> {
    fn rules() -> Vec<Rule> {
        P::rules()
    }

    fn note(server: Server, enabled: Vec<String>) -> Result<Vec<Fact>, Failure> {
        let config: Config = CONFIG.get().cloned();
        P::note(&server, &Enabled::new(enabled), &config)
    }

    fn judge(groups: Vec<Group>, enabled: Vec<String>) -> Result<Vec<FleetFinding>, Failure> {
        let (config, enabled): (Config, _) = (CONFIG.get().cloned(), Enabled::new(enabled));
        let mut findings = Vec::new();
        for group in &groups {
            findings.extend(P::judge(group, &enabled, &config)?);
        }
        Ok(findings)
    }
}
