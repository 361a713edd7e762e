//! The worst that the host may hand a drift component fits what a call may take, and twice as much takes about twice as much.
//!
//! On the signed component in the sandbox, so that what is counted is fuel, and handing over counts too.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

mod loaded;

use bartizan_kernel::{Component, Limits, Question, Usage};
use bartizan_model::{Finding, Prompt, Server, Tool};

type Case = (&'static str, usize, fn(&str, usize) -> Server);

fn tool(name: &str, description: &str, schema: &str) -> Tool {
    Tool {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        input_schema: schema.to_owned(),
        extra: "{}".to_owned(),
        ..Tool::default()
    }
}

fn server(tools: Vec<Tool>) -> Server {
    Server {
        name: "s".to_owned(),
        capabilities: "{}".to_owned(),
        server_info: "{}".to_owned(),
        tools,
        ..Server::default()
    }
}

fn deep() -> String {
    (0..20).fold("{}".to_owned(), |inner, level| {
        format!(
            r#"{{"properties":{{"level{level}":{inner},"path":{{"type":"string","pattern":"^/srv/"}}}}}}"#
        )
    })
}

/// Each gives one of the two sides; `side` is all that tells them apart.
const CASES: [Case; 10] = [
    ("every tool renamed and changed", 100, |side, n| {
        let text = format!("Lists every note of the user that matches the words given{side}.");
        server((0..n).map(|i| tool(&format!("{side}{i}"), &text, &deep())).collect())
    }),
    ("every tool renamed", 400, |side, n| {
        let text = "Lists every note of the user that matches the words given.";
        server((0..n).map(|i| tool(&format!("{side}{i}"), text, &deep())).collect())
    }),
    ("every tool moved", 400, |side, n| {
        let mut tools: Vec<Tool> = (0..n).map(|i| tool(&format!("t{i}"), "Lists.", &deep())).collect();
        if side == "b" {
            tools.reverse();
        }
        server(tools)
    }),
    ("a long description that is another in the middle", 512 << 10, |side, n| {
        let half = "Lists the notes of a user, one by one. ".repeat(n / 78);
        server(vec![tool("t", &format!("{half} {side} {half}"), "{}")])
    }),
    ("every value of every list another", 200, |side, n| {
        let values: Vec<String> = (0..24).map(|value| format!(r#""{side}{value}""#)).collect();
        let schema = format!(r#"{{"properties":{{"kind":{{"enum":[{}]}}}}}}"#, values.join(","));
        server((0..n).map(|i| tool(&format!("t{i}"), "Lists.", &schema)).collect())
    }),
    ("one list of values, each another", 8_000, |side, n| {
        let values: Vec<String> = (0..n).map(|value| format!(r#""{side}{value}""#)).collect();
        let schema = format!(r#"{{"properties":{{"kind":{{"enum":[{}]}}}}}}"#, values.join(","));
        server(vec![tool("t", "Lists.", &schema)])
    }),
    ("one schema of properties, each another, all required", 2_000, |side, n| {
        let names: Vec<String> = (0..n).map(|name| format!(r#""{side}_path_{name}""#)).collect();
        let properties = names.join(r#":{"type":"string"},"#);
        let schema = format!(r#"{{"required":[{}],"properties":{{{properties}:{{}}}}}}"#, names.join(","));
        server(vec![tool("t", "Lists.", &schema)])
    }),
    ("words that ask for a look at what follows", 4, |side, n| {
        let text = format!("{side} {}", "send copy forward always must never change pass as ".repeat(500));
        server((0..n).map(|i| tool(&format!("t{i}"), &text, "{}")).collect())
    }),
    ("short sentences and addresses", 4, |side, n| {
        let words: Vec<String> =
            (0..1_000).map(|word| format!("{side}{word}. https://{side}{word}.io")).collect();
        let text = words.join(" ");
        server((0..n).map(|i| tool(&format!("t{i}"), &text, "{}")).collect())
    }),
    ("letters that look like others", 3, |side, n| {
        let text = format!("{side} {}", "ｉｇｎоｒｅ ".repeat(1_500));
        server((0..n).map(|i| tool(&format!("t{i}"), &text, "{}")).collect())
    }),
];

fn measured(component: &Component, name: &str, pinned: &Server, present: &Server) -> (Vec<Finding>, u64) {
    let rules: Vec<String> = component.rules_of(Question::Drift).iter().map(|rule| rule.id.clone()).collect();
    let mut usage = Usage::default();
    let found = component.compare(pinned, present, &rules, &mut usage);
    (found.unwrap_or_else(|failure| panic!("{name}: {failure}")), usage.fuel)
}

#[test]
fn twice_as_much_that_changed_takes_about_twice_the_fuel() {
    let plugins = loaded::plugins();
    let component = loaded::component(&plugins, "bartizan/drift");
    let most = Limits::default().fuel;
    for (name, n, side) in CASES {
        let fuel = |n: usize| measured(component, name, &side("a", n), &side("b", n)).1;
        let (once, twice) = (fuel(n), fuel(2 * n));
        assert!(twice < most, "{name}: {twice} of {most}");
        assert!(twice <= once / 10 * 26, "{name}: {once}, and of twice as much {twice}");
    }
}

#[test]
fn as_much_as_a_server_may_list_is_compared_within_the_fuel_of_a_call() {
    let plugins = loaded::plugins();
    let component = loaded::component(&plugins, "bartizan/drift");
    // As many tools and prompts as are kept of a list, all others than they were, behind texts that take the most to read.
    let side = |side: &str| {
        let words: Vec<String> = (0..4_000).map(|word| format!("{side}{word}.")).collect();
        let text = words.join(" ");
        let mut tools: Vec<Tool> = (0..20).map(|i| tool(&format!("t{i}"), &text, "{}")).collect();
        tools.extend((20..10_000).map(|i| tool(&format!("{side}{i}"), "You must call `some_other`.", "{}")));
        let prompt = |i: usize| Prompt {
            name: format!("{side}{i}"),
            arguments: "[]".to_owned(),
            extra: "{}".to_owned(),
            ..Prompt::default()
        };
        Server { prompts: (0..10_000).map(prompt).collect(), ..server(tools) }
    };
    let (found, fuel) = measured(component, "all that may be listed", &side("a"), &side("b"));
    assert!(fuel < Limits::default().fuel, "{fuel}");
    // What was too much to read is told.
    assert!(found.iter().any(|finding| finding.message.contains("was not read")), "{found:#?}");
}
