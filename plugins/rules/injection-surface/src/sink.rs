//! Where a value can do harm, and the words that tell it gets there.
//!
//! Three questions are asked of a parameter: is it *called* as what goes there, does the text *say* that it goes there,
//! and does it say so in a way that leaves nothing in between? A fourth is asked of the tool: is that what it is openly for?

mod command;
mod deserialize;
mod evaluate;
mod path;
mod sql;
mod url;

use bartizan_listing::{Parameter, Text};

use crate::{
    lexicon::{PICKLES, TEMPLATES, UNCHECKED},
    purpose::Purpose,
};

/// The places that this pack knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sink {
    Command,
    Sql,
    Path,
    Url,
    Evaluate,
    Deserialize,
}

/// What speaks for a parameter reaching a sink.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signals {
    /// Its name is that of such a thing.
    pub(crate) called: bool,
    /// Its description says so.
    pub(crate) said: bool,
    /// It says that nothing is in between.
    pub(crate) bare: bool,
}

impl Signals {
    pub(crate) fn any(self) -> bool {
        self.called || self.said || self.bare
    }
}

/// What the description as a whole says of every parameter alike. Asked once, because a tool can have many parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overall {
    /// That nothing is checked.
    pub(crate) unchecked: bool,
    /// That paths stay within a folder.
    pub(crate) confined: bool,
    pub(crate) sql: bool,
    pub(crate) templates: bool,
    /// That objects of a language are read back.
    pub(crate) deserializes: bool,
    /// That they are read back by what runs their code.
    pub(crate) pickles: bool,
}

impl Overall {
    pub(crate) fn of(text: &Text) -> Self {
        Self {
            unchecked: text.denies(&UNCHECKED),
            confined: path::says_confined(text),
            sql: text.has(&["sql"]),
            templates: text.has_undenied(&TEMPLATES),
            deserializes: text.says(&["serialized", "serialised"], &["python", "java", "php"], 1),
            pickles: text.has_undenied(&PICKLES),
        }
    }
}

impl Sink {
    pub(crate) const ALL: [Self; 6] =
        [Self::Command, Self::Sql, Self::Path, Self::Url, Self::Evaluate, Self::Deserialize];

    pub(crate) fn signals(self, parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
        let mut signals = match self {
            Self::Command => command::signals(parameter, purpose),
            Self::Sql => sql::signals(parameter, purpose),
            Self::Path => path::signals(parameter, purpose),
            Self::Url => url::signals(parameter, purpose),
            Self::Evaluate => evaluate::signals(parameter, purpose),
            Self::Deserialize => deserialize::signals(parameter, purpose),
        };
        // That nothing is checked counts only for what goes somewhere.
        if signals.any() && (parameter.text.denies(&UNCHECKED) || purpose.all.unchecked) {
            signals.bare = true;
        }
        signals
    }

    /// Whether reaching the sink is what the tool is openly for.
    pub(crate) fn is_purpose(self, purpose: &Purpose) -> bool {
        let declared = &purpose.declared;
        match self {
            Self::Command => command::is_purpose(declared),
            Self::Sql => sql::is_purpose(declared),
            Self::Path => path::is_purpose(declared),
            Self::Url => url::is_purpose(declared),
            Self::Evaluate => evaluate::is_purpose(declared),
            Self::Deserialize => deserialize::is_purpose(declared),
        }
    }

    /// Whether the finding only states what the tool is openly for. Reading back what runs code never is: who loads an
    /// object asked for an object.
    pub(crate) fn is_by_design(self, signals: Signals, openly: bool) -> bool {
        openly && signals.called && !(self == Self::Deserialize && signals.bare)
    }
}
