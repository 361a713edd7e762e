//! What a listed item says of itself, as a rule asks it: names and sentences in words, every parameter wherever a
//! schema nests it, what is said of a parameter and wherever that stands, and what a tool is openly for. And where its
//! server is reached ([`Reach`]).
//!
//! Rules that judge by words misjudge: "sh" is in "push", "delete" in "deleted", and "never sent" is not "sent".
//! [`Text`] is where such questions are asked: read it first, then [`Parameter`] and [`Purpose`].
//!
//! Not for: judging. Nothing here knows what is dangerous. Nor for text that is dressed up to look like another (that is
//! `bartizan-text`).
//!
//! Everything is hostile: what is read is bounded in size and depth, and what was not read is said
//! ([`Properties::whole`]).

mod fold;
mod parameter;
mod place;
mod purpose;
mod quote;
mod schema;
mod words;

pub use fold::fold;
pub use parameter::Parameter;
pub use place::{Reach, http_address};
pub use purpose::{Purpose, first_sentence};
pub use quote::{clipped, one_line};
pub use schema::{FreeText, Properties, Property, escape, properties};
pub use words::{Text, head, of_identifier};
