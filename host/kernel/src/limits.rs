//! What a component may use.

use std::time::Duration;

/// Bounds on one call into a component. Every one of them, when hit, ends that call and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Linear memory of all its memories together, in bytes.
    pub memory_bytes: usize,
    /// Elements of all its tables together.
    pub table_elements: usize,
    /// Core instances. A Rust or C component has about three; a Python one has 38.
    pub instances: usize,
    /// Handles it may hold to host or own resources.
    pub handles: usize,
    /// What one call may make the host allocate while values are lifted out of the component, in bytes.
    pub host_bytes: usize,
    /// Fuel for one call, about one unit a WebAssembly instruction. The same input trips it at the same place on every machine.
    pub fuel: u64,
    /// Wall-clock backstop for one call, for what fuel does not foresee: a machine far slower or busier than ours. Far enough
    /// from the two seconds that the default fuel lasts here for fuel to be what trips, so that verdicts do not depend on load.
    pub deadline: Duration,
    /// Findings that one call may return.
    pub findings: usize,
    /// Bytes of text in all findings of one call together.
    pub finding_bytes: usize,
    /// Bytes that a reporter may return.
    pub report_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 16 << 20,
            table_elements: 20_000,
            instances: 64,
            handles: 1_000,
            host_bytes: 16 << 20,
            fuel: 2_000_000_000,
            deadline: Duration::from_secs(20),
            findings: 1_000,
            finding_bytes: 1 << 20,
            report_bytes: 16 << 20,
        }
    }
}

impl Limits {
    /// For reporters: they hold the whole report, the text they make of it and what they are at, and what they return is
    /// one big value.
    #[must_use]
    pub fn for_reporter(self) -> Self {
        Self { host_bytes: self.report_bytes, ..self.for_much() }
    }

    /// For what is given much at once: a report, or what was noted of ten thousand servers. Only what was left at its default is raised;
    /// what a user set holds here too.
    #[must_use]
    pub fn for_much(self) -> Self {
        let usual = Self::default();
        Self {
            memory_bytes: if self.memory_bytes == usual.memory_bytes { 64 << 20 } else { self.memory_bytes },
            fuel: if self.fuel == usual.fuel { 3 * usual.fuel } else { self.fuel },
            deadline: if self.deadline == usual.deadline { 3 * usual.deadline } else { self.deadline },
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_set_holds_for_reporters_too() {
        let set = Limits {
            memory_bytes: 1 << 20,
            fuel: 7,
            deadline: Duration::from_millis(3),
            ..Limits::default()
        };
        let reporter = set.for_reporter();
        assert_eq!(
            (reporter.memory_bytes, reporter.fuel, reporter.deadline),
            (set.memory_bytes, set.fuel, set.deadline)
        );
        assert!(Limits::default().for_reporter().memory_bytes > Limits::default().memory_bytes);
    }
}
