//! What was asked for and not checked: a section of its own before the findings, because it must not be overlooked.

use crate::{
    escape,
    page::{Share, View},
};

/// Bytes of the section.
const MOST_BYTES: usize = 1_000_000;

pub(crate) fn write(out: &mut String, view: &View<'_>) {
    if view.gaps.is_empty() {
        return;
    }
    out.push_str(&format!(
        "<section id=unchecked class=unchecked aria-labelledby=unchecked-title>\n\
         <h2 id=unchecked-title>Not checked <span class=count>{}</span></h2>\n\
         <p>What stands here was asked for and not looked at. Nothing is known of it; it is not clean.</p>\n\
         <div class=wide><table>\n<thead><tr><th scope=col>What</th><th scope=col>Why</th><th scope=col>Code</th>\
         <th scope=col>Component</th></tr></thead>\n<tbody>\n",
        view.gaps.len()
    ));
    let share = Share::new(out, MOST_BYTES);
    let mut shown = 0_usize;
    for gap in &view.gaps {
        if !share.has_room(out) {
            break;
        }
        shown = shown.saturating_add(1);
        let why = if gap.why.is_empty() { "no reason was given" } else { &gap.why };
        out.push_str(&format!(
            "<tr><th scope=row><bdi>{}</bdi></th><td><bdi>{}</bdi></td><td><code>{}</code></td><td>{}</td></tr>\n",
            escape::prose(&gap.what, 400),
            escape::prose(why, 1_000),
            escape::line(&gap.code, 60),
            escape::name(gap.component.as_deref().unwrap_or("–"), 120),
        ));
    }
    out.push_str("</tbody></table></div>\n");
    let more = view.gaps.len().saturating_sub(shown);
    if more > 0 {
        out.push_str(&format!("<p><strong>And {more} more</strong>, which the JSON report names.</p>\n"));
    }
    out.push_str("</section>\n");
}
