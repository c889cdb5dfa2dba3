//! The origin of the records of a page.

use maud::{Markup, html};

use crate::shown::Shown;

/// The origin of the records of a page: for its title and the line below its heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// The file or files. Empty if the origin is unknown.
    pub name: String,
    /// When the capture starts, as a text for people, if known.
    pub start: Option<String>,
    /// The versions of the dictionaries that it was read with.
    pub dictionaries: Vec<u8>,
}

impl Capture {
    /// The facts, each as a text.
    fn facts(&self) -> Vec<String> {
        let start = self.start.as_ref().map(|start| format!("starts {start}"));
        let versions: Vec<_> = self.dictionaries.iter().map(u8::to_string).collect();
        let dictionaries = match versions.len() {
            0 => None,
            1 => Some(format!("dictionary {}", versions.concat())),
            _ => Some(format!("dictionaries {}", versions.join(" and "))),
        };
        let name = Some(self.name.clone()).filter(|name| !name.is_empty());
        [name, start, dictionaries, Some(format!("wabinary {}", crate::VERSION))].into_iter().flatten().collect()
    }

    /// A title, then the facts.
    pub(crate) fn title(&self, title: &str) -> String {
        format!("{title} – {}", self.facts().join(", "))
    }

    /// The line below the heading.
    pub(crate) fn line(&self) -> Markup {
        html! { p.facts.capture { @for fact in self.facts() { span { (Shown(&fact)) } } } }
    }
}
