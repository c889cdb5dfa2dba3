//! Pages for the browser: each is one file that loads nothing.

use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
use sha2::{Digest, Sha256};

mod capture;
mod index;

pub use capture::Capture;
pub(crate) use index::{Entry, Index};

use crate::shown::{Shown, printable};
use crate::tone::Tone;

/// The styles of all pages.
pub const STYLE: &str = include_str!("assets/page.css");
/// The script of all pages: indexes with a filter, buttons that copy. The event `sections` at the document announces
/// later sections.
pub const SCRIPT: &str = include_str!("assets/page.js");

/// A page: a title, an index of its sections, and the sections.
pub(crate) struct Document<'a> {
    pub(crate) title: &'a str,
    /// The capture that the page shows.
    pub(crate) capture: &'a Capture,
    /// The styles of this page, in addition to those of all pages.
    pub(crate) style: &'a str,
    /// The script of this page, in addition to that of all pages.
    pub(crate) script: &'a str,
    /// The part between title and index.
    pub(crate) about: Markup,
    pub(crate) index: Index<'a>,
    /// The part next to the index.
    pub(crate) beside: Markup,
    /// The meaning of the signs in the sections.
    pub(crate) legend: Markup,
    pub(crate) body: Markup,
    /// The part that stays in view below everything.
    pub(crate) dock: Markup,
}

/// An outcome in a word, after a sign for readers who see no colour.
#[derive(Clone)]
pub(crate) struct Badge {
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

impl Render for Badge {
    fn render(&self) -> Markup {
        html! { span.badge.(self.tone.class()) { (self.tone.sign()) " " (self.text) } }
    }
}

impl Document<'_> {
    /// The file.
    pub(crate) fn render(self) -> String {
        let Self { title, capture, style, script, about, index, beside, legend, body, dock } = self;
        let script = [SCRIPT, script].concat();
        // Even if a text of a capture got around the escaping, it could not run or fetch anything.
        let hash = BASE64.encode(&Sha256::digest(&script));
        let policy = format!("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'");
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    title { (printable(&capture.title(title), usize::MAX)) }
                    style { (PreEscaped(STYLE)) (PreEscaped(style)) }
                }
                body {
                    div.page {
                        header {
                            h1 { (Shown(title)) }
                            (capture.line())
                            (about)
                        }
                        div.overview { (index.render()) (beside) }
                        main { (legend) (body) }
                    }
                    (dock)
                    script { (PreEscaped(script)) }
                }
            }
        }
        .into_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_script_or_style_early() {
        let page = Document {
            title: "t",
            style: include_str!("assets/explain.css"),
            script: include_str!("assets/explain.js"),
            capture: &Capture::default(),
            about: html! {},
            index: Index { entries: &[], unit: "none", hint: "", groups: [""; 3] },
            beside: html! {},
            legend: html! {},
            body: html! {},
            dock: html! {},
        };
        let page = page.render();
        assert_eq!(page.matches("</script").count(), 1);
        assert_eq!(page.matches("</style").count(), 1);
        assert_eq!(page.matches("<script").count(), 1);
        // The policy allows the whole script.
        let script = page.split("<script>").nth(1).and_then(|rest| rest.split("</script").next()).unwrap();
        let hash = BASE64.encode(&Sha256::digest(script));
        assert!(page.contains(&format!("script-src 'sha256-{hash}'")), "{hash}");
    }
}
