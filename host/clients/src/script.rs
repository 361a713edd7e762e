//! The local script or program that an entry starts, and who could replace it.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{Os, Secret, credential::is_path};

/// Endings of what interpreters are given to run.
const SCRIPTS: &[&str] = &[
    "js", "mjs", "cjs", "ts", "mts", "cts", "tsx", "py", "pyz", "sh", "bash", "zsh", "rb", "pl", "php",
    "jar", "ps1", "bat", "cmd", "exe", "lua", "wasm",
];

/// Options of launchers that say in which folder the rest starts.
const FOLDER_OPTIONS: &[&str] = &["--directory", "--project", "--prefix", "--cwd", "-C"];

/// What a command line runs from this machine's own files, as it is written.
pub(crate) fn named(command: &Secret, args: &[Secret]) -> Option<PathBuf> {
    let command = command.expose();
    let looks_local = is_path(command)
        || (command.contains(['/', '\\']) && !command.starts_with('@') && !command.contains("://"));
    if looks_local && !command.contains(' ') && !is_interpreter(command) {
        return Some(command.into());
    }
    let mut folder: Option<&str> = None;
    let mut args = args.iter().map(Secret::expose).take(64);
    while let Some(arg) = args.next() {
        if FOLDER_OPTIONS.contains(&arg) {
            folder = args.next();
        } else if let Some(value) =
            FOLDER_OPTIONS.iter().find_map(|option| arg.strip_prefix(option)?.strip_prefix('='))
        {
            folder = Some(value);
        } else if is_script(arg) {
            return Some(folder.map_or_else(|| PathBuf::from(arg), |folder| Path::new(folder).join(arg)));
        }
    }
    None
}

fn is_interpreter(command: &str) -> bool {
    let name = command.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let name = name.strip_suffix(".exe").or_else(|| name.strip_suffix(".cmd")).unwrap_or(&name);
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    [
        "node",
        "python",
        "bun",
        "deno",
        "ruby",
        "php",
        "java",
        "sh",
        "bash",
        "zsh",
        "npx",
        "npm",
        "uv",
        "uvx",
        "pnpm",
        "env",
        "tsx",
        "pwsh",
        "powershell",
        "cmd",
        "docker",
        "podman",
    ]
    .contains(&name)
}

fn is_script(arg: &str) -> bool {
    let is_line = arg.contains(char::is_whitespace)
        && (!is_path(arg) || arg.contains([';', '|', '&', '<', '>', '`', '"', '\'']) || arg.contains(" -"));
    if arg.starts_with('-') || arg.starts_with('@') || arg.contains("://") || is_line {
        return false;
    }
    let extension = Path::new(arg).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    SCRIPTS.iter().any(|script| script.eq_ignore_ascii_case(extension))
}

/// What is known of a script: whether it is there, and who may write it. Null for what cannot be known here.
pub(crate) fn facts(written: &Path, bases: &[&Path], home: Option<&Path>, config: &Path) -> Value {
    let text = written.to_string_lossy();
    let foreign =
        Os::HERE != Os::Windows && (text.contains('\\') || matches!(text.as_bytes(), [_, b':', ..]));
    // With a reference in it, it is not known which file is meant.
    let unknown = foreign || text.contains(['$', '%']);
    let expanded = match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => written.to_owned(),
    };
    let path = if expanded.is_absolute() {
        Some(expanded)
    } else {
        // Only a folder that is known: a relative path means another file everywhere else.
        bases.iter().find(|base| base.is_absolute()).map(|base| base.join(&expanded))
    };
    let found = path.as_deref().filter(|_| !unknown).map(|path| (path, fs::metadata(path)));
    let mut facts = json!({
        "path": text,
        "exists": null,
        "world_writable": null,
        "group_writable": null,
        "foreign_owner": null,
        "folder_world_writable": null,
        "in_tmp": in_tmp(path.as_deref().unwrap_or(written)),
    });
    if let Some((path, metadata)) = found {
        set(&mut facts, "exists", json!(metadata.is_ok()));
        if let Ok(metadata) = metadata {
            owners(&mut facts, path, &metadata, config);
        }
    }
    facts
}

fn set(facts: &mut Value, name: &str, value: Value) {
    if let Some(member) = facts.get_mut(name) {
        *member = value;
    }
}

#[cfg(unix)]
fn owners(facts: &mut Value, path: &Path, metadata: &fs::Metadata, config: &Path) {
    use std::os::unix::fs::MetadataExt as _;
    let Some(mode) = mode(path, metadata) else { return };
    set(facts, "world_writable", json!(mode & 0o002 != 0));
    set(facts, "group_writable", json!(mode & 0o020 != 0 && !is_private_group(metadata)));
    // Whoever's file names the script is at home with it, also when somebody else looks.
    let me = fs::metadata(config).map_or_else(|_| rustix::process::getuid().as_raw(), |config| config.uid());
    set(facts, "foreign_owner", json!(metadata.uid() != me && metadata.uid() != 0));
    if let Some(folder) = path.parent().and_then(|folder| fs::metadata(folder).ok()) {
        // With the sticky bit nobody may replace what is another's.
        let open = folder.mode() & 0o002 != 0 && folder.mode() & 0o1000 == 0;
        set(facts, "folder_world_writable", json!(open));
    }
}

