//! The engine: which WebAssembly is understood, and how running code is metered.

use std::hash::{Hash as _, Hasher};

use bartizan_model::Digest;
use wasmtime::{Config, Engine, Strategy, WasmFeatures};

use crate::KernelError;

/// What the compiled code counts while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metering {
    /// Instructions: a limit trips at the same place everywhere. For scans.
    Fuel,
    /// Ticks of a clock: cheaper in some loops. For live paths, where latency counts and verdicts need not be reproducible.
    Epoch,
}

/// Native stack for the deepest chain of WebAssembly calls, in bytes.
const WASM_STACK: usize = 512 << 10;
/// Stack on which a component's call runs: the above and room for the host functions it calls.
const CALL_STACK: usize = WASM_STACK + (512 << 10);

/// An engine with everything switched off that no guest needs.
///
/// Code is compiled for the platform's baseline and not for the CPU at hand, so that what is compiled ahead loads on every
/// machine of the platform, and the same input burns the same code path everywhere.
pub(crate) fn engine(metering: Metering) -> Result<Engine, KernelError> {
    Engine::new(&config(metering)?).map_err(|error| KernelError::Engine(format!("{error:#}")))
}

/// The settings of [`engine`], for benches that vary one of them.
pub(crate) fn config(metering: Metering) -> Result<Config, KernelError> {
    let mut config = Config::new();
    config.target(env!("KERNEL_TARGET")).map_err(|error| KernelError::Engine(format!("{error:#}")))?;
    config.strategy(Strategy::Cranelift);
    config.wasm_component_model(true);
    // An async call is how a running component is paused to look at the clock (see `run`); components themselves are synchronous.
    config.concurrency_support(false);
    config.max_wasm_stack(WASM_STACK);
    config.async_stack_size(CALL_STACK);
    // NaN bits differ between CPUs; the same input must give the same answer.
    config.cranelift_nan_canonicalization(true);
    // Frames are not shown to anybody, and collecting them costs at every trap.
    config.wasm_backtrace_max_frames(None);
    config.generate_address_map(false);
    match metering {
        Metering::Fuel => config.consume_fuel(true),
        Metering::Epoch => config.epoch_interruption(true),
    };
    // What the guests of GUESTS need is MVP plus what every toolchain has emitted by default for years: mutable globals,
    // sign extension, saturating conversions, multi-value, bulk memory, reference types. The rest is attack surface. (Multiple
    // memories the runtime itself needs, for the adapters between the parts of a component; guests are refused them by
    // `shape::validate`.)
    for feature in [
        WasmFeatures::SIMD,
        WasmFeatures::RELAXED_SIMD,
        WasmFeatures::THREADS,
        WasmFeatures::SHARED_EVERYTHING_THREADS,
        WasmFeatures::MEMORY64,
        WasmFeatures::TAIL_CALL,
        WasmFeatures::EXCEPTIONS,
        WasmFeatures::LEGACY_EXCEPTIONS,
        WasmFeatures::GC,
        WasmFeatures::FUNCTION_REFERENCES,
        WasmFeatures::STACK_SWITCHING,
        WasmFeatures::WIDE_ARITHMETIC,
        WasmFeatures::CUSTOM_PAGE_SIZES,
        WasmFeatures::CM_ASYNC,
        WasmFeatures::CM_MORE_ASYNC_BUILTINS,
        WasmFeatures::CM_ASYNC_STACKFUL,
        WasmFeatures::CM_THREADING,
        WasmFeatures::CM_ERROR_CONTEXT,
        WasmFeatures::CM_GC,
        WasmFeatures::CM_MAP,
        WasmFeatures::CM64,
        WasmFeatures::CM_FIXED_LENGTH_LISTS,
        WasmFeatures::CM_IMPLEMENTS,
    ] {
        config.wasm_features(feature, false);
    }
    Ok(config)
}

/// The version of the runtime, for `--version` and for keys of compiled code.
pub fn runtime_version() -> &'static str {
    // Kept in step with the pin in Cargo.toml by a test.
    "48.0.8"
}

/// Says under which settings code was compiled: code is loaded only under the very same.
pub(crate) fn settings_digest(engine: &Engine) -> Digest {
    let mut bytes = Collect(Vec::new());
    engine.precompile_compatibility_hash().hash(&mut bytes);
    Digest::of_parts(&[
        b"bartizan-code-1",
        runtime_version().as_bytes(),
        env!("CARGO_PKG_VERSION").as_bytes(),
        env!("KERNEL_TARGET").as_bytes(),
        &bytes.0,
    ])
}

/// Keeps what is hashed instead of hashing it: std's hashers promise nothing from one release to the next.
struct Collect(Vec<u8>);

impl Hasher for Collect {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_is_the_one_that_is_pinned() {
        let manifest = include_str!("../../../Cargo.toml");
        assert!(manifest.contains(&format!("wasmtime = {{ version = \"={}\"", runtime_version())));
    }

    #[test]
    fn proposals_that_no_guest_needs_are_refused() {
        let engine = engine(Metering::Fuel).unwrap();
        for (proposal, module) in [
            ("threads", "(module (memory 1 1 shared))"),
            ("memory64", "(module (memory i64 1))"),
            ("simd", "(module (func (result v128) v128.const i64x2 0 0))"),
            ("tail calls", "(module (func $f (return_call $f)))"),
            ("exceptions", "(module (tag))"),
            ("gc", "(module (type (struct)))"),
        ] {
            let component =
                wat::parse_str(format!("(component (core {})", module.trim_start_matches('('))).unwrap();
            assert!(engine.precompile_component(&component).is_err(), "{proposal} is understood");
        }
        let plain = wat::parse_str("(component (core module (memory 1) (func (export \"f\"))))").unwrap();
        engine.precompile_component(&plain).unwrap();
    }

    #[test]
    fn settings_tell_scan_and_live_code_apart() {
        let scan = settings_digest(&engine(Metering::Fuel).unwrap());
        assert_eq!(scan, settings_digest(&engine(Metering::Fuel).unwrap()));
        assert_ne!(scan, settings_digest(&engine(Metering::Epoch).unwrap()));
    }
}
