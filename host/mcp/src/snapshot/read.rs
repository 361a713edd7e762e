//! Reads a saved listing: a snapshot, a `tools/list` result or the response around it, or a bare array of tools.
//! Nothing is started, and nothing it names is opened.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use bartizan_model::{Observation, Position, Transport, TransportKind, truncate_chars};
use serde_json::{json, value::RawValue};

use crate::{
    Listing, Record,
    item::{Kind, RawItem},
    json::{Elements, Members, string, type_of},
    record::Items,
};

/// Larger files are refused: a listing is held several times over while it is read. The largest real one is 210 KB.
pub const MAX_BYTES: u64 = 64 << 20;

/// Why a file is no listing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system would not give it.
    #[error("`{}` could not be read: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Over [`MAX_BYTES`].
    #[error("`{}` is larger than {} MiB, the most that is read", path.display(), MAX_BYTES >> 20)]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// Not text.
    #[error("`{}` is not UTF-8 (line {line}, column {column})", path.display())]
    NotUtf8 {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1, in bytes.
        column: usize,
    },
    /// Not JSON.
    #[error("`{}` is not JSON: {why}", path.display())]
    NotJson {
        /// Which file.
        path: PathBuf,
        /// From 1; 0 if unknown.
        line: usize,
        /// In bytes, as `serde_json` counts; 0 if unknown.
        column: usize,
        /// What was wrong, with the place.
        why: String,
    },
    /// JSON, but nothing that holds a listing.
    #[error(
        "`{}` holds no listing: {found}; a snapshot, a `tools/list` result or an array of tools was expected",
        path.display()
    )]
    UnknownShape {
        /// Which file.
        path: PathBuf,
        /// What it holds instead.
        found: String,
    },
}

impl ReadError {
    /// A stable code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::TooLarge { .. } => "too-large",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::NotJson { .. } => "not-json",
            Self::UnknownShape { .. } => "unknown-shape",
        }
    }
}

/// Reads the file at this path.
pub fn read(path: &Path) -> Result<Listing, ReadError> {
    let unreadable = |source| ReadError::Unreadable { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    parse(&bytes, path)
}

/// Reads a listing from these bytes of the file at `origin`, which is named in errors and not opened.
pub fn parse(bytes: &[u8], origin: &Path) -> Result<Listing, ReadError> {
    let path = || origin.to_owned();
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ReadError::TooLarge { path: path() });
    }
    let (bytes, had_bom) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count().saturating_add(1);
        ReadError::NotUtf8 { path: path(), line, column }
    })?;
    let document: &RawValue = serde_json::from_str(text).map_err(|error| not_json(&error, origin))?;
    let mut record = Record {
        name: origin.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        transport: Transport {
            kind: TransportKind::File,
            address: origin.to_string_lossy().into_owned(),
            command: Vec::new(),
        },
        ..Record::default()
    };
    if had_bom {
        let about = record.transport.address.clone();
        record.observations.push(Observation { kind: "byte-order-mark".into(), about, detail: json!({}) });
    }
    let mut lists: [Vec<&RawValue>; 4] = Default::default();
    shape(document, &mut record, &mut lists, true)
        .map_err(|found| ReadError::UnknownShape { path: path(), found })?;
    Ok(Listing::of(record, located(text, &lists), String::new()))
}

fn not_json(error: &serde_json::Error, origin: &Path) -> ReadError {
    ReadError::NotJson {
        path: origin.to_owned(),
        line: error.line(),
        column: error.column(),
        why: error.to_string(),
    }
}

type Lists<'a> = [Vec<&'a RawValue>; 4];

/// Which of the shapes it is; the error says what it is instead.
fn shape<'a>(
    document: &'a RawValue,
    record: &mut Record,
    lists: &mut Lists<'a>,
    may_unwrap: bool,
) -> Result<(), String> {
    let text = document.get();
    if text.starts_with('[') {
        let [tools, ..] = lists;
        *tools = elements(document, "it")?;
        if !tools.is_empty() && !tools.iter().any(|tool| tool.get().starts_with('{')) {
            return Err("an array without a single object".into());
        }
        record.listed.push(Kind::Tool.method().into());
        return Ok(());
    }
    if !text.starts_with('{') {
        return Err(format!("it is not an object but: {}", type_of(text)));
    }
    let members = Members::parse(text).map_err(|error| error.to_string())?;
    if may_unwrap && members.get("jsonrpc").is_some() {
        if let Some(result) = members.get_some("result") {
            return shape(result, record, lists, false);
        }
        if members.get_some("error").is_some() {
            return Err("a JSON-RPC error".into());
        }
    }
    let lists_something = Kind::ALL.iter().any(|kind| members.get(kind.member()).is_some());
    if !lists_something && members.get("initialize").is_none() && members.get("discover").is_none() {
        if members.get("mcpServers").is_some() || members.get("servers").is_some() {
            return Err("it looks like a client's configuration".into());
        }
        let keys: Vec<String> = members.0.iter().take(5).map(|(key, _)| truncate_chars(key, 30)).collect();
        return Err(format!("an object with the members: {}", bartizan_model::printable(&keys.join(", "))));
    }
    for (kind, list) in Kind::ALL.into_iter().zip(lists.iter_mut()) {
        // All of them, should one come twice: none may hide another.
        let mut same =
            members.0.iter().filter(|(key, value)| key == kind.member() && value.get() != "null").peekable();
        if same.peek().is_some() {
            record.listed.push(kind.method().into());
        }
        for (position, (_, array)) in same.enumerate() {
            if position > 0 {
                let detail = json!({ "item": "list", "pointer": format!("/{}", kind.member()) });
                let about = kind.method().to_owned();
                record.observations.push(Observation { kind: "duplicate-key".into(), about, detail });
            }
            list.extend(elements(array, kind.member())?);
        }
    }
    facts(&members, record);
    Ok(())
}

