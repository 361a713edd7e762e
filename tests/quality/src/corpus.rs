//! Reads the recorded servers and their labels.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

/// Why the corpus could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A file or folder could not be read.
    #[error("failed to read {path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not JSON.
    #[error("{path} is not JSON")]
    Json {
        /// Which.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// A file is JSON of another shape than it should be.
    #[error("{path} has no {what}")]
    Shape {
        /// Which.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
}

/// Where a case comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    /// Honest servers in use.
    Honest,
    /// Vulnerable and malicious servers.
    Malicious,
    /// One server of one-line descriptions that declare attacks, so many that they would drown the rest.
    OneLiners,
    /// Poisoned descriptions in fluent prose.
    Prose,
    /// A labelled set with honest texts that look like attacks.
    HardNegatives,
    /// Written for this project before any rule was tuned.
    Own,
}

impl Set {
    /// All sets, in the order of the report.
    pub const ALL: [Self; 6] =
        [Self::Honest, Self::Malicious, Self::OneLiners, Self::Prose, Self::HardNegatives, Self::Own];

    /// A few plain words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Honest => "honest servers",
            Self::Malicious => "malicious servers",
            Self::OneLiners => "one-liners",
            Self::Prose => "fluent prose",
            Self::HardNegatives => "hard negatives",
            Self::Own => "own texts",
        }
    }
}

/// What a label says of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// An attack that shows, of this class.
    Attack(String),
    /// Honest, of this class.
    Honest(String),
    /// On a malicious server, and nothing shows in the listing: may be honest.
    Unlabelled,
}

/// One snapshot and what is known of its items: (kind, name) to label.
#[derive(Clone, Debug)]
pub struct Case {
    /// Where it comes from.
    pub set: Set,
    /// Name of the server or the text.
    pub id: String,
    /// The snapshot.
    pub snapshot: Value,
    /// The items that count. "any" as the kind stands for whatever is found in the snapshot.
    pub items: Vec<(String, String, Expected)>,
}

/// Every case.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// In the order of the files.
    pub cases: Vec<Case>,
}

impl Corpus {
    /// Reads the recorded corpus, and this crate's own texts.
    pub fn load(corpus: &Path, own: &Path) -> Result<Self, CorpusError> {
        let mut cases = Vec::new();
        honest(corpus, &mut cases)?;
        malicious(corpus, &mut cases)?;
        prose(corpus, &mut cases)?;
        hard_negatives(corpus, &mut cases)?;
        own_texts(own, &mut cases)?;
        Ok(Self { cases })
    }
}

fn read(path: &Path) -> Result<Value, CorpusError> {
    let text =
        fs::read_to_string(path).map_err(|source| CorpusError::Read { path: path.to_owned(), source })?;
    serde_json::from_str(&text).map_err(|source| CorpusError::Json { path: path.to_owned(), source })
}

fn list<'a>(value: &'a Value, path: &Path, what: &'static str) -> Result<&'a [Value], CorpusError> {
    value.as_array().map(Vec::as_slice).ok_or(CorpusError::Shape { path: path.to_owned(), what })
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn snapshots(folder: &Path) -> Result<Vec<(String, Value)>, CorpusError> {
    let unread = |source| CorpusError::Read { path: folder.to_owned(), source };
    let mut paths = fs::read_dir(folder)
        .map_err(unread)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unread)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            read(&path).map(|snapshot| (id, snapshot))
        })
        .collect()
}

/// The kind and name of everything a snapshot lists, and of the server.
fn listed(snapshot: &Value) -> Vec<(String, String)> {
    let mut items = vec![("server".to_owned(), String::new())];
    for (list, kind, key) in [
        ("tools", "tool", "name"),
        ("prompts", "prompt", "name"),
        ("resources", "resource", "uri"),
        ("resourceTemplates", "resource-template", "uriTemplate"),
    ] {
        let entries = snapshot.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.extend(entries.iter().map(|entry| (kind.to_owned(), text(entry, key).to_owned())));
    }
    items
}

