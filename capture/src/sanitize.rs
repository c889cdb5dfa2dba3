//! Removes persons and secrets from trees, and keeps the protocol.
//!
//! A list names the values that stay; all others are replaced, so an unknown attribute counts as a secret. Equal values
//! get equal placeholders, so that answers still belong to their stanzas.

use std::borrow::Cow;

use wabinary::{Content, Jid, JidRef, NewContent, NewValue, Node, NodeRef, Rewrite, Server, Value};

mod clocks;
mod kept;
mod lines;
mod persons;
mod placeholders;
mod residue;

pub use clocks::{Clocks, SinceStart};
pub use lines::{STILL_SHOWS, SanitizedLines, sanitized_frame};
pub use residue::{Residue, ResidueCheck, ResidueKind};

use persons::Persons;
use placeholders::Placeholders;

/// Sanitizes the trees of a run. One sanitizer serves all files of the run, so a person has the same letter in all of
/// them.
///
/// ```
/// use wabinary::{JidRef, Node};
/// use wabinary_capture::Sanitizer;
///
/// let caller = JidRef::parse("15550001111:4@s.whatsapp.net")?;
/// let call = Node::build("call").attr("from", caller).attr("id", "3EB0A1").attr("t", 1700000000)
///     .child("offer", |offer| { offer.attr("call-id", "AB12CD").attr("call-creator", caller); })
///     .finish();
///
/// let mut sanitizer = Sanitizer::new();
/// let expected = concat!(
///     r#"<call from="A:4@s.whatsapp.net" id="ID-1" t="0">"#,
///     r#"<offer call-id="CALL-ID-1" call-creator="A:4@s.whatsapp.net"/></call>"#,
/// );
/// assert_eq!(sanitizer.sanitize(&call).to_string(), expected);
/// # Ok::<(), wabinary::JidError>(())
/// ```
#[derive(Debug, Default)]
pub struct Sanitizer {
    persons: Persons,
    values: Placeholders,
    contents: Placeholders,
    servers: Placeholders,
    /// The first time in an attribute, in seconds. Others count from it.
    first_time: Option<i64>,
}

impl Sanitizer {
    /// A new sanitizer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A tree without persons and secrets: the same tags, attribute names, nesting and forms of values.
    #[must_use]
    pub fn sanitize<'a>(&mut self, node: impl Into<NodeRef<'a>>) -> Node {
        node.into().rewrite(self)
    }

    /// Whether a word is a placeholder of this run.
    fn is_placeholder(&self, word: &str) -> bool {
        [&self.values, &self.contents, &self.servers].iter().any(|placeholders| placeholders.has_given(word))
    }

    /// The replaced values, except long contents.
    fn originals(&self) -> impl Iterator<Item = &[u8]> {
        let values = self.values.originals().chain(self.contents.originals()).chain(self.servers.originals());
        values.chain(self.persons.users().map(str::as_bytes))
    }

    /// Keeps a word of the protocol or of a program; replaces any other with a placeholder.
    pub fn word<'t>(&mut self, word: &'t str) -> Cow<'t, str> {
        self.text("type", word)
    }

    fn text<'t>(&mut self, name: &str, text: &'t str) -> Cow<'t, str> {
        if kept::keeps(name, text) {
            return text.into();
        }
        if let Some(jid) = kept::address(text) {
            return self.jid(jid).to_string().into();
        }
        match kept::time(name, text) {
            Some(time) => time.wrapping_sub(*self.first_time.get_or_insert(time)).to_string().into(),
            None => self.values.of(name, text.as_bytes()).into(),
        }
    }

    fn jid(&mut self, jid: JidRef<'_>) -> Jid {
        let is_open = matches!(jid.server(), Server::Other(name) if !kept::is_domain(name));
        let server = if is_open { Some(self.servers.of("server", jid.server().as_str().as_bytes())) } else { None };
        let user = jid.user().map(|user| match jid.server() {
            Server::Call => self.text("call-id", user),
            Server::Broadcast if kept::BROADCAST_USERS.contains(&user) => user.into(),
            server => self.persons.letters(server, user).into(),
        });
        rebuilt(jid, user.as_deref(), server.as_deref().map_or(jid.server(), Server::Other))
            // The placeholder of a call can have characters that a user cannot.
            .or_else(|| rebuilt(jid, Some(&self.persons.letters(jid.server(), jid.user()?)), jid.server()))
            .unwrap_or(Jid::SERVER)
    }
}

/// The address with another user and server, in the same form.
fn rebuilt(jid: JidRef<'_>, user: Option<&str>, server: Server<'_>) -> Option<Jid> {
    let Some(user) = user else {
        return JidRef::bare(server).and_then(|bare| bare.with_form(jid.form())).ok().map(Jid::from);
    };
    let base = match server {
        Server::Interop => JidRef::interop(jid.integrator(), user, 0),
        server => JidRef::new(user, server),
    };
    let formed = base.and_then(|base| base.with_form(jid.form())).ok()?;
    let whole = if jid.device() == 0 { Ok(formed) } else { formed.with_device(jid.device()) };
    whole.ok().map(Jid::from)
}

impl Rewrite for Sanitizer {
    fn value<'a>(&mut self, _: NodeRef<'a>, name: &'a str, value: Value<'a>) -> NewValue<'a> {
        match value {
            Value::Text(text) => self.text(name, text).into(),
            Value::Jid(jid) => self.jid(jid).into(),
            Value::Null => Value::Null.into(),
        }
    }

    fn content<'a>(&mut self, node: NodeRef<'a>, content: Content<'a>) -> NewContent<'a> {
        match content {
            Content::None | Content::Nodes(_) => NewContent::NONE,
            Content::Bytes([]) => Vec::new().into(),
            Content::Bytes(bytes) => self.contents.of(node.tag(), bytes).into(),
            Content::Text(text) => self.contents.of(node.tag(), text.as_bytes()).into(),
            Content::Jid(jid) => self.jid(jid).into(),
        }
    }
}
