//! Session ids: whether another can be guessed from one, and whether one is enough to get in.

use reqwest::header::HeaderValue;
use serde_json::json;

use super::{
    outcome::{Outcome, Tried},
    stage::Stage,
};
use crate::{
    handshake::initialize_params,
    transport::{auth::charset, exchange::Raw, http::SESSION_ID},
};

const NO_ID: &str = "the server gives no session id";

fn text(id: &HeaderValue) -> String {
    String::from_utf8_lossy(id.as_bytes()).into_owned()
}

pub(crate) async fn second(stage: &mut Stage<'_>) -> Tried {
    let Some(first) = stage.http().and_then(|http| http.session().map(text)) else {
        return Tried::not_applicable(NO_ID);
    };
    let body = stage.text("initialize", &initialize_params());
    let raw = Raw { session: false, ..Raw::post(body, "initialize") };
    let reply = stage.exchange(&raw).await;
    let outcome = Outcome::of_reply(&reply);
    let id = reply.ok().and_then(|reply| reply.headers.get(&SESSION_ID).cloned());
    let Some(id) = id else { return Tried::ran(outcome).and("same_id", json!(null)) };
    let second = text(&id);
    let is_same = first == second;
    if !is_same {
        stage.end(id).await;
    }
    Tried::ran(outcome)
        .and("same_id", is_same)
        .and("common_prefix", common_prefix(&first, &second))
        .and("numeric_step", json!(numeric_step(&first, &second)))
        .and("length", second.len())
        .and("charset", charset(&second))
}

fn common_prefix(first: &str, second: &str) -> usize {
    first.bytes().zip(second.bytes()).take_while(|(a, b)| a == b).count()
}

/// How far apart two ids are that are alike but for the number at their end.
fn numeric_step(first: &str, second: &str) -> Option<i64> {
    let split = |id: &str| -> Option<(String, i64)> {
        let head = id.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = id.strip_prefix(head)?;
        // Longer ones are random, and no number of ours.
        (number.len() <= 18).then(|| number.parse().ok()).flatten().map(|number| (head.to_owned(), number))
    };
    let ((head, one), (other_head, other)) = (split(first)?, split(second)?);
    (head == other_head && one != other).then(|| other.saturating_sub(one))
}

pub(crate) async fn reuse(stage: &mut Stage<'_>) -> Tried {
    let Some(http) = stage.http().filter(|http| http.session().is_some()) else {
        return Tried::not_applicable(NO_ID);
    };
    let left_out = http.sends_credentials();
    let other = match http.reconnected() {
        Ok(other) => other,
        Err(error) => return Tried::prevented(error.to_string()),
    };
    let raw = match stage.control().await {
        Ok(raw) => Raw { credentials: false, ..raw },
        Err(why) => return stage.no_control(why),
    };
    let outcome = Outcome::of_reply(&other.exchange(&raw, stage.until()).await);
    Tried::ran(outcome).and("credentials_left_out", left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_count_are_told_from_ids_that_do_not() {
        assert_eq!(numeric_step("session-41", "session-42"), Some(1));
        assert_eq!(numeric_step("1000", "1007"), Some(7));
        assert_eq!(numeric_step("a-41", "b-42"), None);
        assert_eq!(
            numeric_step("0b8e9f9e-52d1-4f6a-9f0a-1c4e1d6f2a33", "7c1e9f9e-52d1-4f6a-9f0a-1c4e1d6f2a34"),
            None
        );
        assert_eq!(numeric_step(&"9".repeat(40), &"8".repeat(40)), None);
        assert_eq!(common_prefix("abcd", "abxx"), 2);
    }
}
