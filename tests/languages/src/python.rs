//! The contract's types as Python's dataclasses.

use std::fmt::Write as _;

use crate::contract::{Body, Contract, Definition, Kind, Member, pascal};

const HEAD: &str = "\"\"\"The contract's types. Written from wit/types.wit by this SDK's tests: not to be changed by hand.\"\"\"

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Optional, Union
";

/// The text of `sdk/python/bartizan_sdk/contract.py`.
pub fn python(contract: &Contract) -> String {
    contract.types.iter().fold(HEAD.to_owned(), |mut text, definition| {
        text.push_str("\n\n");
        text.push_str(&one(definition));
        text
    })
}

fn one(definition: &Definition) -> String {
    let name = pascal(&definition.name);
    match &definition.body {
        Body::Record(members) => {
            format!("@dataclass\nclass {name}:\n{}{}", doc(&definition.docs, &name, "    "), fields(members))
        }
        Body::Enum(cases) => {
            let mut text = format!("class {name}(Enum):\n{}", doc(&definition.docs, &name, "    "));
            for (number, case) in cases.iter().enumerate() {
                let _ = writeln!(text, "    {} = {number}", case.replace('-', "_").to_uppercase());
            }
            text
        }
        Body::Variant(cases) => {
            let mut text = String::new();
            for case in cases {
                let _ = write!(
                    text,
                    "@dataclass\nclass {name}{}:\n{}    value: {}\n\n\n",
                    pascal(&case.name),
                    doc(&case.docs, &case.name, "    "),
                    kind(&case.kind)
                );
            }
            let names: Vec<String> =
                cases.iter().map(|case| format!("{name}{}", pascal(&case.name))).collect();
            let _ = writeln!(
                text,
                "{name} = Union[{}]\n{}",
                names.join(", "),
                doc(&definition.docs, &name, "").trim_end()
            );
            text
        }
    }
}

/// A docstring. What has none of its own gets its name, because a class must have some body.
fn doc(docs: &str, name: &str, indent: &str) -> String {
    let docs = if docs.is_empty() { format!("`{name}` of the contract.") } else { docs.to_owned() };
    let docs = docs.replace('\\', "\\\\").replace("\"\"\"", "'''");
    let lines: Vec<String> = docs
        .lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") })
        .collect();
    let text = lines.join("\n");
    let text = text.trim_start();
    let end = if text.contains('\n') || text.ends_with('"') { format!("\n{indent}") } else { String::new() };
    format!("{indent}\"\"\"{text}{end}\"\"\"\n\n")
}

fn fields(members: &[Member]) -> String {
    let mut text = String::new();
    for member in members {
        for line in member.docs.lines() {
            let _ = writeln!(text, "    # {line}");
        }
        let _ = writeln!(
            text,
            "    {}: {}{}",
            member.name.replace('-', "_"),
            kind(&member.kind),
            default(member)
        );
    }
    text
}

/// Every member can be left out, so that a test says only what it is about.
fn default(member: &Member) -> &'static str {
    match (&member.kind, member.name.as_str()) {
        (Kind::Option(_), _) => " = None",
        (Kind::List(_), _) => " = field(default_factory=list)",
        (Kind::Bool, _) => " = False",
        (Kind::Text, "input-schema") => " = \"null\"",
        (Kind::Text, "arguments") => " = \"[]\"",
        (Kind::Text, "extra" | "capabilities" | "server-info") => " = \"{}\"",
        (Kind::Text, _) => " = \"\"",
        (Kind::Named(name), _) => match name.as_str() {
            "severity" => " = Severity.MEDIUM",
            "confidence" => " = Confidence.MEDIUM",
            "subject" => " = field(default_factory=lambda: Subject(\"server\", \"\"))",
            _ => " = field(default_factory=lambda: Transport())",
        },
    }
}

fn kind(of: &Kind) -> String {
    match of {
        Kind::Text => "str".to_owned(),
        Kind::Bool => "bool".to_owned(),
        Kind::Named(name) => pascal(name),
        Kind::List(of) => format!("list[{}]", kind(of)),
        Kind::Option(of) => format!("Optional[{}]", kind(of)),
    }
}
