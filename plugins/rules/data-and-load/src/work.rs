//! MCP-DOS-001: a parameter by which one call asks for as much work as it likes.
//!
//! A limit without a maximum is what most lists have, and their servers cap it unseen: that is no finding. One is where
//! a number multiplies work that the tool is for: iterations of a hash, megabytes to process, levels of a crawl.

use bartizan_listing::{Parameter, Property, clipped, of_identifier};
use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{reading::Reading, rules};

/// Parameters of one tool that are judged.
const MAX_PARAMETERS: usize = 16;
/// Alternatives of a schema that are looked at for one value.
const MAX_ALTERNATIVES: usize = 32;

/// A word in the name of a number, and the words of a purpose that make it matter; none: it always does.
struct Multiplier {
    names: &'static [&'static str],
    purposes: &'static [&'static str],
}

const MULTIPLIERS: &[Multiplier] = &[
    Multiplier {
        names: &["iterations", "iteration", "repetitions", "repeat", "repeats", "rounds", "loops", "times"],
        purposes: &[
            "hash",
            "hashes",
            "compute",
            "computes",
            "calculate",
            "calculates",
            "process",
            "generate",
            "generates",
            "run",
            "runs",
            "execute",
            "executes",
            "simulate",
            "simulates",
            "simulation",
            "benchmark",
            "stress",
            "load",
            "repeat",
            "derive",
            "encrypt",
            "optimize",
            "train",
        ],
    },
    Multiplier {
        names: &["mb", "gb", "megabytes", "gigabytes", "mib", "gib"],
        purposes: &[
            "process", "allocate", "generate", "load", "create", "buffer", "dataset", "memory", "data",
            "fill", "test",
        ],
    },
    Multiplier { names: &["concurrency", "workers", "threads", "parallelism", "processes"], purposes: &[] },
    Multiplier {
        names: &[
            "item",
            "items",
            "count",
            "copies",
            "instances",
            "rows",
            "records",
            "samples",
            "amount",
            "quantity",
        ],
        purposes: &[
            "generate",
            "generates",
            "allocate",
            "allocates",
            "spawn",
            "spawns",
            "batch",
            "flood",
            "fill",
            "fake",
            "mock",
        ],
    },
    Multiplier {
        names: &["size", "bytes", "length", "n", "number", "limit"],
        purposes: &[
            "allocate",
            "allocates",
            "fibonacci",
            "factorial",
            "factorials",
            "primes",
            "factorize",
            "memory",
            "flood",
        ],
    },
    Multiplier {
        names: &["depth", "levels", "hops"],
        purposes: &[
            "crawl",
            "crawls",
            "recursive",
            "recursively",
            "recursion",
            "spider",
            "fractal",
            "fibonacci",
            "nested",
        ],
    },
    Multiplier { names: &["pages"], purposes: &["crawl", "crawls", "scrape", "scrapes", "spider"] },
    Multiplier {
        names: &["seconds", "duration", "delay", "sleep", "wait", "ms", "milliseconds"],
        purposes: &[
            "sleep", "sleeps", "wait", "waits", "delay", "delays", "block", "blocks", "pause", "pauses",
        ],
    },
    Multiplier { names: &["width", "height"], purposes: &["thumbnail", "thumbnails", "bitmap"] },
];
/// Words that go with a bound, if a number does too.
const BOUNDS: &[&str] = &[
    "max", "maximum", "most", "between", "cap", "capped", "clamped", "limited", "range", "up", "limit",
    "bounded",
];
/// The tool says itself that there is no bound.
const WITHOUT: &[&str] = &[
    "unlimited",
    "no limit",
    "no upper limit",
    "without limit",
    "no maximum",
    "any size",
    "unbounded",
    "infinitely",
    "as many as you",
];
/// What grows with a factorial, or doubles with each character.
const COMBINATORIAL: &[&str] =
    &["permutations", "combinations", "powerset", "subsets", "anagrams", "partitions"];

