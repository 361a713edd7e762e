//! Everything a server lists, page by page, within bounds. An error in one list does not end the others.

use std::{collections::HashSet, time::Duration};

use bartizan_model::Server;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    Error, Missing, Options, Record, Refusal, Target, Unheard, cacheable,
    drift::{drift, merged},
    error::Stop,
    handshake::{self, is_stateless, progress, share},
    item::{Kind, RawItem},
    json::{Elements, Members, string},
    probe,
    record::{self, Items},
    session::{Answered, Session, bounded},
    transport::Connection,
};

/// How long a list that was not declared is waited for.
const UNDECLARED_PATIENCE: Duration = Duration::from_secs(3);

/// What was heard of a server, and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// What it presented.
    pub server: Server,
    /// What else a snapshot keeps.
    pub record: Record,
    /// What was asked for and not heard: not checked. Empty: everything was heard.
    pub missing: Vec<Missing>,
    /// Declared lists that were answered with an error: "method not found" is common among honest servers and means empty, any
    /// other error leaves open what there is.
    pub refused: Vec<Refusal>,
    /// The end of what a stdio server wrote to stderr. Hostile text.
    pub stderr: String,
    /// What it presented first, if a list was another when it was asked for once more.
    pub earlier: Option<Box<Server>>,
}

impl Listing {
    /// Decodes a record and its items.
    pub(crate) fn of(record: Record, items: Items, stderr: String) -> Self {
        let server = record::server(&record, items);
        let refused = record
            .errors
            .iter()
            .map(|(method, error)| Refusal { method: method.clone(), error: error.clone() });
        Self {
            server,
            missing: record.missing.clone(),
            refused: refused.collect(),
            stderr,
            earlier: None,
            record,
        }
    }
}

/// Reaches a server, has it introduce itself, and lists what it offers.
///
/// An error means that it never introduced itself. After that, whatever happens, what was heard is returned,
/// and what was not is in [`Listing::missing`]. The server and all that it started are gone on return, also when
/// the future is dropped. Needs a tokio runtime with I/O and time.
pub async fn list(target: &Target, options: &Options) -> Result<Listing, Error> {
    look(target, options).await.map_err(|unheard| unheard.error)
}

/// [`list`], and what was learnt of a server that did not introduce itself. Many of them may run on one runtime; each is a few pipes
/// or sockets, and only what it starts takes time.
pub async fn look(target: &Target, options: &Options) -> Result<Listing, Unheard> {
    let deadline = Instant::now().checked_add(options.timeout).unwrap_or_else(|| {
        // Longer than the clock reaches.
        Instant::now() + Duration::from_hours(24 * 365)
    });
    let mut session = match handshake::open(target, options, deadline).await {
        Ok(session) => session,
        Err(mut unheard) => {
            probe::unheard(target, options, &mut unheard).await;
            return Err(unheard);
        }
    };
    if let Some((method, result)) = session.record.hello.clone()
        && let Ok(members) = Members::parse(&result)
    {
        cacheable::tell(&mut session, &method, &members);
    }
    let mut items: Items = Default::default();
    let mut kept = 0;
    let mut over: Option<Missing> = None;
    for (kind, list) in Kind::ALL.into_iter().zip(items.iter_mut()) {
        let declared = declared(&session, kind);
        if declared == Declared::No && kind != Kind::Tool {
            continue;
        }
        let method = kind.method();
        if let Some(missing) = &over {
            session.record.missing.push(Missing { what: method.into(), ..missing.clone() });
            continue;
        }
        progress(options, method);
        let until = match (declared, kind) {
            // Most clients list tools whatever was declared, so a server cannot hide them from us by not saying.
            (Declared::No, _) => share(deadline, 2).min(Instant::now() + UNDECLARED_PATIENCE),
            (_, Kind::Tool) => deadline,
            // One silent list must not take the time of the others.
            _ => share(deadline, 2),
        };
        if let Err(stop) = pages(&mut session, kind, list, &mut kept, until).await {
            let missing = stop.missing(method);
            if stop.is_final() {
                over = Some(missing.clone());
            }
            if declared == Declared::No && list.is_empty() {
                continue;
            }
            if !list.is_empty() {
                let detail = json!({ "reason": missing.code, "kept": list.len() });
                session.tell("truncated", method, detail);
            }
            session.record.missing.push(missing);
        } else if declared == Declared::No {
            session.record.errors.remove(method);
            if list.is_empty() {
                session.record.listed.retain(|listed| listed != method);
            } else {
                session.tell("undeclared-list", method, json!({ "items": list.len() }));
            }
        }
    }
    let first = may_be_listed_again(&session, options).then(|| items.clone());
    if over.is_none() {
        after_list_changed(&mut session, &mut items, options, deadline).await;
    }
    without_credentials(&mut session, deadline).await;
    let (record, stderr) = probe::heard(target, options, session, &mut items).await;
    let mut listing = Listing::of(record, items, stderr);
    if listing.record.observations.iter().any(|seen| seen.kind == "list-drift") {
        listing.earlier = first.map(|first| Box::new(record::server(&listing.record, first)));
    }
    Ok(listing)
}

