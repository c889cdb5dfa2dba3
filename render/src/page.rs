//! Pages for the browser: each is one file that loads nothing.

use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
use sha2::{Digest, Sha256};

use crate::shown::Shown;
use crate::tone::Tone;

/// What all pages look like.
const STYLE: &str = include_str!("assets/page.css");

/// A page: a title, an index of its sections, and the sections.
pub(crate) struct Document<'a> {
    pub(crate) title: &'a str,
    /// The styles of this page, beside those of all pages.
    pub(crate) style: &'a str,
    /// The script of this page. The page says everything without it too.
    pub(crate) script: &'a str,
    /// The part between title and index.
    pub(crate) about: Markup,
    /// The sections. A page with a single one shows no index.
    pub(crate) index: &'a [Entry],
    /// What a section is called.
    pub(crate) sections: &'a str,
    pub(crate) body: Markup,
}

/// A line of the index.
pub(crate) struct Entry {
    /// The section's `id`.
    pub(crate) id: String,
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) badge: Badge,
}

/// How something went, in a word, after a sign for those who see no colour.
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
        let Self { title, style, script, about, index, sections, body } = self;
        // Should a text of a capture ever get around the escaping, nothing in it runs or is fetched.
        let hash = BASE64.encode(&Sha256::digest(script));
        let policy = format!("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'");
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    title { (title) }
                    style { (PreEscaped(STYLE)) (PreEscaped(style)) }
                }
                body {
                    header {
                        h1 { (title) }
                        (about)
                    }
                    @if index.len() > 1 { (index_of(sections, index)) }
                    main { (body) }
                    script { (PreEscaped(script)) }
                }
            }
        }
        .into_string()
    }
}

fn index_of(sections: &str, index: &[Entry]) -> Markup {
    html! {
        nav.index aria-label=(sections) {
            ol {
                @for Entry { id, number, title, badge } in index {
                    li { a href={ "#" (id) } { b { (number) } span.title { (Shown(title)) } (badge) } }
                }
            }
        }
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
            about: html! {},
            index: &[],
            sections: "none",
            body: html! {},
        };
        let page = page.render();
        assert_eq!(page.matches("</script").count(), 1);
        assert_eq!(page.matches("</style").count(), 1);
        assert_eq!(page.matches("<script").count(), 1);
    }
}
