//! Reads the types that a rule pack meets.

use std::path::Path;

use wit_parser::{Enum, Record, Resolve, Type, TypeDefKind, Variant};

/// A contract that has what the writers do not know.
#[derive(Debug)]
pub struct ContractError(pub String);

/// One type of the contract.
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) body: Body,
}

/// A member of a record, or a case.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) kind: Kind,
}

pub(crate) enum Body {
    Record(Vec<Member>),
    Enum(Vec<String>),
    Variant(Vec<Member>),
}

/// What a member holds.
pub(crate) enum Kind {
    Text,
    Bool,
    Named(String),
    List(Box<Self>),
    Option(Box<Self>),
}

/// The types of `types.wit`, in its order.
pub struct Contract {
    pub(crate) types: Vec<Definition>,
}

impl Contract {
    /// Reads the contract in this folder.
    pub fn read(folder: &Path) -> Result<Self, ContractError> {
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_dir(folder).map_err(|error| ContractError(format!("{error:#}")))?;
        let found = resolve.packages.get(package).and_then(|package| package.interfaces.get("types"));
        let interface = found.and_then(|&id| resolve.interfaces.get(id));
        let interface = interface.ok_or_else(|| ContractError("there is no interface `types`".to_owned()))?;
        let mut types = Vec::new();
        for (name, &id) in &interface.types {
            let definition =
                resolve.types.get(id).ok_or_else(|| ContractError(format!("no type `{name}`")))?;
            let body = match &definition.kind {
                TypeDefKind::Record(record) => Body::Record(fields(&resolve, record)?),
                TypeDefKind::Enum(Enum { cases }) => {
                    Body::Enum(cases.iter().map(|case| case.name.clone()).collect())
                }
                TypeDefKind::Variant(variant) => Body::Variant(cases(&resolve, variant)?),
                other => return Err(ContractError(format!("`{name}` is a {}", other.as_str()))),
            };
            types.push(Definition { name: name.clone(), docs: docs(&definition.docs), body });
        }
        Ok(Self { types })
    }
}

fn docs(docs: &wit_parser::Docs) -> String {
    docs.contents.clone().unwrap_or_default().trim().to_owned()
}

fn fields(resolve: &Resolve, record: &Record) -> Result<Vec<Member>, ContractError> {
    let member = |field: &wit_parser::Field| {
        Ok(Member { name: field.name.clone(), docs: docs(&field.docs), kind: kind(resolve, &field.ty)? })
    };
    record.fields.iter().map(member).collect()
}

fn cases(resolve: &Resolve, variant: &Variant) -> Result<Vec<Member>, ContractError> {
    let member = |case: &wit_parser::Case| {
        let payload =
            case.ty.as_ref().ok_or_else(|| ContractError(format!("case `{}` holds nothing", case.name)))?;
        Ok(Member { name: case.name.clone(), docs: docs(&case.docs), kind: kind(resolve, payload)? })
    };
    variant.cases.iter().map(member).collect()
}

fn kind(resolve: &Resolve, of: &Type) -> Result<Kind, ContractError> {
    Ok(match of {
        Type::String => Kind::Text,
        Type::Bool => Kind::Bool,
        Type::Id(id) => {
            let definition =
                resolve.types.get(*id).ok_or_else(|| ContractError("a type that is not there".to_owned()))?;
            match (&definition.kind, &definition.name) {
                (TypeDefKind::List(of), _) => Kind::List(Box::new(kind(resolve, of)?)),
                (TypeDefKind::Option(of), _) => Kind::Option(Box::new(kind(resolve, of)?)),
                (_, Some(name)) => Kind::Named(name.clone()),
                (other, None) => return Err(ContractError(format!("a {} without a name", other.as_str()))),
            }
        }
        other => return Err(ContractError(format!("a {other:?}"))),
    })
}

/// "input-schema" with each word's first letter raised: "InputSchema".
pub(crate) fn pascal(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}
