//! The contract's types as TypeScript's declarations.

use std::fmt::Write as _;

use crate::contract::{Body, Contract, Definition, Kind, Member, pascal};

const HEAD: &str =
    "// The contract's types. Written from wit/types.wit by this SDK's tests: not to be changed by hand.\n";

/// The text of `sdk/javascript/bartizan-sdk/contract.d.ts`.
pub fn typescript(contract: &Contract) -> String {
    contract.types.iter().fold(HEAD.to_owned(), |mut text, definition| {
        text.push('\n');
        text.push_str(&one(definition));
        text
    })
}

fn one(definition: &Definition) -> String {
    let mut text = doc(&definition.docs, "");
    let name = pascal(&definition.name);
    match &definition.body {
        Body::Record(members) => {
            let _ = writeln!(text, "export interface {name} {{");
            for member in members {
                text.push_str(&doc(&member.docs, "  "));
                let _ = writeln!(text, "  {}: {};", camel(&member.name), kind(&member.kind));
            }
            text.push_str("}\n");
        }
        Body::Enum(cases) => {
            let cases: Vec<String> = cases.iter().map(|case| format!("\"{case}\"")).collect();
            let _ = writeln!(text, "export type {name} = {};", cases.join(" | "));
        }
        Body::Variant(cases) => {
            let _ = write!(text, "export type {name} =");
            for Member { name, docs, kind: of } in cases {
                let _ = write!(text, "\n{}  | {{ tag: \"{name}\"; val: {} }}", doc(docs, "  "), kind(of));
            }
            text.push_str(";\n");
        }
    }
    text
}

fn doc(docs: &str, indent: &str) -> String {
    let docs = docs.replace("*/", "* /");
    let lines: Vec<&str> = docs.lines().collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let mut text = format!("{indent}/**\n");
            for line in lines {
                let _ = writeln!(text, "{}", format!("{indent} * {line}").trim_end());
            }
            text + indent + " */\n"
        }
    }
}

fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let mut letters = pascal.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}

fn kind(of: &Kind) -> String {
    match of {
        Kind::Text => "string".to_owned(),
        Kind::Bool => "boolean".to_owned(),
        Kind::Named(name) => pascal(name),
        Kind::List(of) => format!("{}[]", kind(of)),
        Kind::Option(of) => format!("{} | null", kind(of)),
    }
}
