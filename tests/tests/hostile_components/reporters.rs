//! Reporters that go wrong: what was found is shown all the same.

use bartizan_tests::{Publisher, Run, hostile_component, on_a_terminal, together};

use super::{listing, trusting, undisturbed};

#[test]
fn a_report_that_could_not_be_rendered_follows_as_json() {
    let component = hostile_component("odd-reporter");
    let cases = [("latin", "is text, but the answer"), ("traps", "trapped"), ("gives-up", "no ink")];
    together(
        &cases,
        |(format, _)| (*format).to_owned(),
        |(format, why)| {
            let (user, publisher) = trusting();
            publisher.install(&user, &component, &Publisher::claims("hostile/odd-reporter"));
            let listing = listing();
            let run = |more: &[&str]| {
                let mut args = vec!["scan", "--format", format, listing.to_str().unwrap()];
                args.extend(more);
                user.run(args)
            };
            let told: Run = run(&["--fail-on", "critical"]).expect_code(3);
            assert_eq!(told.found(), undisturbed());
            assert!(
                told.stderr.contains("could not be rendered") && told.stderr.contains(why),
                "{}",
                told.stderr
            );
            // And findings still decide.
            run(&[]).expect_code(1);
            // A file gets the JSON too, and not half of something.
            let told = run(&["--fail-on", "critical", "-o", "report.out"]).expect_code(3);
            assert!(told.stdout.is_empty());
            let file: serde_json::Value =
                serde_json::from_slice(&std::fs::read(user.work().join("report.out")).unwrap()).unwrap();
            assert_eq!(file["findings"].as_array().unwrap().len(), undisturbed().len());
        },
    );
}

#[test]
fn a_reporter_does_not_steer_the_terminal() {
    let (user, publisher) = trusting();
    publisher.install(&user, &hostile_component("odd-reporter"), &Publisher::claims("hostile/odd-reporter"));
    let listing = listing();
    let (code, bytes) = on_a_terminal(user.command([
        "scan",
        "--format",
        "steers",
        "--no-progress",
        listing.to_str().unwrap(),
    ]));
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("\u{1b}[31mred\u{1b}[0m"), "colours are let through: {text:?}");
    assert!(!text.contains("\u{1b}[2J") && !text.contains("\u{1b}]0;"), "{text:?}");
}
