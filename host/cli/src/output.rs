//! Where a rendered report goes.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use bartizan_model::Report;
use bartizan_scan::{Plugins, RenderOptions};

use crate::{
    args::Global,
    exit::{Failure, warn},
    session::use_color,
    terminal,
};

/// What is to be written where: a format, and a file or stdout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    format: String,
    file: Option<PathBuf>,
}

/// Pairs formats with files: the first with the first and so on. A file without a format is told by its extension; one
/// format without a file goes to stdout.
pub(crate) fn pair(
    formats: &[String],
    files: &[PathBuf],
    default: &str,
    plugins: &Plugins,
) -> Result<Vec<Output>, Failure> {
    let mut outputs = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let format = match formats.get(index) {
            Some(format) => format.clone(),
            None => format_of(file, plugins)?,
        };
        outputs.push(Output { format, file: Some(file.clone()) });
    }
    match formats.get(files.len()..).unwrap_or_default() {
        [] if files.is_empty() => outputs.push(Output { format: default.to_owned(), file: None }),
        [] => {}
        [format] => outputs.push(Output { format: format.clone(), file: None }),
        [_, ..] => {
            return Err(Failure::usage(
                "only one format can go to stdout",
                "give each further --format a file with -o",
            ));
        }
    }
    for output in &outputs {
        plugins
            .has_format(&output.format)
            .map_err(|error| Failure::usage(error, "`bartizan plugins list` shows who offers which"))?;
    }
    Ok(outputs)
}

fn format_of(file: &Path, plugins: &Plugins) -> Result<String, Failure> {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    plugins
        .formats()
        .into_iter()
        .find(|format| format.extension == extension || format.id == extension)
        .map(|format| format.id.clone())
        .ok_or_else(|| {
            Failure::usage(format!("no format is known for `{}`", file.display()), "name it with --format")
        })
}

/// Writes the report everywhere it is to go. Gives false if that failed somewhere: what was found is then shown all the same,
/// as JSON if the reporter failed and on stdout if a file could not be written.
pub(crate) fn write_all(report: &Report, outputs: &[Output], plugins: &Plugins, global: &Global) -> bool {
    let mut all_well = true;
    for output in outputs {
        let is_terminal = output.file.is_none() && io::stdout().is_terminal();
        let options = RenderOptions {
            color: output.file.is_none() && use_color(global.color, is_terminal),
            width: if is_terminal { columns() } else { 100 },
            links: is_terminal
                && use_color(global.color, true)
                && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
        };
        let bytes = plugins.render(report, &output.format, options).unwrap_or_else(|error| {
            all_well = false;
            warn(
                format!("the report could not be rendered: {error}"),
                "it follows as JSON; tell the reporter's publisher",
            );
            let mut json = serde_json::json!(report).to_string().into_bytes();
            json.push(b'\n');
            json
        });
        match &output.file {
            None => all_well &= to_stdout(&bytes, is_terminal),
            Some(file) => {
                if let Err(error) = fs::write(file, &bytes) {
                    all_well = false;
                    warn(
                        format!("cannot write the report to `{}`: {error}", file.display()),
                        "it follows on stdout",
                    );
                    to_stdout(&bytes, io::stdout().is_terminal());
                }
            }
        }
    }
    all_well
}

/// Prints bytes, filtered if a terminal reads them. A reader that has closed its end has had enough; that is no error.
pub(crate) fn to_stdout(bytes: &[u8], is_terminal: bool) -> bool {
    let filtered = is_terminal.then(|| terminal::filter(bytes));
    let bytes = filtered.as_deref().unwrap_or(bytes);
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => true,
        Err(error) => {
            warn(format!("cannot write to stdout: {error}"), "send it to a file on another disk with -o");
            false
        }
    }
}

fn columns() -> u32 {
    // Lines longer than this are hard to read, however wide the window.
    terminal_size::terminal_size().map_or(80, |(width, _)| u32::from(width.0).clamp(40, 120))
}
