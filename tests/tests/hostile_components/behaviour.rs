//! Components that are signed and of the right type, and misbehave when they are called.

use bartizan_tests::{Publisher, hostile_component, together};

use super::{fails_alone, scan, trusting, undisturbed};

/// The mode, and what becomes of it. Limits are low where a case would otherwise run up to the usual ones.
const MODES: &[(&str, &str, &str)] = &[
    ("endless-loop", "fuel", "limits = { fuel = 50_000_000 }"),
    // The same loop where fuel does not end it.
    ("endless-loop", "deadline", "limits = { fuel = 1_000_000_000_000_000, timeout = '300ms' }"),
    ("loop-in-configure", "fuel", "limits = { fuel = 50_000_000 }"),
    ("endless-allocation", "memory", ""),
    ("deep-recursion", "stack", ""),
    ("trap-in-configure", "trap", ""),
    ("trap-in-check", "trap", ""),
    ("refuses-configuration", "gave-up", ""),
    ("gives-up", "gave-up", ""),
    ("too-many-findings", "malformed-answer", ""),
    ("huge-string", "malformed-answer", ""),
    ("over-a-megabyte", "malformed-answer", ""),
    // It has the memory for it; what the host would have to allocate is bounded apart from that.
    ("huge-answer", "memory", "limits = { max_memory = '128MB' }"),
    ("unknown-rule", "malformed-answer", ""),
    ("anothers-rule", "malformed-answer", ""),
    ("impossible-tool", "malformed-answer", ""),
    ("impossible-kind", "malformed-answer", ""),
    ("impossible-related", "malformed-answer", ""),
    ("wrong-pointer", "malformed-answer", ""),
    ("no-message", "malformed-answer", ""),
];

#[test]
fn a_component_that_misbehaves_fails_alone() {
    let component = hostile_component("by-config");
    together(
        MODES,
        |(mode, code, _)| format!("{mode}: {code}"),
        |(mode, code, limits)| {
            let (user, publisher) = trusting();
            publisher.install(&user, &component, &Publisher::claims("hostile/by-config"));
            user.configure(&format!(
                "[plugins.\"hostile/by-config\"]\nconfig = {{ mode = '{mode}' }}\n{limits}\n"
            ));
            fails_alone(scan(&user, &[]), "hostile/by-config", code, 3);
        },
    );
}

/// Without this, the cases above could pass because the component is never asked at all.
#[test]
fn the_same_component_is_heard_when_it_behaves() {
    let (user, publisher) = trusting();
    publisher.install(&user, &hostile_component("by-config"), &Publisher::claims("hostile/by-config"));
    let run = scan(&user, &[]).expect_code(0);
    assert!(run.not_checked().is_empty());
    let mut expected = undisturbed().to_vec();
    expected.insert(0, "HOSTILE-001 server".to_owned());
    assert_eq!(run.found(), expected);
}

#[test]
fn a_finding_of_a_rule_that_was_not_asked_for_is_malformed() {
    let (user, publisher) = trusting();
    publisher.install(&user, &hostile_component("by-config"), &Publisher::claims("hostile/by-config"));
    user.configure("[plugins.\"hostile/by-config\"]\nconfig = { mode = 'not-enabled-rule' }\n");
    assert!(scan(&user, &[]).expect_code(0).found().contains(&"HOSTILE-002 server".to_owned()));
    fails_alone(scan(&user, &["--exclude", "HOSTILE-002"]), "hostile/by-config", "malformed-answer", 3);
}

#[test]
fn it_fails_at_the_same_place_every_time() {
    let (user, publisher) = trusting();
    publisher.install(&user, &hostile_component("by-config"), &Publisher::claims("hostile/by-config"));
    user.configure("[plugins.\"hostile/by-config\"]\nconfig = { mode = 'endless-loop' }\nlimits = { fuel = 50_000_000 }\n");
    let reasons = || scan(&user, &[]).json()["not_checked"].clone();
    assert_eq!(reasons(), reasons());
}

#[test]
fn a_component_that_fails_while_it_is_loaded_fails_alone() {
    // Component, code, exit code.
    let cases = [
        ("trap-in-describe", "trap", 3),
        ("trap-in-rules", "trap", 3),
        ("loop-in-rules", "fuel", 3),
        ("doubled-rule", "wrong-type", 3),
        ("rule-clash", "clash", 3),
        ("format-clash", "clash", 3),
        ("huge-memory", "memory", 3),
        ("misnamed", "not-as-signed", 4),
    ];
    hostile_component("by-config");
    together(
        &cases,
        |(name, ..)| (*name).to_owned(),
        |(name, code, exit)| {
            let (user, publisher) = trusting();
            publisher.install(
                &user,
                &hostile_component(name),
                &Publisher::claims(&format!("hostile/{name}")),
            );
            user.configure(&format!("[plugins.\"hostile/{name}\"]\nlimits = {{ fuel = 50_000_000 }}\n"));
            fails_alone(scan(&user, &[]), &format!("hostile/{name}"), code, *exit);
        },
    );
}

#[test]
fn a_version_other_than_the_signed_one_is_refused() {
    let (user, publisher) = trusting();
    let claims = bartizan_registry::Claims {
        version: semver::Version::new(1, 0, 1),
        ..Publisher::claims("hostile/by-config")
    };
    publisher.install(&user, &hostile_component("by-config"), &claims);
    fails_alone(scan(&user, &[]), "hostile/by-config", "not-as-signed", 4);
}

#[test]
fn many_bad_components_at_once_take_nothing_with_them() {
    let (user, publisher) = trusting();
    for name in ["trap-in-describe", "doubled-rule", "rule-clash", "by-config", "huge-memory"] {
        publisher.install(&user, &hostile_component(name), &Publisher::claims(&format!("hostile/{name}")));
    }
    user.configure("[plugins.\"hostile/by-config\"]\nconfig = { mode = 'trap-in-check' }\n");
    let run = scan(&user, &[]).expect_code(3);
    assert_eq!(run.found(), undisturbed());
    assert_eq!(run.not_checked().len(), 5, "{:?}", run.not_checked());
}

#[test]
fn what_a_component_says_does_not_steer_the_terminal() {
    let (user, publisher) = trusting();
    publisher.install(&user, &hostile_component("by-config"), &Publisher::claims("hostile/by-config"));
    for mode in ["escapes", "gives-up", "refuses-configuration"] {
        user.configure(&format!("[plugins.\"hostile/by-config\"]\nconfig = {{ mode = '{mode}' }}\n"));
        let listing = super::listing();
        let run = user.run(["scan", "--fail-on", "critical", listing.to_str().unwrap()]);
        assert!(
            !run.text().contains('\u{1b}') && !run.stderr.contains('\u{1b}'),
            "{mode}: {}{}",
            run.text(),
            run.stderr
        );
        assert!(
            run.text().contains("HOSTILE-001") || run.text().contains("hostile/by-config"),
            "{mode}: {}",
            run.text()
        );
    }
}
