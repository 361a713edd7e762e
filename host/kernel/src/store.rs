//! The state of one call: what the component has taken so far, and the bounds on it.

use bartizan_model::ComponentRef;
use wasmtime::{Engine, ResourceLimiter, Store, Trap};

use crate::{CallFailure, FailureKind, Limits, error::Resource, wasi};

/// Fuel between two looks at the clock: well under a millisecond of work.
const FUEL_BETWEEN_LOOKS: u64 = 1_000_000;

/// What stands behind a running instance on the host's side.
#[derive(Default)]
pub(crate) struct HostState {
    /// Made when the first WASI function is called; nearly no component has one.
    pub(crate) wasi: Option<wasi::Empty>,
    limiter: Limiter,
}

impl HostState {
    /// Linear memory that the call has taken, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.limiter.memory
    }
}

/// Counts memory and tables over all that a component instantiates, and remembers which bound was hit.
#[derive(Default)]
struct Limiter {
    limits: Limits,
    memory: usize,
    elements: usize,
    exceeded: Option<(Resource, u64)>,
}

impl Limiter {
    fn grow(
        used: &mut usize,
        (current, desired): (usize, usize),
        limit: usize,
        resource: Resource,
        exceeded: &mut Option<(Resource, u64)>,
    ) -> wasmtime::Result<bool> {
        let wanted = used.saturating_add(desired.saturating_sub(current));
        if wanted > limit {
            *exceeded = Some((resource, limit as u64));
            return Err(wasmtime::Error::msg("limit exceeded"));
        }
        *used = wanted;
        Ok(true)
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let Self { limits, memory, exceeded, .. } = self;
        Self::grow(memory, (current, desired), limits.memory_bytes, Resource::LinearMemory, exceeded)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let Self { limits, elements, exceeded, .. } = self;
        Self::grow(elements, (current, desired), limits.table_elements, Resource::TableElements, exceeded)
    }

    fn instances(&self) -> usize {
        self.limits.instances
    }

    fn tables(&self) -> usize {
        self.limits.instances
    }

    fn memories(&self) -> usize {
        self.limits.instances
    }
}

/// A store with every bound set.
pub(crate) fn store(engine: &Engine, limits: Limits) -> wasmtime::Result<Store<HostState>> {
    let mut store =
        Store::new(engine, HostState { wasi: None, limiter: Limiter { limits, ..Limiter::default() } });
    store.limiter(|state| &mut state.limiter);
    store.set_hostcall_fuel(limits.host_bytes);
    store.set_max_component_handles(limits.handles);
    store.set_fuel(limits.fuel)?;
    store.fuel_async_yield_interval(Some(FUEL_BETWEEN_LOOKS))?;
    Ok(store)
}

/// What ended a call, from the runtime's error and what the store remembers.
pub(crate) fn failure(
    error: &wasmtime::Error,
    store: &Store<HostState>,
    component: &ComponentRef,
    call: &'static str,
) -> CallFailure {
    let limiter = &store.data().limiter;
    let kind = if let Some((resource, limit)) = limiter.exceeded {
        FailureKind::Limit { resource, limit }
    } else if let Some(trap) = error.downcast_ref::<Trap>() {
        match trap {
            Trap::OutOfFuel => FailureKind::Fuel { limit: limiter.limits.fuel },
            Trap::StackOverflow => FailureKind::Stack,
            other => FailureKind::Trap(other.to_string().trim_start_matches("wasm trap: ").to_owned()),
        }
    } else {
        let message = bartizan_model::printable(&format!("{error:#}"));
        if message.contains("hostcalls has been exhausted") {
            FailureKind::Limit { resource: Resource::HostMemory, limit: limiter.limits.host_bytes as u64 }
        } else if message.contains("resource limit exceeded") {
            FailureKind::Limit { resource: Resource::Instances, limit: limiter.limits.instances as u64 }
        } else {
            FailureKind::Malformed(bartizan_model::truncate_chars(&message, 300))
        }
    };
    CallFailure { component: component.clone(), call, kind }
}
