//! WASI for guests whose toolchain cannot leave it out: an enumerated set, each interface empty and deterministic.
//!
//! No preopened folder, closed stdin, output to nowhere, no environment or arguments, a clock that stands still, a random
//! source with a fixed seed. Sockets and HTTP are not in the set and never will be: there is nothing to grant.

use std::time::Duration;

use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::{
    Deterministic, HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView,
    cli::{WasiCli, WasiCliView as _},
    clocks::{WasiClocks, WasiClocksView as _},
    filesystem::{WasiFilesystem, WasiFilesystemView as _},
    p2::bindings::{cli, clocks, filesystem, random},
    random::WasiRandom,
};
use wasmtime_wasi_io::{bindings::wasi::io, poll::DynPollable};

use crate::store::HostState;

/// The interfaces that the `wasi` grant links, without their versions.
const OFFERED: &[&str] = &[
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:cli/terminal-stderr",
    "wasi:clocks/wall-clock",
    "wasi:clocks/monotonic-clock",
    "wasi:filesystem/types",
    "wasi:filesystem/preopens",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/random",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
];

pub(crate) const NEVER: &str = "No grant gives it: components have no network";

pub(crate) const HOW_TO_LEAVE_OUT: &str = "Leave WASI out: in Rust build for wasm32-unknown-unknown instead of wasm32-wasip2; \
with componentize-py add `-s`; with `jco componentize --backend qjs` add `--backend-qjs-disable-async --backend-qjs-stub-wasi`; \
with componentize-js add `-d stdio random clocks http fetch-event`. If it cannot be left out, it must ask for the grant `wasi` in its \
signed statement, and be given it";

/// Whether the `wasi` grant links this import, whatever its version.
pub(crate) fn is_offered(import: &str) -> bool {
    let interface = import.split_once('@').map_or(import, |(interface, _)| interface);
    OFFERED.contains(&interface)
}

/// The empty world of one instance.
pub(crate) struct Empty {
    ctx: WasiCtx,
    table: ResourceTable,
}

impl Default for Empty {
    fn default() -> Self {
        let seed = || Deterministic::new(vec![0x42, 0x61, 0x72, 0x74, 0x69, 0x7a, 0x61, 0x6e]);
        let mut ctx = WasiCtxBuilder::new();
        ctx.wall_clock(Still).monotonic_clock(Still);
        ctx.secure_random(seed()).insecure_random(seed()).insecure_random_seed(0x4261_7274_697a_616e);
        ctx.max_random_size(1 << 20);
        ctx.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
        let mut table = ResourceTable::new();
        table.set_max_capacity(1_000);
        Self { ctx: ctx.build(), table }
    }
}

/// A clock that stands still at 2020-01-01T00:00:00Z: guests that print or seed from the date work, and always alike.
struct Still;

const STILL: Duration = Duration::from_hours(438_288);

impl HostWallClock for Still {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        STILL
    }
}

impl HostMonotonicClock for Still {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        0
    }
}

impl WasiView for HostState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let Empty { ctx, table } = self.wasi.get_or_insert_default();
        WasiCtxView { ctx, table }
    }
}

struct Io;

impl HasData for Io {
    type Data<'a> = &'a mut ResourceTable;
}

/// Links what [`OFFERED`] lists, and nothing else.
pub(crate) fn add_to_linker(l: &mut Linker<HostState>) -> wasmtime::Result<()> {
    type S = HostState;
    io::error::add_to_linker::<S, Io>(l, |s| s.ctx().table)?;
    io::poll::add_to_linker::<S, Io>(l, |s| s.ctx().table)?;
    io::streams::add_to_linker::<S, Io>(l, |s| s.ctx().table)?;
    clocks::wall_clock::add_to_linker::<S, WasiClocks>(l, S::clocks)?;
    clocks::monotonic_clock::add_to_linker::<S, WasiClocks>(l, S::clocks)?;
    filesystem::types::add_to_linker::<S, WasiFilesystem>(l, S::filesystem)?;
    filesystem::preopens::add_to_linker::<S, WasiFilesystem>(l, S::filesystem)?;
    random::random::add_to_linker::<S, WasiRandom>(l, |s| s.ctx().ctx.random())?;
    random::insecure::add_to_linker::<S, WasiRandom>(l, |s| s.ctx().ctx.random())?;
    random::insecure_seed::add_to_linker::<S, WasiRandom>(l, |s| s.ctx().ctx.random())?;
    cli::exit::add_to_linker::<S, WasiCli>(l, S::cli)?;
    cli::environment::add_to_linker::<S, WasiCli>(l, S::cli)?;
    cli::stdin::add_to_linker::<S, WasiCli>(l, S::cli)?;
    cli::stdout::add_to_linker::<S, WasiCli>(l, S::cli)?;
    cli::stderr::add_to_linker::<S, WasiCli>(l, S::cli)?;
    cli::terminal_input::add_to_linker::<S, WasiCli>(l, S::cli)?;
    cli::terminal_output::add_to_linker::<S, WasiCli>(l, S::cli)?;
    cli::terminal_stdin::add_to_linker::<S, WasiCli>(l, S::cli)?;
    cli::terminal_stdout::add_to_linker::<S, WasiCli>(l, S::cli)?;
    cli::terminal_stderr::add_to_linker::<S, WasiCli>(l, S::cli)?;

    // Waiting for a clock that stands still never ends, and the runtime's own timer needs a reactor that is not there.
    l.allow_shadowing(true);
    let mut clock = l.instance("wasi:clocks/monotonic-clock@0.2.12")?;
    for wait in ["subscribe-duration", "subscribe-instant"] {
        clock.func_wrap(wait, |_, (_,): (u64,)| -> wasmtime::Result<(Resource<DynPollable>,)> {
            Err(wasmtime::Error::msg("components cannot wait: there is no clock"))
        })?;
    }
    l.allow_shadowing(false);
    Ok(())
}
