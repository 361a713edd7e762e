//! The components that ship, loaded as a scan loads them.

use std::collections::BTreeMap;

use bartizan_kernel::Component;
use bartizan_registry::{Ratchet, TrustStore};
use bartizan_scan::{Plugins, Sources};

pub(crate) fn plugins() -> Plugins {
    let sources = Sources {
        store: None,
        incoming: Vec::new(),
        locked: None,
        folders: Vec::new(),
        trust: TrustStore::empty(),
        ratchet: Ratchet::in_memory(),
        cache: None,
        limits: bartizan_kernel::Limits::default(),
        settings: BTreeMap::new(),
    };
    Plugins::load(sources).unwrap()
}

#[allow(dead_code, reason = "one of the tests asks all of them")]
pub(crate) fn component<'a>(plugins: &'a Plugins, name: &str) -> &'a Component {
    let standing = plugins.loaded().iter().find(|standing| standing.component.reference().name == name);
    &standing.unwrap_or_else(|| panic!("{name} does not ship")).component
}
