//! Pages for the browser: one file each, in which nothing is from elsewhere.

use std::fmt::Write as _;

use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
use sha2::{Digest, Sha256};

/// What all pages look like.
const STYLE: &str = include_str!("html/page.css");

/// A page: title, parts of its own, and where in it one gets to what.
pub(crate) struct Document<'a> {
    pub(crate) title: &'a str,
    /// What the page's own parts look like.
    pub(crate) style: &'a str,
    /// What makes them move. The page says everything without it.
    pub(crate) script: &'a str,
    /// What stands below the title, above the index.
    pub(crate) about: Markup,
    /// The sections by name; no index is shown for a single one.
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

/// How something went, in a word. The sign in front tells it to those who see no colour.
#[derive(Clone)]
pub(crate) struct Badge {
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Note,
    Bad,
}

impl Tone {
    /// The class that colours it.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Bad => "bad",
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Note => "▲",
            Self::Bad => "✕",
        }
    }
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

/// A text of a capture. Characters that act instead of showing are written as escapes, and its direction ends with it.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl Render for Shown<'_> {
    fn render_to(&self, html: &mut String) {
        html.push_str("<bdi>");
        visible(self.0).as_str().render_to(html);
        html.push_str("</bdi>");
    }
}

/// The text without characters that act instead of showing.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if acts(character) {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Control characters, line separators, and what Unicode calls format characters and tags: they turn the direction of
/// what stands beside them or hide in it. Source: Unicode 16.0, general categories Cc, Cf, Zl and Zp; UAX #9, table 1.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'..='\u{891}'
                | '\u{8e2}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{110bd}'
                | '\u{110cd}'
                | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0001}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_captures_cannot_act() {
        let text = "<script>\"'&]]>\u{202e}\u{0}\n\u{2066}é";
        let shown = html! { (Shown(text)) }.into_string();
        assert_eq!(shown, "<bdi>&lt;script&gt;&quot;'&amp;]]&gt;\\u{202e}\\u{0}\\u{a}\\u{2066}é</bdi>");
    }

    #[test]
    fn nothing_ends_script_or_style_early() {
        let page = Document {
            title: "t",
            style: include_str!("html/explain.css"),
            script: include_str!("html/explain.js"),
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
