//! Capabilities: handed from one process of the launcher to the next, and given up before the server starts.

use caps::{CapSet, Capability, errors::CapsError};

use super::facts::Fact;

/// Whether namespaces can be made without one for users.
pub(super) fn may_administer() -> bool {
    caps::has_cap(None, CapSet::Effective, Capability::CAP_SYS_ADMIN).unwrap_or(false)
}

/// Keeps them over the start of the next program, which for other users than root would lose them.
pub(super) fn hand_down() -> Fact {
    hand_down_or_fail().map_err(|why| why.to_string())
}

fn hand_down_or_fail() -> Result<(), CapsError> {
    let permitted = caps::read(None, CapSet::Permitted)?;
    caps::set(None, CapSet::Inheritable, &permitted)?;
    permitted.into_iter().try_for_each(|capability| caps::raise(None, CapSet::Ambient, capability))
}

/// Gives up all of them, for good.
pub(super) fn drop_all() -> Fact {
    // An old kernel without ambient ones has none to clear.
    let _ = caps::clear(None, CapSet::Ambient);
    if caps::has_cap(None, CapSet::Effective, Capability::CAP_SETPCAP).unwrap_or(false) {
        // Without new privileges this set gives nothing; it is emptied for what reads it.
        let _ = caps::clear(None, CapSet::Bounding);
    }
    caps::clear(None, CapSet::Inheritable)
        .and_then(|()| caps::clear(None, CapSet::Permitted))
        .map_err(|why| why.to_string())
}
