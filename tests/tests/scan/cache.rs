//! The cache of compiled code: made only for others' components, and used only if it is ours and whole.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use bartizan_tests::{Bartizan, Publisher, hostile_component};

/// A user with a third-party component, which must be compiled.
fn user_with_component(user: Bartizan) -> Bartizan {
    let publisher = Publisher::new();
    publisher.trusted_by(&user, "hostile");
    publisher.install(&user, &hostile_component("by-config"), &Publisher::claims("hostile/by-config"));
    user
}

fn entries(user: &Bartizan) -> Vec<PathBuf> {
    fs::read_dir(user.code_cache())
        .map(|folder| folder.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default()
}

fn scan(user: &Bartizan) -> bartizan_tests::Run {
    let run = user.scan(["--fail-on", "critical", &super::poisoned()]).expect_code(0);
    assert_eq!(run.found(), ["HOSTILE-001 server", "MCP-INJ-001 tool:run", "MCP-PROTO-001 tool:add"]);
    assert_eq!(run.not_checked(), [""; 0]);
    run
}

fn code_origin(user: &Bartizan) -> String {
    let info = user.run(["plugins", "info", "hostile/by-config"]).expect_code(0);
    let line = info.text().lines().find(|line| line.trim_start().starts_with("code ")).unwrap();
    line.trim().trim_start_matches("code").trim().to_owned()
}

#[test]
fn our_own_components_are_never_compiled_here() {
    let user = Bartizan::new();
    user.scan([super::poisoned()]).expect_code(1);
    assert!(entries(&user).is_empty(), "{:?}", entries(&user));
}

#[test]
fn others_components_are_compiled_once() {
    let user = user_with_component(Bartizan::new());
    assert_eq!(code_origin(&user), "compiled just now");
    assert_eq!(entries(&user).len(), 1);
    assert_eq!(code_origin(&user), "compiled by an earlier run");
    scan(&user);
}

#[test]
fn an_altered_entry_is_not_used() {
    let user = user_with_component(Bartizan::new());
    scan(&user);
    let entry = entries(&user).remove(0);
    let good = fs::read(&entry).unwrap();
    let middle = good.len() / 2;
    let flipped: Vec<u8> =
        good.iter().enumerate().map(|(at, byte)| if at == middle { byte ^ 1 } else { *byte }).collect();
    for bad in [flipped, good[..middle].to_vec(), Vec::new(), b"\x7fELF".repeat(100)] {
        fs::write(&entry, &bad).unwrap();
        assert_eq!(code_origin(&user), "compiled just now");
        assert_eq!(fs::read(&entry).unwrap(), good, "it is made good again");
        scan(&user);
    }
}

#[test]
fn an_entry_that_others_may_write_is_not_used() {
    let user = user_with_component(Bartizan::new());
    scan(&user);
    fs::set_permissions(&entries(&user)[0], fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(code_origin(&user), "compiled just now");
}

#[test]
fn a_folder_that_others_may_write_is_not_used_and_warned_of() {
    let user = user_with_component(Bartizan::new());
    fs::create_dir_all(user.code_cache()).unwrap();
    fs::set_permissions(user.code_cache(), fs::Permissions::from_mode(0o777)).unwrap();
    let run = scan(&user);
    assert!(run.stderr.contains("others can write to it"), "{}", run.stderr);
    assert!(entries(&user).is_empty(), "{:?}", entries(&user));
}

#[test]
fn a_folder_of_another_user_is_not_used_and_warned_of() {
    if !rustix::process::geteuid().is_root() {
        // Only root can give a folder away; what the rule is for is tested above as well.
        return;
    }
    let user = user_with_component(Bartizan::new());
    fs::create_dir_all(user.code_cache()).unwrap();
    std::os::unix::fs::chown(user.code_cache(), Some(65_534), None).unwrap();
    let run = scan(&user);
    assert!(run.stderr.contains("it belongs to user 65534"), "{}", run.stderr);
    assert!(entries(&user).is_empty(), "{:?}", entries(&user));
}

#[test]
fn a_cache_that_cannot_be_made_costs_a_warning_and_nothing_else() {
    let user = Bartizan::new();
    let file = user.write("file", "in the way");
    let user = user_with_component(user.with_cache(&file));
    let run = scan(&user);
    assert!(run.stderr.contains("compiled code is not kept"), "{}", run.stderr);
}

#[test]
fn a_full_disk_under_the_cache_costs_a_warning_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    // 64 KB: room for the folder and not for the code.
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(folder.path())
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        // Mounting is root's. A file in the way (above) takes the same path through the program.
        return;
    }
    let user = user_with_component(Bartizan::new().with_cache(folder.path()));
    let run = user.scan(["--fail-on", "critical", &super::poisoned()]);
    let left = entries(&user);
    std::process::Command::new("umount").arg(folder.path()).status().unwrap();
    let run = run.expect_code(0);
    assert!(run.found().contains(&"HOSTILE-001 server".to_owned()));
    assert!(run.stderr.contains("compiled code is not kept"), "{}", run.stderr);
    assert!(left.is_empty(), "half an entry was left: {left:?}");
}