fn honest(corpus: &Path, cases: &mut Vec<Case>) -> Result<(), CorpusError> {
    for (id, snapshot) in snapshots(&corpus.join("captures"))? {
        let items = listed(&snapshot)
            .into_iter()
            .map(|(kind, name)| (kind.clone(), name, Expected::Honest(kind)))
            .collect();
        cases.push(Case { set: Set::Honest, id, snapshot, items });
    }
    Ok(())
}

fn malicious(corpus: &Path, cases: &mut Vec<Case>) -> Result<(), CorpusError> {
    let path = corpus.join("labels/tool-labels.json");
    let labels = read(&path)?;
    let mut by_server: HashMap<&str, BTreeMap<(&str, &str), Option<&str>>> = HashMap::new();
    for label in list(&labels, &path, "list of labels")? {
        let attack = label.get("metadata_attack").and_then(Value::as_str);
        by_server
            .entry(text(label, "server"))
            .or_default()
            .insert((text(label, "kind"), text(label, "name")), attack);
    }
    for (id, snapshot) in snapshots(&corpus.join("captures-malicious"))? {
        let labels = by_server.remove(id.as_str()).unwrap_or_default();
        let set = if id == "cisco-remote-malicious" { Set::OneLiners } else { Set::Malicious };
        let items = labels
            .into_iter()
            .map(|((kind, name), attack)| {
                let expected =
                    attack.map_or(Expected::Unlabelled, |class| Expected::Attack(class.to_owned()));
                (kind.to_owned(), address(&snapshot, kind, name), expected)
            })
            .collect();
        cases.push(Case { set, id, snapshot, items });
    }
    Ok(())
}

/// What findings call an item: labels may have a resource's name where findings have its URI.
fn address(snapshot: &Value, kind: &str, name: &str) -> String {
    let (list, key) = match kind {
        "resource" => ("resources", "uri"),
        "resource-template" => ("resourceTemplates", "uriTemplate"),
        _ => return name.to_owned(),
    };
    let entries = snapshot.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let entry = entries.iter().find(|entry| text(entry, "name") == name);
    entry.map_or_else(|| name.to_owned(), |entry| text(entry, key).to_owned())
}

fn prose(corpus: &Path, cases: &mut Vec<Case>) -> Result<(), CorpusError> {
    let path = corpus.join("labels/mcpsafety-metadata.json");
    let entries = read(&path)?;
    for entry in list(&entries, &path, "list of descriptions")? {
        let tool = json!({"name": text(entry, "tool"), "description": text(entry, "description"), "inputSchema": {"type": "object"}});
        cases.push(Case {
            set: Set::Prose,
            id: text(entry, "id").to_owned(),
            snapshot: json!({"tools": [tool]}),
            items: vec![("any".into(), String::new(), Expected::Attack(text(entry, "cls").to_owned()))],
        });
    }
    Ok(())
}

fn hard_negatives(corpus: &Path, cases: &mut Vec<Case>) -> Result<(), CorpusError> {
    let path = corpus.join("hard-negatives/detect_corpus_v1.json");
    let whole = read(&path)?;
    for entry in list(whole.get("entries").unwrap_or(&Value::Null), &path, "list of entries")? {
        let tool = entry.get("tool").cloned().unwrap_or_default();
        let class = text(entry, "category").to_owned();
        let expected = if text(entry, "label") == "malicious" {
            Expected::Attack(class)
        } else {
            Expected::Honest(class)
        };
        cases.push(Case {
            set: Set::HardNegatives,
            id: text(entry, "id").to_owned(),
            snapshot: json!({"tools": [tool]}),
            items: vec![("any".into(), String::new(), expected)],
        });
    }
    Ok(())
}

fn own_texts(path: &Path, cases: &mut Vec<Case>) -> Result<(), CorpusError> {
    let whole = read(path)?;
    for (key, attack) in [("attacks", true), ("honest", false)] {
        for entry in list(whole.get(key).unwrap_or(&Value::Null), path, "list of texts")? {
            let class = text(entry, "class").to_owned();
            let expected = if attack { Expected::Attack(class) } else { Expected::Honest(class) };
            cases.push(Case {
                set: Set::Own,
                id: text(entry, "id").to_owned(),
                snapshot: entry.get("input").cloned().unwrap_or_default(),
                items: vec![("any".into(), String::new(), expected)],
            });
        }
    }
    Ok(())
}
