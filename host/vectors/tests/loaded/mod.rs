//! The components that ship, loaded as a scan loads them.

use bartizan_kernel::Component;
use bartizan_scan::{Plugins, Sources};

pub(crate) fn plugins() -> Plugins {
    Plugins::load(Sources::shipped()).unwrap()
}

#[allow(dead_code, reason = "one of the tests asks all of them")]
pub(crate) fn component<'a>(plugins: &'a Plugins, name: &str) -> &'a Component {
    let standing = plugins.loaded().iter().find(|standing| standing.component.reference().name == name);
    &standing.unwrap_or_else(|| panic!("{name} does not ship")).component
}
