//! What a tool is openly for, and what it says of all its parameters alike.

use bartizan_listing::Text;
use bartizan_sdk::prelude::*;

use crate::sink::Overall;

pub(crate) struct Purpose {
    /// Name, title and first sentence together.
    pub(crate) declared: Text,
    /// The whole description.
    pub(crate) whole: Text,
    pub(crate) all: Overall,
}

impl Purpose {
    pub(crate) fn of(tool: &Tool) -> Self {
        let bartizan_listing::Purpose { declared, whole } = bartizan_listing::Purpose::of(tool);
        Self { all: Overall::of(&whole), declared, whole }
    }
}
