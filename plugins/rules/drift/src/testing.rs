//! Short ways to read a text, for unit tests.

use std::collections::BTreeSet;

use bartizan_sdk::prelude::*;

use crate::{
    own::{Own, Topic},
    part::Part,
    signal::{self, Signal},
    words::Words,
};

/// With the topic of a tool `notes_list` that takes a `note`, of a server that has `notes_open` too.
pub(crate) fn with_topic<T>(read: impl FnOnce(&Topic<'_>) -> T) -> T {
    let server =
        Server { tools: vec![Tool::named("notes_list"), Tool::named("notes_open")], ..Server::named("s") };
    let parameters: BTreeSet<String> = ["note".to_owned(), "sort_by".to_owned()].into();
    read(&Topic { own: &Own::of(&server, &server), parameters: &parameters })
}

pub(crate) fn signals(text: &str) -> BTreeSet<Signal> {
    let words = Words::of(text);
    with_topic(|topic| signal::of(&Part::whole(&words), topic))
}

pub(crate) fn weigh(text: &str) -> usize {
    signal::weight(&signals(text))
}
