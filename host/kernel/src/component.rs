//! The kernel, and the components it has loaded.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bartizan_model::{ComponentRef, Digest, Finding, Rule, Server};
use bartizan_registry::{Claims, Verified};
use wasmtime::{
    Engine, Store,
    component::{InstancePre, Linker},
};

use crate::{
    CacheWarning, CallFailure, CodeCache, CodeOrigin, Fact, FailureKind, Group, KernelError, Limits,
    LoadError, LoadReason, Metering, Shape, answer, code, contract,
    contract::{Answer, Contract, Described},
    engine, run, shape,
    store::{self, HostState},
    wasi,
};

/// Loads components and runs them.
pub struct Kernel {
    engine: Engine,
    settings: Digest,
    cache: Option<CodeCache>,
    interrupted: Arc<AtomicBool>,
}

impl Kernel {
    /// A kernel for scans. Without a cache, what is not compiled ahead is compiled at every start.
    pub fn new(cache: Option<CodeCache>) -> Result<Self, KernelError> {
        let engine = engine::engine(Metering::Fuel)?;
        let settings = engine::settings_digest(&engine);
        Ok(Self { engine, settings, cache, interrupted: Arc::default() })
    }

    /// Ends running calls, and every later one, when set to true: for an interrupt by the user.
    pub fn interrupt_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.interrupted)
    }

    /// Digest of the settings under which this kernel compiles: what a publisher names who ships compiled code.
    pub fn settings(&self) -> Digest {
        self.settings
    }

    /// Compiles a component for this kernel's settings. Nothing of it runs, so it need not be verified yet.
    pub fn compile_ahead(&self, component: &[u8]) -> Result<Vec<u8>, LoadReason> {
        code::compile(&self.engine, component)
    }

    /// Loads a verified component.
    ///
    /// In this order: its shape (imports outside its world are refused before anything is compiled), its code, its types, and
    /// what it says of itself, which must be what was signed. `ahead` is code that was compiled ahead; it is used if the
    /// signed statement vouches for it and the publisher is the first-party one.
    pub fn load(
        &self,
        verified: &Verified,
        limits: Limits,
        ahead: Option<&[u8]>,
    ) -> Result<Component, LoadError> {
        let reference = verified.reference();
        self.load_parts(verified, limits, ahead).map_err(|reason| LoadError { component: reference, reason })
    }

    fn load_parts(
        &self,
        verified: &Verified,
        limits: Limits,
        ahead: Option<&[u8]>,
    ) -> Result<Component, LoadReason> {
        let shape = shape::read(verified.bytes(), verified.grants())?;
        let (compiled, origin, warning) =
            code::load(&self.engine, self.settings, verified, ahead, self.cache.as_ref())?;
        let wrong_type = |error: wasmtime::Error| {
            LoadReason::WrongType(bartizan_model::truncate_chars(
                &bartizan_model::printable(&format!("{error:#}")),
                300,
            ))
        };
        let mut linker = Linker::<HostState>::new(&self.engine);
        if shape.wasi {
            wasi::add_to_linker(&mut linker).map_err(wrong_type)?;
        }
        let pre: InstancePre<HostState> = linker.instantiate_pre(&compiled).map_err(wrong_type)?;
        let adapter = contract::adapter(shape, &pre).map_err(wrong_type)?;
        let limits = match (shape.judges(), shape.fleet) {
            (false, _) => limits.for_reporter(),
            (true, true) => limits.for_much(),
            (true, false) => limits,
        };

        let mut component = Component {
            reference: verified.reference(),
            claims: verified.claims().clone(),
            shape,
            origin,
            cache_warning: warning,
            summary: String::new(),
            config_schema: String::new(),
            rules: Rules::default(),
            formats: Vec::new(),
            config: None,
            limits,
            engine: self.engine.clone(),
            adapter,
            interrupted: Arc::clone(&self.interrupted),
        };
        let described = component.describe().map_err(|failure| LoadReason::Call(Box::new(failure)))?;
        let declared = answer::declared(described, &component.claims)?;
        component.summary = declared.summary;
        component.config_schema = declared.config_schema;
        component.rules = declared.rules;
        component.formats = declared.formats;
        Ok(component)
    }
}

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kernel")
            .field("settings", &self.settings)
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

/// A format that a reporter offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// What stands after `--format`.
    pub id: String,
    /// Media type.
    pub mime: String,
    /// File name extension without the dot.
    pub extension: String,
    /// Whether the output may be other than UTF-8 text.
    pub binary: bool,
    /// One line.
    pub summary: String,
}

/// What one call took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Fuel, configuring included.
    pub fuel: u64,
    /// Linear memory at its end, which is its most: memory never shrinks.
    pub memory_bytes: usize,
    /// Wall-clock time.
    pub time: Duration,
}