fn may_be_listed_again(session: &Session, options: &Options) -> bool {
    let notice = |text: &String| text.contains("list_changed");
    options.probe.has(crate::Probe::ListAgain) || session.record.from_server.iter().any(notice)
}

/// [`list`] on a runtime of its own, for callers that have none.
pub fn list_blocking(target: &Target, options: &Options) -> Result<Listing, Error> {
    look_blocking(target, options).map_err(|unheard| unheard.error)
}

/// [`look`] on a runtime of its own, for callers that have none.
pub fn look_blocking(target: &Target, options: &Options) -> Result<Listing, Unheard> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        let record = Record { transport: target.transport(), ..Record::default() };
        Unheard { error: Error::Setup { why: error.to_string() }, record }
    })?;
    let outcome = runtime.block_on(look(target, options));
    // A name being resolved on a thread must not keep us.
    runtime.shutdown_background();
    outcome
}

/// A server may say that a list is another by now, and some do while they are listed. What a client ends up with is what counts, so
/// such a list is asked for again, once.
async fn after_list_changed(session: &mut Session, items: &mut Items, options: &Options, deadline: Instant) {
    for (kind, list) in Kind::ALL.into_iter().zip(items.iter_mut()) {
        let notice = match kind {
            Kind::Tool => "notifications/tools/list_changed",
            Kind::Prompt => "notifications/prompts/list_changed",
            Kind::Resource | Kind::Template => "notifications/resources/list_changed",
        };
        let told = session.record.from_server.iter().any(|text| is_notice(text, notice));
        if told && is_whole(&session.record, kind) {
            progress(options, kind.method());
            match list_again(session, kind, list, "list_changed", share(deadline, 2)).await {
                Ok(Again::Drifted(detail)) => session.tell("list-drift", kind.method(), detail),
                Err(stop) if stop.is_final() => return,
                Ok(Again::Same | Again::Cut) | Err(_) => {}
            }
        }
    }
}

fn is_notice(text: &str, notice: &str) -> bool {
    let method = |members: Members<'_>| members.get("method").and_then(|value| string(value.get()));
    Members::parse(text).ok().and_then(method).is_some_and(|method| method == notice)
}

/// Whether this list was answered, and heard to its end.
pub(crate) fn is_whole(record: &Record, kind: Kind) -> bool {
    let method = kind.method();
    record.listed.iter().any(|listed| listed == method)
        && !record.missing.iter().any(|missing| missing.what == method)
}

/// What a list was when it was asked for once more.
pub(crate) enum Again {
    Same,
    /// It is another: the detail of a "list-drift" observation.
    Drifted(Value),
    /// It was refused, or not heard whole.
    Cut,
}

