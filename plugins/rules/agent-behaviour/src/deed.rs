//! What a tool does, as its name, its description and its schema say, each for itself.
//!
//! A name alone misleads (`order_status` orders nothing, `post_list` posts nothing), and so does one word in a
//! description. So each is read as grammar allows: the verb that leads, the verbs beside it, and the verbs of later
//! clauses that have an object of their own.

use bartizan_listing::{Property, Text, first_sentence, head, of_identifier, properties};
use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::verb::{Act, act, act_on};

/// Words of a description in which later clauses are looked for.
const MAX_WORDS: usize = 160;

/// That nothing is changed. That there is a switch for a trial run says nothing of the other runs.
const DENIED: [&str; 8] = [
    "as a dry run",
    "dry run only",
    "dry-run only",
    "only a dry run",
    "simulated",
    "read-only",
    "readonly",
    "read only",
];

/// What each part of a tool says that it does.
pub(crate) struct Deed {
    /// The verb in the name.
    pub(crate) name: Option<Act>,
    /// Whether the name begins with it: "compose_email" emails nothing.
    pub(crate) name_leads: bool,
    /// The gravest of the verbs that lead the description.
    pub(crate) lead: Option<Act>,
    /// The gravest verb of a later clause: "…, and deletes the original".
    pub(crate) also: Option<(Act, String)>,
    /// The gravest choice of an operation that the schema offers.
    pub(crate) offers: Option<(Act, String, String)>,
    /// Name, title and first sentence.
    pub(crate) declared: Text,
    pub(crate) whole: Text,
    pub(crate) schema: Shape,
}

/// What the parameters speak for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Something to write, and where.
    pub(crate) writes: bool,
    /// Something to say or to pay, and to whom.
    pub(crate) sends: bool,
    /// Switches that only who destroys needs.
    pub(crate) forces: bool,
    /// Code or a command to run.
    pub(crate) runs: bool,
    /// An address to request.
    pub(crate) requests: bool,
    /// The thing to work on itself, and no place where it is kept.
    pub(crate) is_pure: bool,
}

impl Deed {
    pub(crate) fn of(tool: &Tool) -> Self {
        let description = head(tool.description.as_deref().unwrap_or_default());
        let name = of_identifier(&tool.name);
        let first = first_sentence(description);
        let title = tool.title.as_deref().unwrap_or_default();
        let declared = Text::new(&format!("{}\n{title}\n{first}", name.join(" ")));
        let whole = Text::new(description);
        let schema = schema(tool).unwrap_or_default();
        let list = properties(&schema).list;
        Self {
            name_leads: name.first().is_some_and(|word| act(word).is_some()),
            name: of_name(&name),
            lead: lead(&first),
            also: later(&whole),
            offers: offers(&list),
            declared,
            whole,
            schema: Shape::of(&list),
        }
    }

    /// Whether it says itself that nothing is changed, or that it only shows what would be.
    pub(crate) fn is_denied(&self) -> bool {
        let change = [
            "modify",
            "modified",
            "modifies",
            "modifying",
            "delete",
            "deleted",
            "change",
            "changed",
            "changes",
            "changing",
            "write",
            "writes",
            "writing",
            "send",
            "sent",
            "effects",
            "altered",
            "alter",
            "mutate",
            "mutates",
            "committed",
            "applied",
        ];
        self.whole.denies(&change) || self.whole.holds(&DENIED)
    }

    /// Whether it only works on what it is given, and gives that back. Nothing is sent or run so.
    pub(crate) fn is_pure(&self) -> bool {
        let other = |act: Option<Act>| matches!(act, Some(Act::Sends | Act::Runs));
        self.schema.is_pure && !other(self.name) && !other(self.lead)
    }

    /// Whether what is gone cannot come back.
    pub(crate) fn is_irrevocable(&self) -> bool {
        self.whole.has_undenied(&[
            "permanently",
            "irreversible",
            "irreversibly",
            "irrevocably",
            "unrecoverable",
        ]) || self.whole.holds(&["cannot be undone", "can't be undone", "can not be undone", "no undo"])
    }
}

/// Bytes of a schema that are parsed: a component has little memory. What is larger is told as a flood.
const MAX_SCHEMA: usize = 1 << 20;

/// The input schema, if it is one of a size that can be judged.
pub(crate) fn schema(tool: &Tool) -> Option<Value> {
    let text = Some(&tool.input_schema).filter(|text| text.len() <= MAX_SCHEMA)?;
    serde_json::from_str(text).ok()
}

/// The act of a name: the first verb in it decides.
fn of_name(words: &[String]) -> Option<Act> {
    let at = words.iter().position(|word| act(word).is_some())?;
    act_on(words.get(at)?, words.get(at.saturating_add(1)..).unwrap_or_default())
}

/// The gravest of the verbs that lead a sentence: "Deletes …", "Use this tool to list, create or delete …".
pub(crate) fn lead(sentence: &str) -> Option<Act> {
    let words = words_and_commas(sentence);
    let start = words.iter().position(|word| !FILLERS.contains(&word.as_str()))?;
    if words
        .get(start)
        .is_some_and(|word| matches!(word.as_str(), "manage" | "manages" | "handle" | "handles"))
    {
        return managed(words.get(start..).unwrap_or_default());
    }
    let mut gravest: Option<Act> = None;
    let mut at = start;
    while let Some(word) = words.get(at) {
        let rest = words.get(at.saturating_add(1)..).unwrap_or_default();
        let Some(act) = act_on(word, rest) else { break };
        gravest = gravest.max(Some(act));
        // "List posts" has one verb; only what a comma or an "or" joins is another.
        let joined = rest.iter().take_while(|word| matches!(word.as_str(), "," | "and" | "or")).count();
        if joined == 0 {
            break;
        }
        at = at.saturating_add(joined).saturating_add(1);
    }
    gravest
}

