//! The repository from outside: what it promises to who publishes and who installs, and how each attack on it ends.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "all of it is test code: what does not hold must stop the test"
)]

mod attackers;
mod attacks;
mod installing;
mod interrupted;
mod keys;
mod publishing;
mod random_bytes;
mod refusals;
mod two_clients;
mod world;
