//! `docker run` and those that take the same options.

use super::{
    Step,
    options::{self, Word},
    program,
};

/// Options that stand alone. All others are followed by their value.
#[rustfmt::skip]
const FLAGS: [&str; 22] = [
    "-i", "-t", "-d", "-q", "-P", "--interactive", "--tty", "--detach", "--rm", "--init", "--privileged",
    "--read-only", "--no-healthcheck", "--oom-kill-disable", "--publish-all", "--sig-proxy", "--disable-content-trust",
    "--quiet", "--replace", "--tls-verify", "--no-hosts", "--use-api-socket",
];
/// Options of one command that are read.
const MAX_OPTIONS: usize = 200;

/// A container that is started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Container {
    pub(crate) image: String,
    /// "docker run".
    pub(crate) runner: String,
    pub(crate) options: Vec<(String, String)>,
}

/// The container that this command starts.
pub(crate) fn of(step: &Step) -> Option<Container> {
    let (first, after) = step.words.split_first()?;
    let name = program(first);
    if !matches!(name.as_str(), "docker" | "podman" | "nerdctl") {
        return None;
    }
    // Options of the program itself come before the command.
    let found = options::walk(after, |option| {
        matches!(option, "-H" | "--host" | "-c" | "--context" | "--config" | "-l" | "--log-level")
    });
    let Some(Word::Rest(rest)) = found.last() else { return None };
    let words = match *rest {
        [container, run, words @ ..] if container == "container" && is_start(run) => words,
        [run, words @ ..] if is_start(run) => words,
        _ => return None,
    };
    let takes_value = |option: &str| {
        let cluster = !option.starts_with("--")
            && option.chars().skip(1).all(|c| matches!(c, 'i' | 't' | 'd' | 'q' | 'P'));
        !cluster && !FLAGS.contains(&option)
    };
    let mut container = Container { runner: format!("{name} run"), ..Container::default() };
    for word in options::walk(words, takes_value) {
        match word {
            Word::Option(option, value) if container.options.len() < MAX_OPTIONS => {
                container.options.push((option.to_owned(), value.unwrap_or_default().to_owned()));
            }
            Word::Option(..) => {}
            Word::Rest(rest) => container.image.clone_from(rest.first()?),
        }
    }
    Some(container)
}

fn is_start(word: &str) -> bool {
    matches!(word, "run" | "create")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Container> {
        of(&Step { words: line.split(' ').map(str::to_owned).collect(), ..Step::default() })
    }

    #[test]
    fn the_image_is_the_first_word_that_is_no_option() {
        for line in [
            "docker run -i --rm -e TOKEN -v /a:/b mcp/x --privileged",
            "docker --context c run -it --mount type=bind,src=/a,dst=/b mcp/x",
            "podman container run --network=host mcp/x",
        ] {
            assert_eq!(read(line).unwrap().image, "mcp/x", "{line}");
        }
        let container = read("docker run mcp/x --privileged").unwrap();
        assert_eq!(container.options, [], "what follows the image is the server's own");
    }

    #[test]
    fn other_commands_start_nothing() {
        for line in ["docker ps", "docker mcp gateway run", "docker", "docker run", "docker compose run x"] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