#[cfg(not(unix))]
fn owners(_: &mut Value, _: &Path, _: &fs::Metadata, _: &Path) {}

/// The permissions of a file, where they mean something: Windows's and network drives show the same ones for all.
#[cfg(unix)]
pub(crate) fn mode(path: &Path, metadata: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    has_modes(path).then(|| metadata.mode())
}

#[cfg(target_os = "linux")]
fn has_modes(path: &Path) -> bool {
    // 9P (WSL's drives), FAT, exFAT, NTFS in both drivers, CIFS and SMB.
    const WITHOUT: [u64; 7] =
        [0x0102_1997, 0x4d44, 0x2011_bab0, 0x5346_544e, 0x7366_746e, 0xff53_4d42, 0xfe53_4d42];
    let kind = rustix::fs::statfs(path).ok().and_then(|statistics| u64::try_from(statistics.f_type).ok());
    kind.is_none_or(|kind| !WITHOUT.contains(&kind))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn has_modes(_: &Path) -> bool {
    true
}

/// Many systems give each person a group of their own, with the same number.
#[cfg(unix)]
pub(crate) fn is_private_group(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.uid() == metadata.gid() && metadata.gid() != 0
}

/// Whether a path is where anybody may put files, and where they do not stay.
fn in_tmp(path: &Path) -> bool {
    let text = path.to_string_lossy().replace('\\', "/").to_ascii_lowercase();
    let has_dots = path.components().any(|part| part == Component::ParentDir);
    let tmp = ["/tmp/", "/var/tmp/", "/dev/shm/", "/private/tmp/", "/private/var/tmp/"];
    !has_dots
        && (tmp.iter().any(|start| text.starts_with(start))
            || text.contains("/appdata/local/temp/")
            || text.contains("%temp%/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(words: &[&str]) -> Option<String> {
        let args: Vec<Secret> = words[1..].iter().map(|word| Secret::from(*word)).collect();
        named(&words[0].into(), &args).map(|path| path.to_string_lossy().into_owned())
    }

    #[test]
    fn the_script_is_found_behind_its_launcher() {
        for (words, expected) in [
            (vec!["node", "/opt/s/index.js"], Some("/opt/s/index.js")),
            (vec!["/usr/bin/python3.11", "-u", "server.py"], Some("server.py")),
            (vec!["uv", "--directory", "/opt/s", "run", "main.py"], Some("/opt/s/main.py")),
            (vec!["/opt/s/bin/server", "--port", "1"], Some("/opt/s/bin/server")),
            (vec!["C:\\s\\server.exe"], Some("C:\\s\\server.exe")),
            (vec!["./run.sh"], Some("./run.sh")),
            (vec!["node", "/home/a/My Work/index.js"], Some("/home/a/My Work/index.js")),
            (vec!["sh", "-c", "/opt/a.sh | /opt/b.sh"], None),
            (vec!["npx", "-y", "@scope/pkg", "/home/a/work"], None),
            (vec!["npx", "mcp-remote", "https://a/b.js"], None),
            (vec!["docker", "run", "-v", "/a:/b", "img"], None),
            (vec!["server"], None),
        ] {
            assert_eq!(script(&words).as_deref(), expected, "{words:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn who_may_write_a_script_is_seen() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("s.js");
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        let own = |path: &Path, bases: &[&Path]| facts(path, bases, None, &file);
        let open = own(&file, &[]);
        assert_eq!((open["exists"].clone(), open["world_writable"].clone()), (json!(true), json!(true)));
        assert_eq!((open["in_tmp"].clone(), open["foreign_owner"].clone()), (json!(true), json!(false)));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let closed = own(Path::new("s.js"), &[folder.path()]);
        assert_eq!((closed["exists"].clone(), closed["world_writable"].clone()), (json!(true), json!(false)));
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(own(&file, &[])["folder_world_writable"], true);
    }

    #[test]
    fn what_cannot_be_known_is_null_and_not_false() {
        for written in ["C:\\x\\s.exe", "${ROOT}/s.js", "s.js"] {
            let facts = facts(Path::new(written), &[], None, Path::new(""));
            if Os::HERE != Os::Windows {
                assert!(facts["exists"].is_null() && facts["world_writable"].is_null(), "{written}: {facts}");
            }
        }
        assert_eq!(facts(Path::new("/nowhere/at/all.js"), &[], None, Path::new(""))["exists"], false);
        assert_eq!(
            facts(Path::new("C:\\Users\\a\\AppData\\Local\\Temp\\s.exe"), &[], None, Path::new(""))["in_tmp"],
            true
        );
    }
}
