//! What is tried beyond listing, each only if it was asked for by name. Nothing here calls a tool or changes anything at the server:
//! a probe introduces itself, pings, lists, asks for well-known documents, or sends what cannot be understood.
//!
//! A probe is told as an observation of kind "probe" about its name, also when it could not be made, and says what the server did and
//! never whether that is good.

mod again;
mod burst;
mod errors;
mod metadata;
mod origin;
mod outcome;
mod sessions;
mod stage;
mod tokens;

use std::{collections::BTreeSet, time::Duration};

use bartizan_model::TransportKind;
use tokio::time::Instant;

use crate::{Options, Record, Target, Unheard, handshake::progress, record::Items, session::Session};
use outcome::Tried;
use stage::Stage;

/// Something that can be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "`probes` says what each is, in words that a user reads too")]
pub enum Probe {
    AuthMetadata,
    CorsPreflight,
    ForeignOrigin,
    ForeignHost,
    BadToken,
    SecondSession,
    SessionReuse,
    HeaderBodyMismatch,
    ListAgain,
    UnknownMethod,
    UnknownVersion,
    WrongParams,
    MalformedJson,
    Burst,
}

/// What a probe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProbeInfo {
    /// The probe.
    pub probe: Probe,
    /// Its name, as it is asked for and observed.
    pub name: &'static str,
    /// What it sends, in a sentence.
    pub what: &'static str,
    /// Where it can be made.
    pub transports: &'static [TransportKind],
    /// Whether [`Probes::all`] has it. One that a server may feel has to be asked for by its own name.
    pub in_all: bool,
}

const HTTP: &[TransportKind] = &[TransportKind::StreamableHttp, TransportKind::Sse];
const STREAMABLE: &[TransportKind] = &[TransportKind::StreamableHttp];
const ANY: &[TransportKind] = &[TransportKind::Stdio, TransportKind::StreamableHttp, TransportKind::Sse];

const fn info(
    probe: Probe,
    name: &'static str,
    transports: &'static [TransportKind],
    what: &'static str,
) -> ProbeInfo {
    ProbeInfo { probe, name, what, transports, in_all: !matches!(probe, Probe::Burst) }
}

/// In the order they are made: what may end a server comes last.
const PROBES: &[ProbeInfo] = &[
    info(
        Probe::AuthMetadata,
        "auth-metadata",
        HTTP,
        "fetches the documents that say how to get credentials (RFC 9728, RFC 8414, OpenID Connect): at most 6 GETs, without credentials, to the server's own origin or to https addresses outside private networks",
    ),
    info(
        Probe::CorsPreflight,
        "cors-preflight",
        HTTP,
        "asks, as a browser would for a page of https://attacker.example, whether that page may call the server (OPTIONS)",
    ),
    info(
        Probe::ForeignOrigin,
        "foreign-origin",
        HTTP,
        "pings or lists with `Origin: https://attacker.example`, which a server must refuse; if it does, also with `http://localhost.attacker.example` and `null`",
    ),
    info(
        Probe::ForeignHost,
        "foreign-host",
        HTTP,
        "pings or lists with `Host: attacker.example`, as a page would that rebinds its name to this address; for loopback and private addresses only",
    ),
    info(
        Probe::BadToken,
        "bad-token",
        HTTP,
        "introduces itself and lists twice more: with a made-up token in place of the credentials, and with none; if the token is refused, also with one that claims to need no signature",
    ),
    info(
        Probe::SecondSession,
        "second-session",
        STREAMABLE,
        "opens another session and compares its id with the first, then ends it",
    ),
    info(
        Probe::SessionReuse,
        "session-reuse",
        STREAMABLE,
        "pings or lists in the session over a new connection and without the credentials",
    ),
    info(
        Probe::HeaderBodyMismatch,
        "header-body-mismatch",
        STREAMABLE,
        "lists with a header that names another method, and another revision, than the body (2026-07-28 only)",
    ),
    info(Probe::ListAgain, "list-again", ANY, "asks for every list three more times and compares them"),
    info(Probe::UnknownMethod, "unknown-method", ANY, "asks for a method that does not exist"),
    info(
        Probe::UnknownVersion,
        "unknown-version",
        ANY,
        "introduces itself with a revision of the protocol that never was, `1999-01-01`; a stdio server is started once more for it",
    ),
    info(
        Probe::WrongParams,
        "wrong-params",
        ANY,
        "lists tools with a number for a cursor, which must be a string",
    ),
    info(
        Probe::MalformedJson,
        "malformed-json",
        ANY,
        "sends a line or body that is not JSON, then pings; a stdio server that ends of it is started again if something is left to try",
    ),
    info(
        Probe::Burst,
        "burst",
        HTTP,
        "sends 40 pings or listings, 8 at a time, to see whether requests are limited; not a part of `all`",
    ),
];

/// All that can be tried, in the order it is.
pub fn probes() -> &'static [ProbeInfo] {
    PROBES
}

impl Probe {
    /// What it is.
    pub fn info(self) -> Option<&'static ProbeInfo> {
        PROBES.iter().find(|info| info.probe == self)
    }
}

/// What to try, and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probes {
    /// Which. One that is not for a server's transport is told not to have been made.
    pub wanted: BTreeSet<Probe>,
    /// How long one answer is waited for. 5 s.
    pub patience: Duration,
    /// How long all of it may take, counted from when the lists were heard: [`Options::timeout`] is not shared with probes. 60 s.
    pub timeout: Duration,
    /// How often "list-again" asks. 3.
    pub list_again: u32,
}

