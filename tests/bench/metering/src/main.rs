//! What fuel, epochs, both and the pooling allocator cost, on two loops and on instantiation: figures for
//! docs/performance.md and for the choice in host/kernel/src/engine.rs. The only place besides the kernel that names
//! the runtime: it varies what the kernel keeps fixed.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Instant,
};

use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Result, Store,
    component::{Component, InstancePre, Linker},
};

/// `scan` looks at every byte of a 64 KiB page `n` times; `multiply` is arithmetic that waits on itself.
const GUEST: &str = r#"
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "scan") (param $n i32) (result i32) (local $i i32) (local $hits i32)
      (loop $again
        (local.set $i (i32.const 0))
        (loop $bytes
          (local.set $hits (i32.add (local.get $hits)
            (i32.eq (i32.load8_u (local.get $i)) (i32.const 0x41))))
          (br_if $bytes (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 65536))))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.get $hits))
    (func (export "multiply") (param $n i32) (result i32) (local $x i64) (local $i i32)
      (local.set $x (i64.const 0x9e3779b97f4a7c15))
      (loop $again
        (local.set $i (i32.const 0))
        (loop $inner
          (local.set $x (i64.mul (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 29))) (i64.const 0xbf58476d1ce4e5b9)))
          (br_if $inner (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 65536))))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (i32.wrap_i64 (local.get $x))))
  (core instance $i (instantiate $m))
  (func (export "scan") (param "n" u32) (result u32) (canon lift (core func $i "scan")))
  (func (export "multiply") (param "n" u32) (result u32) (canon lift (core func $i "multiply"))))
"#;

const ROUNDS: u32 = 100;
const REPEATS: usize = 15;

#[derive(Clone, Copy)]
struct Variant {
    name: &'static str,
    fuel: bool,
    yields: bool,
    epoch: bool,
    pooling: bool,
}

fn main() -> Result<()> {
    let plain = Variant { name: "plain", fuel: false, yields: false, epoch: false, pooling: false };
    let variants = [
        plain,
        Variant { name: "epoch", epoch: true, ..plain },
        Variant { name: "fuel", fuel: true, ..plain },
        Variant { name: "fuel, yielding every 1M (ours)", fuel: true, yields: true, ..plain },
        Variant { name: "fuel and epoch", fuel: true, epoch: true, ..plain },
        Variant { name: "ours, pooling", fuel: true, yields: true, pooling: true, ..plain },
    ];
    let prepared = variants.iter().map(|variant| prepare(*variant)).collect::<Result<Vec<_>>>()?;
    println!("{:32} {:>12} {:>12} {:>16} {:>16}", "", "scan", "multiply", "instance + drop", "on two threads");
    let mut base = None;
    // Rounds go over all variants, so that what the machine does meanwhile hits them alike; the minimum of each counts.
    let mut best = vec![[f64::MAX; 4]; prepared.len()];
    for _ in 0..REPEATS {
        for (p, best) in prepared.iter().zip(&mut best) {
            let figures = [
                timed(|| p.call("scan", ROUNDS))?,
                timed(|| p.call("multiply", ROUNDS))?,
                timed(|| (0..200).try_for_each(|_| p.instantiate()))? / 200.0,
                timed(|| both_threads(p))? / 200.0,
            ];
            for (best, figure) in best.iter_mut().zip(figures) {
                *best = best.min(figure);
            }
        }
    }
    for (p, figures) in prepared.iter().zip(&best) {
        let base = *base.get_or_insert(*figures);
        let ratio = |i: usize| format!("{:.2}x", figures[i] / base[i]);
        println!(
            "{:32} {:>12} {:>12} {:>13.1} µs {:>13.1} µs",
            p.variant.name,
            ratio(0),
            ratio(1),
            figures[2] * 1e6,
            figures[3] * 1e6
        );
    }
    let plain = best[0];
    println!("\n1.00x is {:.2} ms for scan and {:.2} ms for multiply; minimum of {REPEATS} rounds", plain[0] * 1e3, plain[1] * 1e3);
    Ok(())
}

struct Prepared {
    variant: Variant,
    engine: Engine,
    pre: InstancePre<()>,
}

fn prepare(variant: Variant) -> Result<Prepared> {
    let mut config = Config::new();
    config.consume_fuel(variant.fuel).epoch_interruption(variant.epoch).concurrency_support(false);
    config.max_wasm_stack(512 << 10).async_stack_size(1 << 20);
    if variant.pooling {
        let mut pool = PoolingAllocationConfig::new();
        pool.max_memory_size(16 << 20).total_memories(64).total_stacks(64);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    let engine = Engine::new(&config)?;
    let component = Component::new(&engine, GUEST)?;
    let pre = Linker::new(&engine).instantiate_pre(&component)?;
    Ok(Prepared { variant, engine, pre })
}

impl Prepared {
    fn store(&self) -> Result<Store<()>> {
        let mut store = Store::new(&self.engine, ());
        if self.variant.fuel {
            store.set_fuel(u64::MAX / 2)?;
        }
        if self.variant.yields {
            store.fuel_async_yield_interval(Some(1_000_000))?;
        }
        if self.variant.epoch {
            store.set_epoch_deadline(u64::MAX / 2);
        }
        Ok(store)
    }

    fn instantiate(&self) -> Result<()> {
        let mut store = self.store()?;
        if self.variant.yields {
            run(self.pre.instantiate_async(&mut store))?;
        } else {
            self.pre.instantiate(&mut store)?;
        }
        Ok(())
    }

    fn call(&self, name: &str, n: u32) -> Result<()> {
        let mut store = self.store()?;
        if self.variant.yields {
            let instance = run(self.pre.instantiate_async(&mut store))?;
            let function = instance.get_typed_func::<(u32,), (u32,)>(&mut store, name)?;
            run(function.call_async(&mut store, (n,)))?;
        } else {
            let instance = self.pre.instantiate(&mut store)?;
            let function = instance.get_typed_func::<(u32,), (u32,)>(&mut store, name)?;
            function.call(&mut store, (n,))?;
        }
        Ok(())
    }
}

fn both_threads(p: &Prepared) -> Result<()> {
    std::thread::scope(|scope| {
        let other = scope.spawn(|| (0..100).try_for_each(|_| p.instantiate()));
        (0..100).try_for_each(|_| p.instantiate())?;
        other.join().unwrap_or(Ok(()))
    })
}

fn run<T>(call: impl Future<Output = T>) -> T {
    let mut call = pin!(call);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(answer) = call.as_mut().poll(&mut context) {
            return answer;
        }
    }
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}