fn elements<'a>(array: &'a RawValue, what: &str) -> Result<Vec<&'a RawValue>, String> {
    match Elements::parse(array.get(), usize::MAX) {
        Ok(elements) => Ok(elements.items),
        Err(_) => Err(format!("`{what}` is not an array but: {}", type_of(array.get()))),
    }
}

/// Everything of a snapshot but the lists. A member of another type than ours is kept as one we do not know.
fn facts(members: &Members<'_>, record: &mut Record) {
    for (key, value) in &members.0 {
        let text = value.get();
        let known = match key.as_str() {
            "tools" | "prompts" | "resources" | "resourceTemplates" | "bartizan" => true,
            "name" => set(string(text), &mut record.name),
            "transport" => {
                set(string(text).and_then(|kind| transport_kind(&kind)), &mut record.transport.kind)
            }
            "address" => set(string(text), &mut record.transport.address),
            "command" => set(serde_json::from_str(text).ok(), &mut record.transport.command),
            "protocolVersion" => set(string(text), &mut record.protocol_version),
            "initialize" => {
                let version =
                    Members::parse(text).ok().and_then(|hello| string(hello.get("protocolVersion")?.get()));
                set(version.filter(|_| record.protocol_version.is_empty()), &mut record.protocol_version);
                set(Some(Some(("initialize".into(), text.into()))), &mut record.hello)
            }
            "discover" => set(Some(Some(("server/discover".into(), text.into()))), &mut record.hello),
            "errors" => {
                let errors = Members::parse(text).ok().map(|errors| {
                    errors.0.into_iter().map(|(method, error)| (method, error.get().to_owned())).collect()
                });
                set(errors, &mut record.errors)
            }
            "fromServer" => {
                let messages = Elements::parse(text, 1_000).ok();
                set(
                    messages.map(|m| m.items.iter().map(|m| m.get().to_owned()).collect()),
                    &mut record.from_server,
                )
            }
            "stdoutNoise" => {
                let lines = Elements::parse(text, 1_000).ok().map(|lines| {
                    lines
                        .items
                        .iter()
                        .filter_map(|l| string(l.get()))
                        .map(|l| l.trim_end().to_owned())
                        .collect()
                });
                set(lines, &mut record.stdout_noise)
            }
            "observations" => match serde_json::from_str::<Vec<Observation>>(text) {
                Ok(observations) => {
                    record.observations.extend(observations);
                    true
                }
                Err(_) => false,
            },
            "notChecked" => set(serde_json::from_str(text).ok(), &mut record.missing),
            _ => false,
        };
        if !known {
            record.extra.push((key.clone(), text.to_owned()));
        }
    }
    if record.transport.kind != TransportKind::File && !members.0.iter().any(|(key, _)| key == "address") {
        record.transport.address = String::new();
    }
}

fn set<T>(value: Option<T>, slot: &mut T) -> bool {
    match value {
        Some(value) => {
            *slot = value;
            true
        }
        None => false,
    }
}

fn transport_kind(code: &str) -> Option<TransportKind> {
    [TransportKind::Stdio, TransportKind::StreamableHttp, TransportKind::Sse, TransportKind::File]
        .into_iter()
        .find(|kind| kind.as_str() == code)
}

/// The items with their places, in one pass over the text.
fn located(text: &str, lists: &Lists<'_>) -> Items {
    let start = text.as_ptr().addr();
    let mut items: Items = Default::default();
    let mut places: Vec<(usize, usize, usize)> = Vec::new();
    for (number, (list, out)) in lists.iter().zip(items.iter_mut()).enumerate() {
        for (index, item) in list.iter().enumerate() {
            // Every item is a slice of `text`: serde borrowed it.
            places.push((item.get().as_ptr().addr().saturating_sub(start), number, index));
            out.push(RawItem { text: item.get().to_owned(), position: None });
        }
    }
    places.sort_unstable();
    let (mut at, mut line, mut line_start) = (0, 1_u32, 0);
    for (offset, number, index) in places {
        for (skipped, byte) in text.as_bytes().get(at..offset).unwrap_or_default().iter().enumerate() {
            if *byte == b'\n' {
                line = line.saturating_add(1);
                line_start = at.saturating_add(skipped).saturating_add(1);
            }
        }
        at = offset;
        let column = u32::try_from(offset.saturating_sub(line_start)).unwrap_or(u32::MAX);
        if let Some(item) = items.get_mut(number).and_then(|list| list.get_mut(index)) {
            item.position = Some(Position { line, column });
        }
    }
    items
}
