//! Texts of a capture, so that nothing in them acts on a terminal or in a page.

use std::fmt::Write as _;

use maud::Render;

/// The first `longest` characters of a text, with escapes in place of control characters: for a terminal.
///
/// ```
/// assert_eq!(wabinary_render::shown::printable("\u{1b}[2J", 40), "\\u{1b}[2J");
/// ```
#[must_use]
pub fn printable(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    for character in text.chars().take(longest) {
        match character {
            control if control.is_control() => shown.extend(control.escape_default()),
            plain => shown.push(plain),
        }
    }
    shown
}

/// A text with escapes in place of characters that act instead of showing: for a page.
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

/// A text of a capture in a page: [visible](visible()), and its direction ends with it.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl Render for Shown<'_> {
    fn render_to(&self, html: &mut String) {
        html.push_str("<bdi>");
        visible(self.0).as_str().render_to(html);
        html.push_str("</bdi>");
    }
}

/// A text of several lines, each of which is [`Shown`].
pub(crate) struct Lines<'a>(pub(crate) &'a str);

impl Render for Lines<'_> {
    fn render_to(&self, html: &mut String) {
        for (number, line) in self.0.lines().enumerate() {
            if number > 0 {
                html.push('\n');
            }
            Shown(line).render_to(html);
        }
    }
}

/// Control characters, line separators, and what Unicode calls format characters and tags: they turn the direction of the
/// text around them or hide in it. Source: Unicode 16.0, general categories Cc, Cf, Zl and Zp; UAX #9, table 1.
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
    use maud::html;

    use super::*;

    #[test]
    fn texts_of_captures_cannot_act() {
        let text = "<script>\"'&]]>\u{202e}\u{0}\n\u{2066}é";
        let shown = html! { (Shown(text)) }.into_string();
        assert_eq!(shown, "<bdi>&lt;script&gt;&quot;'&amp;]]&gt;\\u{202e}\\u{0}\\u{a}\\u{2066}é</bdi>");
    }
}
