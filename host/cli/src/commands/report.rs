//! `bartizan report`: a saved report in another format.

use bartizan_model::{REPORT_SCHEMA_VERSION, Report};

use crate::{
    args::{self, Global},
    bounded,
    exit::{Exit, Failure},
    output, session,
};

/// A longer file is no report of ours.
const MAX_BYTES: u64 = 1 << 30;

pub(crate) fn run(global: &mut Global, args: &args::Report) -> Result<Exit, Failure> {
    let (config, paths) = session::configuration(global)?;
    let report = read(&args.file)?;
    let plugins = session::plugins(&config, paths.as_ref(), global, false)?;
    let default_format = config.scan.format.as_deref().unwrap_or("text");
    let outputs = output::pair(&args.formats, &args.outputs, default_format, &plugins)?;
    let all_written = output::write_all(&report, &outputs, &plugins, global);
    Ok(if all_written { Exit::Clean } else { Exit::Incomplete })
}

fn read(path: &std::path::Path) -> Result<Report, Failure> {
    let advice = "name a file that `bartizan scan --format json -o FILE` wrote";
    let unreadable = |error: std::io::Error| {
        Failure::usage(format!("cannot read the report `{}`: {error}", path.display()), advice)
    };
    let bytes = bounded::read(path, MAX_BYTES).map_err(unreadable)?;
    let report: Report = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::usage(format!("`{}` is not a JSON report: {error}", path.display()), advice)
    })?;
    if report.schema_version != REPORT_SCHEMA_VERSION {
        return Err(Failure::usage(
            format!(
                "`{}` has schema version {}; this program reads version {REPORT_SCHEMA_VERSION}",
                path.display(),
                report.schema_version
            ),
            "render it with the version that wrote it",
        ));
    }
    Ok(report)
}
