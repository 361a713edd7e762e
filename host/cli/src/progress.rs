//! What is being done, on stderr, for somebody who waits at a terminal.

use std::{env, io::IsTerminal as _, sync::Arc, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::Global;

/// A line that says what is being done; nothing at all unless a person is likely to read it.
#[derive(Clone, Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn start(global: &Global) -> Self {
        let wanted = std::io::stderr().is_terminal()
            && !global.quiet
            && !global.no_progress
            && env::var_os("CI").is_none();
        let target = if wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}  {wide_msg} {elapsed}") {
            bar.set_style(style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "));
        }
        if wanted {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self(bar)
    }

    /// How many servers there are. Of many, how many are done is shown.
    pub(crate) fn servers(&self, count: usize) {
        if count < 2 {
            return;
        }
        self.0.set_length(count as u64);
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {bar:24} {pos}/{len} {prefix}  {wide_msg} {elapsed}")
        {
            self.0.set_style(style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ").progress_chars("━━ "));
        }
    }

    /// One server is done.
    pub(crate) fn done(&self) {
        self.0.inc(1);
    }

    /// Which server.
    pub(crate) fn server(&self, target: &str) {
        self.0.set_prefix(bartizan_model::truncate_chars(&bartizan_model::printable(target), 60));
    }

    /// Which stage of it.
    pub(crate) fn stage(&self, stage: &str) {
        self.0.set_message(bartizan_model::printable(stage));
    }

    /// For the client, which tells each stage it comes to.
    pub(crate) fn stages(&self) -> bartizan_mcp::Progress {
        let this = self.clone();
        Arc::new(move |stage: &str| this.stage(stage))
    }

    /// Nothing is left of it on the screen.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
