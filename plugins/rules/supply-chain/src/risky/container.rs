//! Containers that are given the machine they run on.

use bartizan_sdk::prelude::*;

use super::{Seen, Side};
use crate::{
    launch::{Container, Launch},
    text::clipped,
};

const FIX: &str =
    "Give the container the one folder it works on, read-only where it only reads, and no more.";

/// Capabilities with which a container's root is the machine's.
const MIGHTY: [&str; 7] =
    ["ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "SYS_RAWIO", "DAC_READ_SEARCH", "DAC_OVERRIDE"];

pub(crate) fn look(launch: &Launch) -> Vec<Seen> {
    launch.containers.iter().flat_map(of).collect()
}

fn of(container: &Container) -> Vec<Seen> {
    let options = container.options.iter();
    options
        .filter_map(|(option, value)| {
            let (severity, what) = judge(option, value)?;
            let shows = if value.is_empty() { option.clone() } else { format!("{option} {value}") };
            Some(Seen { side: Side::Container, severity, what, shows: clipped(&shows), fix: FIX })
        })
        .take(8)
        .collect()
}

fn judge(option: &str, value: &str) -> Option<(Severity, String)> {
    let say = |severity, what: &str| Some((severity, what.to_owned()));
    match option {
        "--privileged" if value != "false" => say(
            Severity::Medium,
            "The container is privileged: what breaks out of the server holds the machine.",
        ),
        "-v" | "--volume" => mount(value.split(':').next().unwrap_or_default(), value.ends_with(":ro")),
        "--mount" => {
            let field = |names: &[&str]| {
                value.split(',').find_map(|part| {
                    part.split_once('=').filter(|(name, _)| names.contains(name)).map(|(_, value)| value)
                })
            };
            let read_only =
                value.split(',').any(|part| matches!(part, "readonly" | "ro" | "readonly=true" | "ro=true"));
            mount(field(&["src", "source"])?, read_only)
        }
        "--network" | "--net" if value == "host" => say(
            Severity::Low,
            "The container has the machine's network: services that listen on this machine alone are open to it.",
        ),
        "--pid" if value == "host" => say(
            Severity::Medium,
            "The container sees the machine's processes, with their environments and their secrets.",
        ),
        "--ipc" | "--uts" | "--userns" if value == "host" => {
            say(Severity::Low, "The container shares a namespace with the machine.")
        }
        "--cap-add" => {
            let name = value.to_ascii_uppercase();
            let name = name.strip_prefix("CAP_").unwrap_or(&name);
            let severity = if MIGHTY.contains(&name) { Severity::Medium } else { Severity::Low };
            Some((severity, format!("The container is given the capability {}.", clipped(name))))
        }
        "--security-opt" if value.contains("unconfined") || value.contains("disable") => {
            say(Severity::Low, "A part of the container's confinement is switched off.")
        }
        "--device" => say(Severity::Low, "The container is given a device of the machine."),
        _ => None,
    }
}

/// A folder of the machine inside the container.
fn mount(source: &str, read_only: bool) -> Option<(Severity, String)> {
    let source = if source.len() > 1 { source.trim_end_matches(['/', '\\']) } else { source };
    let bare = source.replace('\\', "/").to_ascii_lowercase();
    let say = |severity, what: &str| Some((severity, what.to_owned()));
    if bare.ends_with("docker.sock") || bare.ends_with("containerd.sock") || bare.ends_with("podman.sock") {
        return say(
            Severity::Medium,
            "The container is given the container engine's socket: it can start a container that holds the machine.",
        );
    }
    let whole = source.is_empty() || matches!(bare.as_str(), "/" | "c:" | "//c" | "/c" | "/mnt/c" | "/host");
    if whole && !source.is_empty() {
        let how = if read_only { Severity::Low } else { Severity::Medium };
        return say(how, "The container is given the machine's whole file system.");
    }
    let inside = |folder: &str| bare == folder || bare.starts_with(&format!("{folder}/"));
    if ["/etc", "/root", "/var/run", "/run", "/proc", "/sys", "/boot", "/dev", "/usr", "/var/lib"]
        .iter()
        .any(|folder| inside(folder))
    {
        return say(Severity::Low, "The container is given a folder of the operating system.");
    }
    let home = matches!(bare.as_str(), "~" | "$home" | "${home}" | "%userprofile%" | "/home" | "/users")
        || (bare.split('/').count() == 3 && (bare.starts_with("/home/") || bare.starts_with("/users/")));
    if home {
        return say(
            Severity::Low,
            "The container is given a whole home folder, with its keys and its history.",
        );
    }
    let secret = [".ssh", ".aws", ".kube", ".gnupg", ".docker", ".config/gcloud", ".azure"];
    if secret.iter().any(|name| bare.ends_with(&format!("/{name}")) || bare.contains(&format!("/{name}/"))) {
        return say(Severity::Low, "The container is given a folder that holds credentials.");
    }
    None
}
