//! Which rules are asked, and what decides the exit code.

use bartizan_tests::Bartizan;

fn scan(user: &Bartizan, args: &[&str]) -> bartizan_tests::Run {
    let listing = super::poisoned();
    user.scan([&[listing.as_str()], args].concat())
}

#[test]
fn the_threshold_decides_between_findings_and_clean() {
    let user = Bartizan::new();
    for (threshold, code) in [("info", 1), ("low", 1), ("medium", 1), ("high", 1), ("critical", 0)] {
        let run = scan(&user, &["--fail-on", threshold]).expect_code(code);
        assert_eq!(run.found().len(), 2, "the threshold changes what is reported");
    }
    let run = scan(&user, &["--fail-on", "dreadful"]).expect_code(2);
    assert!(run.stderr.contains("info, low, medium, high, critical"), "{}", run.stderr);
}

#[test]
fn globs_choose_rules() {
    let user = Bartizan::new();
    let cases: [(&[&str], &[&str]); 6] = [
        (&["--rules", "MCP-INJ-*"], &["MCP-INJ-001 tool:run"]),
        (&["--rules", "mcp-proto-001"], &["MCP-PROTO-001 tool:add"]),
        (&["--rules", "MCP-INJ-001,MCP-PROTO-001"], &["MCP-INJ-001 tool:run", "MCP-PROTO-001 tool:add"]),
        (&["--exclude", "MCP-PROTO-*"], &["MCP-INJ-001 tool:run"]),
        (
            &["--rules", "MCP-*-001", "--exclude", "MCP-INJ-*", "--exclude", "MCP-TRANS-*"],
            &["MCP-PROTO-001 tool:add"],
        ),
        (&["--plugins", "bartizan/injection-surface"], &["MCP-INJ-001 tool:run"]),
    ];
    let all = scan(&user, &[]).json()["rules"].as_array().unwrap().len();
    for (args, found) in cases {
        let run = scan(&user, args);
        assert_eq!(run.found(), found, "{args:?}");
        let asked = run.json()["rules"].as_array().unwrap().len();
        assert!(asked < all, "{args:?} asked {asked} rules");
    }
}

#[test]
fn what_chooses_nothing_is_a_usage_error_and_not_a_clean_scan() {
    let user = Bartizan::new();
    let cases: [(&[&str], &str); 7] = [
        (&["--rules", "MCP-PROTO-01"], "MCP-PROTO-001"),
        (&["--rules", "MCP-INJ-001,MCP-NOPE-001"], "MCP-NOPE-001"),
        (&["--exclude", "MCP-NOPE-001"], "MCP-NOPE-001"),
        (&["--rules", "["], "glob"),
        (&["--rules", "MCP-INJ-*", "--exclude", "MCP-*"], "no rule"),
        (&["--plugins", "acme/nope"], "bartizan/tool-poisoning"),
        (&["--plugins", "bartizan/json"], "bartizan/tool-poisoning"),
    ];
    for (args, why) in cases {
        let run = scan(&user, args).expect_code(2);
        let told = run.stderr.replace("\n  │ ", "");
        assert!(run.stdout.is_empty() && told.contains(why), "{args:?}: {told}");
    }
}

#[test]
fn the_configuration_chooses_and_the_command_line_wins() {
    let user = Bartizan::new();
    user.configure("[scan]\nfail-on = 'critical'\nrules = ['MCP-INJ-*']\n");
    let run = scan(&user, &[]).expect_code(0);
    assert_eq!(run.found(), ["MCP-INJ-001 tool:run"]);
    let run = scan(&user, &["--fail-on", "low", "--rules", "MCP-PROTO-*"]).expect_code(1);
    assert_eq!(run.found(), ["MCP-PROTO-001 tool:add"]);
}

#[test]
fn the_users_configuration_yields_to_the_projects() {
    let user = Bartizan::new();
    std::fs::create_dir_all(user.config_folder()).unwrap();
    std::fs::write(
        user.config_folder().join("config.toml"),
        "[scan]\nfail-on = 'critical'\nformat = 'sarif'\n",
    )
    .unwrap();
    let listing = super::poisoned();
    assert_eq!(user.run(["scan", &listing]).expect_code(0).json()["version"], "2.1.0");
    user.configure("[scan]\nformat = 'json'\n");
    assert_eq!(user.run(["scan", &listing]).expect_code(0).found().len(), 2);
    // A configuration that is asked for by name stands in for the project's.
    let other = user.write("other.toml", "[scan]\nfail-on = 'low'\n");
    user.run(["scan".as_ref(), "--config".as_ref(), other.as_os_str(), listing.as_ref()]).expect_code(1);
}

#[test]
fn a_component_can_be_switched_off_and_then_it_does_not_judge() {
    let user = Bartizan::new();
    user.configure("[plugins.\"bartizan/injection-surface\"]\nenabled = false\n");
    assert_eq!(scan(&user, &[]).expect_code(1).found(), ["MCP-PROTO-001 tool:add"]);
}
