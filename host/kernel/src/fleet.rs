//! What passes between the two steps of judging servers together.

use bartizan_model::Subject;
use serde::{Deserialize, Serialize};

/// Something a component noted about one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about: facts of one topic come together.
    pub topic: String,
    /// Whether the topic is to be judged though no other server speaks of it.
    pub alone: bool,
    /// What of the server it is about.
    pub subject: Subject,
    /// The component's own words to itself.
    pub data: String,
}

/// A fact, and whose.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    /// Number of the server in this run.
    pub server: u32,
    /// What the server is called.
    pub server_name: &'a str,
    /// As in [`Fact`].
    pub subject: &'a Subject,
    /// As in [`Fact`].
    pub data: &'a str,
}

/// All that was noted on one topic.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// The topic.
    pub topic: &'a str,
    /// By server, and then in the order it was noted in.
    pub facts: Vec<Noted<'a>>,
    /// How many more there were than are handed over.
    pub left_out: u32,
}