/// A loaded component.
pub struct Component {
    reference: ComponentRef,
    claims: Claims,
    shape: Shape,
    origin: CodeOrigin,
    cache_warning: Option<CacheWarning>,
    summary: String,
    config_schema: String,
    rules: Rules,
    formats: Vec<Format>,
    config: Option<String>,
    limits: Limits,
    engine: Engine,
    adapter: Box<dyn Contract>,
    interrupted: Arc<AtomicBool>,
}

impl Component {
    /// Name, version and digest.
    pub fn reference(&self) -> &ComponentRef {
        &self.reference
    }

    /// What its publisher signed.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// What it is: the parts of the contract that it exports.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Where its compiled code came from.
    pub fn code_origin(&self) -> CodeOrigin {
        self.origin
    }

    /// Why its compiled code could not be kept, if it could not.
    pub fn cache_warning(&self) -> Option<&CacheWarning> {
        self.cache_warning.as_ref()
    }

    /// One line about it.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// JSON Schema of its configuration; empty if it takes none.
    pub fn config_schema(&self) -> &str {
        &self.config_schema
    }

    /// All the rules it judges by.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.server.iter().chain(&self.rules.drift).chain(&self.rules.fleet)
    }

    /// The rules it judges this by.
    pub fn rules_of(&self, question: Question) -> &[Rule] {
        match question {
            Question::Server => &self.rules.server,
            Question::Drift => &self.rules.drift,
            Question::Fleet => &self.rules.fleet,
        }
    }

    /// The formats it renders.
    pub fn formats(&self) -> &[Format] {
        &self.formats
    }

    /// The JSON it was configured with.
    pub fn config(&self) -> Option<&str> {
        self.config.as_deref()
    }

    /// Configures it, from now on, with this JSON value. The component itself says whether it takes it.
    pub fn configure(&mut self, config: &serde_json::Value) -> Result<(), CallFailure> {
        const CALL: &str = "meta.configure";
        let config = config.to_string();
        let mut store = self.store(CALL)?;
        let answer = self.run(self.adapter.configure(&mut store, &config));
        self.told(CALL, answer, &store)?;
        self.config = Some(config);
        Ok(())
    }

    /// Judges a server by the enabled rules, all of which must be this component's.
    pub fn check(&self, server: &Server, enabled: &[String]) -> Result<Vec<Finding>, CallFailure> {
        self.check_measured(server, enabled, &mut Usage::default())
    }

    /// As [`Self::check`], and says what the call took, also where it failed.
    pub fn check_measured(
        &self,
        server: &Server,
        enabled: &[String],
        usage: &mut Usage,
    ) -> Result<Vec<Finding>, CallFailure> {
        const CALL: &str = "server-rules.check";
        let start = Instant::now();
        let mut store = self.store(CALL)?;
        let answer = self.run(self.adapter.check(&mut store, self.config.as_deref(), server, enabled));
        usage.add(self, &store, start);
        let raw = self.told(CALL, answer, &store)?;
        self.answer(enabled, &self.rules.server)
            .findings(raw, &[server])
            .map_err(|why| self.failure(CALL, FailureKind::Malformed(why)))
    }

    /// Judges what changed in a server since it was approved. Findings are about things of either.
    pub fn compare(
        &self,
        pinned: &Server,
        present: &Server,
        enabled: &[String],
        usage: &mut Usage,
    ) -> Result<Vec<Finding>, CallFailure> {
        const CALL: &str = "drift-rules.compare";
        let start = Instant::now();
        let mut store = self.store(CALL)?;
        let config = self.config.as_deref();
        let raw = self.run(self.adapter.compare(&mut store, config, pinned, present, enabled));
        usage.add(self, &store, start);
        let raw = self.told(CALL, raw, &store)?;
        self.answer(enabled, &self.rules.drift)
            .findings(raw, &[present, pinned])
            .map_err(|why| self.failure(CALL, FailureKind::Malformed(why)))
    }

    /// What may matter of a server once it meets others: the first step of judging them together.
    pub fn note(
        &self,
        server: &Server,
        enabled: &[String],
        usage: &mut Usage,
    ) -> Result<Vec<Fact>, CallFailure> {
        const CALL: &str = "fleet-rules.note";
        let start = Instant::now();
        let mut store = self.store(CALL)?;
        let raw = self.run(self.adapter.note(&mut store, self.config.as_deref(), server, enabled));
        usage.add(self, &store, start);
        let raw = self.told(CALL, raw, &store)?;
        answer::facts(raw, server).map_err(|why| self.failure(CALL, FailureKind::Malformed(why)))
    }

    /// Judges topics that several servers speak of: the second step.
    pub fn judge(
        &self,
        groups: &[Group<'_>],
        enabled: &[String],
        usage: &mut Usage,
    ) -> Result<Vec<Finding>, CallFailure> {
        const CALL: &str = "fleet-rules.judge";
        let start = Instant::now();
        let mut store = self.store(CALL)?;
        let raw = self.run(self.adapter.judge(&mut store, self.config.as_deref(), groups, enabled));
        usage.add(self, &store, start);
        let raw = self.told(CALL, raw, &store)?;
        self.answer(enabled, &self.rules.fleet)
            .fleet_findings(raw, groups)
            .map_err(|why| self.failure(CALL, FailureKind::Malformed(why)))
    }

    /// Renders a report (the documented JSON, as text) in one of its formats.
    pub fn render(&self, format: &Format, report: &str, options: &str) -> Result<Vec<u8>, CallFailure> {
        const CALL: &str = "reporter.render";
        let mut store = self.store(CALL)?;
        let answer = self.run(self.adapter.render(&mut store, &format.id, report, options));
        let bytes = self.told(CALL, answer, &store)?;
        let malformed = |why: String| self.failure(CALL, FailureKind::Malformed(why));
        if bytes.len() > self.limits.report_bytes {
            return Err(malformed(format!(
                "{} bytes; at most {} are taken",
                bytes.len(),
                self.limits.report_bytes
            )));
        }
        if !format.binary && std::str::from_utf8(&bytes).is_err() {
            return Err(malformed(format!("format `{}` is text, but the answer is not UTF-8", format.id)));
        }
        Ok(bytes)
    }

    fn describe(&self) -> Result<Described, CallFailure> {
        const CALL: &str = "meta.describe";
        let mut store = self.store(CALL)?;
        let answer = self.run(self.adapter.describe(&mut store));
        self.settle(CALL, answer, &store)
    }

    /// A fresh store: every call has one of its own, with the whole of the limits.
    fn store(&self, call: &'static str) -> Result<Store<HostState>, CallFailure> {
        if self.interrupted.load(Ordering::Relaxed) {
            return Err(self.failure(call, FailureKind::Interrupted));
        }
        store::store(&self.engine, self.limits)
            .map_err(|error| self.failure(call, FailureKind::Malformed(format!("{error:#}"))))
    }

    fn run<T>(&self, call: Answer<'_, T>) -> Result<wasmtime::Result<T>, FailureKind> {
        run::to_end(call, self.limits.deadline, &self.interrupted)
    }

    /// The answer, or what ended the call.
    fn settle<T>(
        &self,
        call: &'static str,
        answer: Result<wasmtime::Result<T>, FailureKind>,
        store: &Store<HostState>,
    ) -> Result<T, CallFailure> {
        answer
            .map_err(|kind| self.failure(call, kind))?
            .map_err(|error| store::failure(&error, store, &self.reference, call))
    }

    /// As [`Self::settle`], for a call whose answer may be that the component could not.
    fn told<T>(
        &self,
        call: &'static str,
        answer: Result<wasmtime::Result<Result<T, String>>, FailureKind>,
        store: &Store<HostState>,
    ) -> Result<T, CallFailure> {
        self.settle(call, answer, store)?.map_err(|why| self.failure(call, FailureKind::GaveUp(clean(&why))))
    }

    fn answer<'a>(&'a self, enabled: &'a [String], rules: &'a [Rule]) -> answer::Check<'a> {
        answer::Check { rules, enabled, component: &self.reference, limits: &self.limits }
    }

    fn failure(&self, call: &'static str, kind: FailureKind) -> CallFailure {
        CallFailure { component: self.reference.clone(), call, kind }
    }
}

/// What a rule can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What one server presents.
    Server,
    /// What changed in a server.
    Drift,
    /// What several servers present.
    Fleet,
}

/// A component's rules, by what they judge.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(crate) server: Vec<Rule>,
    pub(crate) drift: Vec<Rule>,
    pub(crate) fleet: Vec<Rule>,
}

impl Usage {
    /// Adds what a call took, whether it failed or not.
    fn add(&mut self, component: &Component, store: &Store<HostState>, start: Instant) {
        let fuel = component.limits.fuel.saturating_sub(store.get_fuel().unwrap_or_default());
        self.fuel = self.fuel.saturating_add(fuel);
        self.memory_bytes = self.memory_bytes.max(store.data().memory_bytes());
        self.time = self.time.saturating_add(start.elapsed());
    }
}

impl fmt::Debug for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Component")
            .field("reference", &self.reference)
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

/// A component's own words, made fit for a message.
fn clean(text: &str) -> String {
    bartizan_model::truncate_chars(&bartizan_model::printable(text), 300)
}