/// "Manage branches: list all branches, create a branch, delete a branch": each verb stands after a comma.
fn managed(words: &[String]) -> Option<Act> {
    let is_break = |word: &String| matches!(word.as_str(), "," | "or" | "and");
    words
        .iter()
        .enumerate()
        .filter(|(at, _)| at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(is_break))
        .filter_map(|(at, word)| act_on(word, words.get(at.saturating_add(1)..).unwrap_or_default()))
        .max()
}

/// The first words of a sentence, in lower case, with commas and slashes as words of their own.
fn words_and_commas(sentence: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in sentence.chars().take(300) {
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        match c {
            ',' | '/' | '&' => words.push(",".to_owned()),
            ':' if words.first().is_some_and(|word| word.starts_with("manage")) => words.push(",".to_owned()),
            ':' | '(' | '\n' | ';' => break,
            _ => {}
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words.truncate(40);
    words
}

/// What may stand before the verb of a description.
#[rustfmt::skip]
const FILLERS: [&str; 36] = [
    "be", "is", "are", "was", "designed", "intended", "utility", "this", "tool", "allows", "allow", "you", "to", "use", "used", "can", "will", "a", "an", "the", "safely", "permanently",
    "securely", "quickly", "immediately", "easily", "lets", "let", "enables", "function", "that", "which", "helps", "for",
    "automatically", "simply",
];

/// Later clauses: a conjunction, a verb, and an object of its own, so that "posts and updates" are not taken for deeds.
fn later(whole: &Text) -> Option<(Act, String)> {
    let determiners = [
        "the", "a", "an", "it", "them", "this", "that", "all", "any", "your", "each", "its", "their",
        "every", "those",
    ];
    let mut gravest: Option<(Act, String)> = None;
    let mut left = MAX_WORDS;
    for sentence in whole.sentences() {
        for (at, word) in sentence.iter().enumerate().take(left) {
            if !matches!(word.as_str(), "and" | "then" | "also") {
                continue;
            }
            let rest = sentence.get(at.saturating_add(1)..).unwrap_or_default();
            let skip = rest
                .iter()
                .take(2)
                .take_while(|word| matches!(word.as_str(), "then" | "also" | "automatically" | "silently"))
                .count();
            let (Some(verb), Some(object)) = (rest.get(skip), rest.get(skip.saturating_add(1))) else {
                continue;
            };
            // Only "deletes the …" is said of the tool. "Delete the …" may be said to the reader.
            if !(verb.ends_with('s') && determiners.contains(&object.as_str())) {
                continue;
            }
            let Some(act) = act_on(verb, rest.get(skip.saturating_add(1)..).unwrap_or_default()) else {
                continue;
            };
            if !matches!(act, Act::Reads | Act::Runs)
                && gravest.as_ref().is_none_or(|(other, _)| act > *other)
            {
                gravest = Some((act, format!("{verb} {object}")));
            }
        }
        left = left.saturating_sub(sentence.len());
    }
    gravest
}

/// An operation that is chosen from a few, one of which destroys or sends.
fn offers(list: &[Property<'_>]) -> Option<(Act, String, String)> {
    let named = ["action", "operation", "op", "subcommand", "verb"];
    let mut gravest: Option<(Act, String, String)> = None;
    for property in list.iter().filter(|property| {
        of_identifier(property.name).last().is_some_and(|word| named.contains(&word.as_str()))
    }) {
        let choices = property.node.get("enum").and_then(Value::as_array).into_iter().flatten().take(200);
        for choice in choices.filter_map(Value::as_str) {
            let words = of_identifier(choice);
            let Some(act) =
                of_name(&words).filter(|act| matches!(act, Act::Destroys | Act::Sends | Act::Changes))
            else {
                continue;
            };
            if gravest.as_ref().is_none_or(|(other, ..)| act > *other) {
                gravest = Some((act, choice.chars().take(60).collect(), property.pointer.clone()));
            }
        }
    }
    gravest
}

/// A number or a switch.
fn is_number(node: &Value) -> bool {
    matches!(node.get("type").and_then(Value::as_str), Some("number" | "integer" | "boolean"))
}

impl Shape {
    fn of(list: &[Property<'_>]) -> Self {
        let names: Vec<Vec<String>> = list.iter().map(|property| of_identifier(property.name)).collect();
        let ends = |any: &[&str]| {
            names.iter().any(|name| name.last().is_some_and(|word| any.contains(&word.as_str())))
        };
        let text = ends(&[
            "content", "contents", "body", "message", "text", "data", "subject", "value", "values",
            "payload", "fields",
        ]);
        let place = ends(&[
            "path", "id", "ids", "key", "file", "filename", "name", "uri", "table", "url", "uuid", "slug",
        ]);
        let whom = ends(&[
            "to",
            "recipient",
            "recipients",
            "channel",
            "email",
            "emails",
            "phone",
            "address",
            "webhook",
            "account",
            "url",
        ]);
        let pays = ends(&["amount", "price", "quantity"]);
        let given = ends(&[
            "text", "string", "input", "html", "markdown", "list", "items", "values", "array", "image",
            "json", "csv", "numbers",
        ]);
        Self {
            writes: text && place,
            sends: (text || pays) && whom,
            forces: ends(&[
                "force",
                "recursive",
                "permanent",
                "permanently",
                "overwrite",
                "confirm",
                "confirmed",
                "cascade",
            ]),
            runs: ends(&["command", "commands", "cmd", "code", "script"]),
            requests: ends(&["url", "urls", "uri", "endpoint"]),
            is_pure: (given && !place)
                || (!list.is_empty() && list.iter().all(|property| is_number(property.node))),
        }
    }
}