pub(crate) fn tool(reading: &Reading<'_>, _open: bool) -> Option<Finding> {
    let description = reading.tool.description.as_deref().unwrap_or_default();
    let free: Vec<(usize, Parameter<'_>)> = reading
        .parameters
        .iter()
        .filter_map(|property| Some((multiplies(property, reading)?, property)))
        .filter(|(_, property)| is_number(reading.schema, property.node, 0) == Some(Bound::None))
        .take(MAX_PARAMETERS)
        .map(|(sort, property)| (sort, Parameter::new(property.clone(), description)))
        .filter(|(_, parameter)| !says_bound(parameter))
        .collect();
    if free.is_empty() {
        return combinatorial(reading);
    }
    let says_without = reading.text.holds(WITHOUT);
    // Width and height are one thing; and a "max" is a bound that the caller sets, if one without a bound.
    let mut sorts: Vec<usize> =
        free.iter().filter(|(_, parameter)| !parameter.name_has(&["max"])).map(|(sort, _)| *sort).collect();
    sorts.dedup();
    let names: Vec<String> =
        free.iter().take(4).map(|(_, parameter)| format!("`{}`", clipped(parameter.property.name))).collect();
    let (severity, and) = match (says_without, sorts.len()) {
        (true, _) => (Severity::Medium, " It says itself that there is no bound."),
        (false, 2..) => (Severity::Low, " Together they multiply."),
        (false, _) => (Severity::Info, ""),
    };
    let does = if names.len() == 1 {
        "multiplies what the tool does and has"
    } else {
        "multiply what the tool does and have"
    };
    let message = format!(
        "One call can ask for as much work as it likes: {} {does} no maximum.{and} Whether the server cuts it all the same \
         cannot be seen.",
        names.join(" and ")
    );
    let finding = Finding::new(rules::WORK, reading.tool, message).severity(severity);
    Some(free.iter().take(4).fold(finding, |finding, (_, parameter)| {
        let pointer = &parameter.property.pointer;
        let pointer = if pointer.len() <= 1_000 { pointer.as_str() } else { "" };
        finding.evidence("parameter", parameter.shown(), pointer)
    }))
}

/// Which sort of multiplier it is.
fn multiplies(property: &Property<'_>, reading: &Reading<'_>) -> Option<usize> {
    if property.text.is_some() {
        return None;
    }
    let words = of_identifier(property.name);
    let last = words.last()?.as_str();
    // A timeout ends work.
    if words.iter().any(|word| matches!(word.as_str(), "timeout" | "timeouts")) {
        return None;
    }
    MULTIPLIERS.iter().position(|multiplier| {
        multiplier.names.contains(&last)
            && (multiplier.purposes.is_empty() || reading.declared.has(multiplier.purposes))
    })
}

/// "1 to 100", "at most 50".
fn says_bound(parameter: &Parameter<'_>) -> bool {
    let numbers = parameter.said.chars().any(|c| c.is_ascii_digit());
    numbers
        && (parameter.text.has(BOUNDS)
            || parameter.said.contains(['<', '≤', '–'])
            || has_range(&parameter.said))
}

/// A number, a hyphen, a number.
fn has_range(said: &str) -> bool {
    let words = said.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '[' | ']' | ':'));
    words.into_iter().any(|word| {
        word.split_once(['-', '.']).is_some_and(|(from, to)| {
            let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
            digits(from) && digits(to.trim_start_matches('.')) && !word.starts_with("0.")
        })
    })
}

/// Whether a number has a greatest value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    None,
    Some,
}

/// `None` if the value is no number. One alternative without a bound is enough.
fn is_number(root: &Value, node: &Value, hops: usize) -> Option<Bound> {
    if hops > 4 {
        return None;
    }
    let next = hops.saturating_add(1);
    if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#')) {
        return is_number(root, root.pointer(target)?, next);
    }
    if ["enum", "const", "maximum", "exclusiveMaximum"].iter().any(|key| node.get(*key).is_some()) {
        return Some(Bound::Some);
    }
    let branches = ["anyOf", "oneOf", "allOf"].into_iter();
    let branches = branches.flat_map(|key| node.get(key).and_then(Value::as_array).into_iter().flatten());
    let bounds: Vec<Bound> =
        branches.take(MAX_ALTERNATIVES).filter_map(|branch| is_number(root, branch, next)).collect();
    if !bounds.is_empty() {
        return Some(if bounds.contains(&Bound::None) { Bound::None } else { Bound::Some });
    }
    let is = |name: &str| matches!(name, "integer" | "number");
    let number = match node.get("type") {
        Some(Value::String(one)) => is(one),
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).any(is),
        _ => false,
    };
    number.then_some(Bound::None)
}

/// All permutations of a text of any length: no number is needed to ask for too much.
fn combinatorial(reading: &Reading<'_>) -> Option<Finding> {
    // A second parameter is the length of what is picked, or a limit.
    let [only] = reading.parameters.as_slice() else { return None };
    let free = only.text.is_some_and(|text| text.max_length.is_none() && text.pattern.is_none());
    if !free
        || only.node.get("maxItems").is_some()
        || !reading.declared.says(&["all", "every"], COMBINATORIAL, 3)
    {
        return None;
    }
    let message = format!(
        "One call can ask for as much work as it likes: what the tool lists grows beyond all bounds with the length of \
         `{}`, which has none.",
        clipped(only.name)
    );
    let finding = Finding::new(rules::WORK, reading.tool, message).severity(Severity::Low);
    let description = reading.tool.description.as_deref().unwrap_or_default();
    Some(finding.evidence("description", description, "/description"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_bound_is_seen_wherever_the_schema_has_it() {
        let bound = |node: Value| {
            is_number(&json!({ "$defs": { "n": { "type": "integer", "maximum": 5 } } }), &node, 0)
        };
        assert_eq!(bound(json!({ "type": "integer" })), Some(Bound::None));
        assert_eq!(bound(json!({ "anyOf": [{ "type": "integer" }, { "type": "null" }] })), Some(Bound::None));
        assert_eq!(
            bound(json!({ "anyOf": [{ "type": "integer", "maximum": 9 }, { "type": "null" }] })),
            Some(Bound::Some)
        );
        assert_eq!(bound(json!({ "$ref": "#/$defs/n" })), Some(Bound::Some));
        assert_eq!(bound(json!({ "type": "string" })), None);
    }

    #[test]
    fn a_range_in_words_is_a_bound() {
        assert!(has_range("Levels to follow (1-5)") && has_range("from 1..10"));
        assert!(!has_range("factor 0.5") && !has_range("re-run it"));
    }
}