impl Default for Probes {
    fn default() -> Self {
        Self::none()
    }
}

impl Probes {
    /// Nothing.
    pub fn none() -> Self {
        Self {
            wanted: BTreeSet::new(),
            patience: Duration::from_secs(5),
            timeout: Duration::from_mins(1),
            list_again: 3,
        }
    }

    /// Everything that no server should feel.
    pub fn all() -> Self {
        Self::of(PROBES.iter().filter(|info| info.in_all).map(|info| info.probe))
    }

    /// These.
    pub fn of(probes: impl IntoIterator<Item = Probe>) -> Self {
        Self { wanted: probes.into_iter().collect(), ..Self::none() }
    }

    /// Those with these names; "all" is [`Self::all`].
    pub fn named(names: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, UnknownProbe> {
        let mut wanted = BTreeSet::new();
        for name in names {
            let name = name.as_ref();
            if name == "all" {
                wanted.extend(Self::all().wanted);
                continue;
            }
            let found = PROBES.iter().find(|info| info.name == name);
            wanted.insert(found.ok_or_else(|| UnknownProbe { name: name.to_owned() })?.probe);
        }
        Ok(Self { wanted, ..Self::none() })
    }

    /// Whether this one is wanted.
    pub fn has(&self, probe: Probe) -> bool {
        self.wanted.contains(&probe)
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }
}

/// There is no such probe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no probe `{}`", bartizan_model::printable(name))]
pub struct UnknownProbe {
    /// As it was asked for.
    pub name: String,
}

impl UnknownProbe {
    /// A stable code for reports.
    pub fn code(&self) -> &'static str {
        "unknown-probe"
    }

    /// What to do about it.
    pub fn advice(&self) -> String {
        let names: Vec<&str> = PROBES.iter().map(|info| info.name).collect();
        format!("use `all`, or one or more of: {}", names.join(", "))
    }
}

/// Makes the probes on a server that was listed, and ends the conversation.
pub(crate) async fn heard(
    target: &Target,
    options: &Options,
    session: Session,
    items: &mut Items,
) -> (Record, String) {
    let mut stage = Stage::new(target, options, session);
    if !options.probe.is_empty() {
        stage.leave_the_past().await;
        make(&mut stage, items).await;
    }
    progress(options, "closing");
    stage.close().await
}

/// Makes those that need no conversation on a server that refused to have one.
pub(crate) async fn unheard(target: &Target, options: &Options, unheard: &mut Unheard) {
    if options.probe.is_empty() {
        return;
    }
    let Some(mut stage) = Stage::refused(target, options, unheard) else { return };
    make(&mut stage, &mut Items::default()).await;
    let (record, _) = stage.close().await;
    unheard.record = record;
}

async fn make(stage: &mut Stage<'_>, items: &mut Items) {
    let options = stage.options;
    for info in PROBES.iter().filter(|info| options.probe.has(info.probe)) {
        if !info.transports.contains(&stage.kind) {
            stage.tell(info.name, Tried::not_applicable(format!("it is not for {}", stage.kind.as_str())));
            continue;
        }
        if options.cancel.is_cancelled() || Instant::now() >= stage.deadline {
            stage.tell(info.name, Tried::prevented("there was no time left"));
            continue;
        }
        progress(options, &format!("probe {}", info.name));
        let until = stage.deadline;
        let cancel = options.cancel.clone();
        let tried = tokio::select! {
            biased;
            () = cancel.cancelled() => Tried::prevented("interrupted by the user"),
            tried = tokio::time::timeout_at(until, one(info.probe, stage, items)) => {
                tried.unwrap_or_else(|_| Tried::prevented("there was no time left to finish it"))
            }
        };
        stage.tell(info.name, tried);
    }
}

async fn one(probe: Probe, stage: &mut Stage<'_>, items: &mut Items) -> Tried {
    // That one has a conversation of its own.
    if probe != Probe::UnknownVersion
        && let Err(why) = stage.ensure().await
    {
        return Tried::prevented(why);
    }
    match probe {
        Probe::AuthMetadata => metadata::fetch(stage).await,
        Probe::CorsPreflight => origin::preflight(stage).await,
        Probe::ForeignOrigin => origin::foreign_origin(stage).await,
        Probe::ForeignHost => origin::foreign_host(stage).await,
        Probe::BadToken => tokens::bad_token(stage).await,
        Probe::SecondSession => sessions::second(stage).await,
        Probe::SessionReuse => sessions::reuse(stage).await,
        Probe::HeaderBodyMismatch => errors::mismatch(stage).await,
        Probe::ListAgain => again::list_again(stage, items).await,
        Probe::UnknownMethod => errors::unknown_method(stage).await,
        Probe::UnknownVersion => errors::unknown_version(stage).await,
        Probe::WrongParams => errors::wrong_params(stage).await,
        Probe::MalformedJson => errors::malformed_json(stage).await,
        Probe::Burst => burst::burst(stage).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_are_asked_for_by_name_and_a_burst_only_by_its_own() {
        assert!(!Probes::all().has(Probe::Burst) && Probes::all().has(Probe::ListAgain));
        assert!(Probes::named(["all", "burst"]).unwrap().has(Probe::Burst));
        assert!(Probes::default().is_empty());
        for info in probes() {
            assert!(Probes::named([info.name]).unwrap().has(info.probe));
            assert_eq!(info.probe.info(), Some(info));
        }
        let error = Probes::named(["foreign-orgin"]).unwrap_err();
        assert_eq!(error.to_string(), "there is no probe `foreign-orgin`");
        assert!(error.advice().contains("foreign-origin"));
    }
}
