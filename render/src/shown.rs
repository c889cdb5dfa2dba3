//! Escapes texts of a capture for a terminal or a page.

use maud::Render;
use wabinary::Printable;

/// The first `longest` characters of a text, with escapes in place of control characters: for a terminal.
///
/// ```
/// assert_eq!(wabinary_render::shown::printable("\u{1b}[2J", 40), "\\u{1b}[2J");
/// ```
#[must_use]
pub fn printable(text: &str, longest: usize) -> String {
    let cut = text.char_indices().nth(longest).and_then(|(end, _)| text.get(..end));
    Printable::new(cut.unwrap_or(text)).to_string()
}

/// A text of a capture in a page: [printable], with isolated text direction.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl Render for Shown<'_> {
    fn render_to(&self, html: &mut String) {
        html.push_str("<bdi>");
        Printable::new(self.0).to_string().as_str().render_to(html);
        html.push_str("</bdi>");
    }
}

/// A text of several lines, each like [`Shown`].
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

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn texts_of_captures_cannot_act() {
        let text = "<script>\"'&]]>\u{202e}\u{0}\n\u{2066}é";
        let shown = html! { (Shown(text)) }.into_string();
        assert_eq!(shown, "<bdi>&lt;script&gt;&quot;'&amp;]]&gt;\\u{202e}\\u{0}\\n\\u{2066}é</bdi>");
        assert_eq!(html! { (Lines("a<\nb")) }.into_string(), "<bdi>a&lt;</bdi>\n<bdi>b</bdi>");
    }
}
