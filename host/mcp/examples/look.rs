//! Looks at one server and prints the snapshot: `look URL` or `look -- COMMAND ARGS…`; `LOOK_TIMEOUT` is in seconds,
//! `LOOK_PROBES` names probes, `LOOK_HEADER` is one header, `LOOK_QUIET` leaves the snapshot out.
//! For trying this crate by hand; the real one is `bartizan snapshot`.

use std::{process::ExitCode, time::Duration};

use bartizan_mcp::{Options, Probes, Target, Url, look_blocking, snapshot};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let target = match arguments.as_slice() {
        [dashes, command @ ..] if dashes == "--" => Target::Stdio {
            command: command.to_vec(),
            env: std::env::vars().filter(|(k, _)| k.starts_with("FIXTURE_")).collect(),
            cwd: None,
        },
        [url] => match Url::parse(url) {
            Ok(url) => {
                let header = std::env::var("LOOK_HEADER").ok();
                let headers =
                    header.iter().filter_map(|h| h.split_once(": ")).map(|(k, v)| (k.into(), v.into()));
                Target::Http { url, headers: headers.collect(), transport: bartizan_mcp::HttpTransport::Auto }
            }
            Err(error) => {
                eprintln!("{url}: {error}");
                return ExitCode::from(2);
            }
        },
        _ => {
            eprintln!("usage: look URL | look -- COMMAND ARGS…");
            return ExitCode::from(2);
        }
    };
    let timeout = std::env::var("LOOK_TIMEOUT").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let names = std::env::var("LOOK_PROBES").unwrap_or_default();
    let probe = match Probes::named(names.split(',').filter(|name| !name.is_empty())) {
        Ok(probe) => probe,
        Err(error) => {
            eprintln!("error ({}): {error}: {}", error.code(), error.advice());
            return ExitCode::from(2);
        }
    };
    let options = Options { timeout: Duration::from_secs(timeout), probe, ..Options::default() };
    match look_blocking(&target, &options) {
        Ok(listing) => {
            if std::env::var_os("LOOK_QUIET").is_none() {
                print!("{}", snapshot::to_json(&listing));
            }
            eprintln!(
                "{} {} ({}): {} tools, {} prompts, {} resources; {} not checked; digest {}",
                bartizan_model::printable(&listing.server.name),
                bartizan_model::printable(&listing.server.version),
                bartizan_model::printable(&listing.server.protocol_version),
                listing.server.tools.len(),
                listing.server.prompts.len(),
                listing.server.resources.len(),
                listing.missing.len(),
                listing.server.digest.map(|digest| digest.short()).unwrap_or_default(),
            );
            observed(&listing.server.observations);
            for one in &listing.missing {
                eprintln!("  not checked: {} ({}): {}", one.what, one.code, one.why);
            }
            ExitCode::SUCCESS
        }
        Err(unheard) => {
            observed(&unheard.record.observations);
            eprintln!("error ({}): {unheard}", unheard.error.code());
            ExitCode::FAILURE
        }
    }
}

fn observed(observations: &[bartizan_model::Observation]) {
    for one in observations {
        eprintln!(
            "  {} {} {}",
            one.kind,
            bartizan_model::printable(&one.about),
            bartizan_model::printable(&one.detail.to_string())
        );
    }
}
