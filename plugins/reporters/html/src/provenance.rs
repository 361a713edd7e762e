//! Who found all this: a report cannot be judged without knowing exactly which programs wrote it.

use bartizan_sdk::report::Report;

use crate::escape;

/// Components named.
const MOST_COMPONENTS: usize = 200;

pub(crate) fn write(out: &mut String, report: &Report) {
    out.push_str(&format!(
        "<section id=provenance aria-labelledby=provenance-title>\n<h2 id=provenance-title>Provenance</h2>\n\
         <p>Written by {} {} from a report of schema version {}. It holds no time: the same servers and the same \
         components give the same page.</p>\n",
        escape::name(&report.tool.name, 100),
        escape::line(&report.tool.version, 100),
        escape::line(&report.schema_version, 20),
    ));
    if !report.plugins.is_empty() {
        out.push_str(
            "<div class=wide><table>\n<thead><tr><th scope=col>Component</th><th scope=col>Version</th>\
             <th scope=col>SHA-256</th></tr></thead>\n<tbody>\n",
        );
        for component in report.plugins.iter().take(MOST_COMPONENTS) {
            out.push_str(&format!(
                "<tr><th scope=row>{}</th><td>{}</td><td><code class=digest>{}</code></td></tr>\n",
                escape::name(&component.name, 120),
                escape::line(&component.version, 60),
                escape::line(&component.digest, 80),
            ));
        }
        out.push_str("</tbody></table></div>\n");
        if let Some(more) = report.plugins.len().checked_sub(MOST_COMPONENTS).filter(|more| *more > 0) {
            out.push_str(&format!("<p>and {more} more</p>\n"));
        }
    }
    out.push_str("</section>\n");
}