/// Asks for a list that was heard whole once more, and takes it over.
pub(crate) async fn list_again(
    session: &mut Session,
    kind: Kind,
    list: &mut Vec<RawItem>,
    cause: &str,
    until: Instant,
) -> Result<Again, Stop> {
    let (errors, missing) = (session.record.errors.clone(), session.record.missing.len());
    let (mut again, mut kept) = (Vec::new(), 0);
    let outcome = pages(session, kind, &mut again, &mut kept, until).await;
    let is_whole = session.record.errors == errors && session.record.missing.len() == missing;
    session.record.errors = errors;
    session.record.missing.truncate(missing);
    outcome?;
    if !is_whole {
        return Ok(Again::Cut);
    }
    let Some(detail) = drift(kind, list, &again, cause) else { return Ok(Again::Same) };
    *list = merged(kind, std::mem::take(list), again);
    list.truncate(session.limits.items_per_list);
    Ok(Again::Drifted(detail))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Declared {
    Yes,
    No,
    /// It sent no capabilities that can be read.
    Unknown,
}

fn declared(session: &Session, kind: Kind) -> Declared {
    let capabilities = session.record.hello.as_ref().and_then(|(_, result)| {
        let hello = Members::parse(result).ok()?;
        Members::parse(hello.get("capabilities")?.get()).ok().map(|capabilities| {
            capabilities.0.iter().any(|(key, value)| key == kind.capability() && value.get() != "null")
        })
    });
    match capabilities {
        Some(true) => Declared::Yes,
        None if kind == Kind::Tool => Declared::Unknown,
        Some(false) | None => Declared::No,
    }
}

/// All pages of one list. What was read before an error is in `list`.
async fn pages(
    session: &mut Session,
    kind: Kind,
    list: &mut Vec<RawItem>,
    kept: &mut usize,
    until: Instant,
) -> Result<(), Stop> {
    let method = kind.method();
    let mut cursors: HashSet<String> = HashSet::new();
    let mut params = base_params(session);
    for page in 1_usize.. {
        let result = match session.request(method, &params, until).await? {
            Answered::Result(result) => result,
            Answered::Error(error) if page == 1 => {
                session.record.errors.insert(method.into(), error);
                return Ok(());
            }
            Answered::Error(error) => {
                return Err(Stop::Malformed(format!(
                    "page {page} is an error: {}",
                    crate::jsonrpc::code_and_message(&error).1
                )));
            }
        };
        let members = Members::parse(&result).map_err(|error| Stop::Malformed(error.to_string()))?;
        cacheable::tell(session, method, &members);
        let cut = take_page(session, kind, &members, list, kept)?;
        if page == 1 && !session.record.listed.iter().any(|listed| listed == method) {
            session.record.listed.push(method.into());
        }
        let cut = cut.or_else(|| (page >= session.limits.pages_per_list).then_some(("pages", 0)));
        let cursor = match members.get_some("nextCursor") {
            // Some servers send an empty one for "no more".
            Some(cursor) if cursor.get() != "\"\"" => Some(
                string(cursor.get()).ok_or_else(|| Stop::Malformed("`nextCursor` is not a string".into()))?,
            ),
            _ => None,
        };
        if let Some((reason, left_out)) = cut
            && (cursor.is_some() || reason != "pages")
        {
            truncated(session, method, reason, list.len(), left_out);
            return Ok(());
        }
        let Some(cursor) = cursor else { return Ok(()) };
        if !cursors.insert(cursor.clone()) {
            truncated(session, method, "repeated-cursor", list.len(), 0);
            return Ok(());
        }
        params = base_params(session);
        if let Some(object) = params.as_object_mut() {
            object.insert("cursor".into(), cursor.into());
        }
    }
    Ok(())
}

fn base_params(session: &Session) -> Value {
    if is_stateless(&session.record.protocol_version) { handshake::stateless_params() } else { json!({}) }
}

fn truncated(session: &mut Session, method: &str, reason: &str, kept: usize, left_out: usize) {
    session.tell("truncated", method, json!({ "reason": reason, "kept": kept, "left_out": left_out }));
    let why = match reason {
        "repeated-cursor" => format!("the server sent the same cursor twice after {kept} items"),
        reason => format!("the list goes on beyond the limit on {reason} after {kept} items"),
    };
    session.record.missing.push(Missing { what: method.into(), code: "truncated".into(), why });
}

/// Takes the items of one page; says which bound cut it, and how many items were left out.
fn take_page(
    session: &mut Session,
    kind: Kind,
    members: &Members<'_>,
    list: &mut Vec<RawItem>,
    kept: &mut usize,
) -> Result<Option<(&'static str, usize)>, Stop> {
    // Every member that some client takes for the list: two of them, or one in other letters, must not hide items.
    let wanted = crate::keys::fold(kind.member());
    let lists: Vec<_> = members.0.iter().filter(|(key, _)| crate::keys::fold(key) == wanted).collect();
    let keys: Vec<&str> = lists.iter().map(|(key, _)| key.as_str()).collect();
    if !keys.contains(&kind.member()) {
        return Err(Stop::Malformed(format!("it has no `{}`", kind.member())));
    }
    if let [first, .., _] = keys.as_slice() {
        let same = keys.iter().all(|key| key == first);
        let observed = if same { "duplicate-key" } else { "case-variant-key" };
        let detail = json!({ "item": "list", "pointer": format!("/{}", kind.member()), "keys": keys });
        session.tell(observed, kind.method(), detail);
    }
    for (key, array) in lists {
        let room = session.limits.items_per_list.saturating_sub(list.len());
        let elements = Elements::parse(array.get(), room)
            .map_err(|_| Stop::Malformed(format!("`{key}` is not an array")))?;
        let count = elements.items.len();
        for (index, item) in elements.items.into_iter().enumerate() {
            let text = item.get();
            *kept = kept.saturating_add(text.len());
            if *kept > session.limits.total_bytes {
                return Ok(Some(("bytes", count.saturating_sub(index).saturating_add(elements.left_out))));
            }
            list.push(RawItem { text: text.to_owned(), position: None });
        }
        if elements.left_out > 0 {
            return Ok(Some(("items", elements.left_out)));
        }
    }
    Ok(None)
}

/// Whether an HTTP server that was given credentials would have answered without.
async fn without_credentials(session: &mut Session, deadline: Instant) {
    let Some((method, _)) = session.record.hello.clone() else { return };
    let params =
        if method == "initialize" { handshake::initialize_params() } else { handshake::stateless_params() };
    let text = crate::jsonrpc::request(0, &method, &params);
    let until = deadline.min(Instant::now() + Duration::from_secs(10));
    let cancel = session.cancel.clone();
    if let Connection::Http(http) = &mut session.connection {
        let asked = async {
            http.probe_without_credentials(&text, &method).await;
            Ok(())
        };
        // Not knowing is what the observation says already.
        let _ = bounded(&cancel, until, asked).await;
    }
}
