//! The findings in an ack.

use std::fmt::{self, Write as _};

use crate::Printable;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AckSeverity {
    /// A remark, on request.
    Info,
    /// Something is unusual or wrong, but the rest is valid.
    Warning,
    /// This is not a call ack.
    Error,
}

impl AckSeverity {
    /// The name used in JSON and in documents: `info`, `warning`, `error`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! ack_rules {
    ($($rule:ident $code:literal $severity:ident $when:literal $wording:literal;)*) => {
        /// The rule of a finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AckRule {
            $(
                #[doc = concat!($code, ", ", stringify!($severity), ": ", $when, ".")]
                #[doc = ""]
                #[doc = concat!("`", $wording, "`")]
                $rule,
            )*
        }

        impl AckRule {
            /// Every rule, by code.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// The code used in JSON and in documents: `CA01` to `CA24`. Stable across versions.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$rule => $code,)* }
            }

            /// The severity of its findings.
            #[must_use]
            pub const fn severity(self) -> AckSeverity {
                match self { $(Self::$rule => AckSeverity::$severity,)* }
            }

            /// When it applies.
            #[must_use]
            pub const fn when(self) -> &'static str {
                match self { $(Self::$rule => $when,)* }
            }

            /// The message, with the names of values in braces.
            #[must_use]
            pub const fn wording(self) -> &'static str {
                match self { $(Self::$rule => $wording,)* }
            }
        }
    };
}

ack_rules! {
    NotAnAck "CA01" Error "the tag is not `ack`" r#"not an ack: tag is "{tag}""#;
    NotOfACall "CA02" Error "`class` is missing or not `call`" r#"ack class is {class}, expected "call""#;
    NoId "CA03" Error "`id` is missing or empty" "ack has no id; it cannot be matched to a call stanza";
    NoDirection "CA04" Warning "neither `from` nor `to`" "ack has neither from nor to; direction unknown";
    NotAJid "CA05" Warning
        "`from`, `to`, `participant`, `recipient`, `jid` or `call-creator` is not a JID"
        r#"{name} is not a JID: "{value}""#;
    ImplausibleTime "CA06" Warning
        "`t` is not a decimal number, or outside the years 2009 to 2100"
        r#"t is not a plausible epoch time in seconds: "{value}""#;
    NotANumber "CA07" Warning "`error` or `code` is not a number" r#"{name} is not a number: "{value}""#;
    UnknownCode "CA08" Info "the code is not in the table of codes" "unknown call error code {code}";
    UnknownAction "CA09" Info "`type` is not in the vocabulary" r#"unknown ack type "{value}""#;
    SeedFraming "CA10" Warning
        "an `<error>` without the attribute `error`, or the attribute without an `<error>` beside a usable relay"
        "error child without error attribute (the specification's framing)";
    CodesDisagree "CA11" Warning
        "the attribute `error` and the `code` of an `<error>` differ"
        "error attribute {attribute} disagrees with <error code={code}>";
    SeveralErrors "CA12" Info "more than one `<error>`" "{count} error entries; the specification allows one";
    NoRelay "CA13" Warning
        "`type` is `offer`, from the server, refused for nobody, and neither `<relay>` nor `<group_info>`"
        "offer ack carries no relay; media cannot start";
    DifferentCalls "CA14" Warning
        "the children, or they and the call stanza, differ in `call-id`"
        "children name different calls: {one}, {other}";
    RecipientOfParticipant "CA15" Warning
        "a client's ack whose `recipient` is the call stanza's `participant`, while that had no recipient"
        "recipient looks copied from participant";
    UntypedVideo "CA16" Warning
        "a client's ack of a `<video>` without `type` `video`"
        "untyped ack of a video request; the peer is known to revert";
    UnknownPart "CA17" Info "an attribute or child that no source has" r#"kept unknown {kind} "{name}""#;
    UnexpectedContent "CA18" Warning
        "content that is not a list of children"
        "ack has unexpected content of {count} bytes";
    ErrorOfUnknown "CA19" Warning
        "an element with an `error` of which no source says what it refuses"
        r#"<{tag}> has error "{value}"; what that refuses is not known"#;
    OtherAction "CA20" Warning
        "the answer names a known action other than that of the only stanza with its id"
        "{kind} names {named}, but the stanza is {action}";
    NoRecipient "CA21" Warning
        "a client's ack without the `recipient` that the call stanza has"
        "ack leaves out the recipient; the server is known to end the stream over that";
    NoParticipant "CA22" Info
        "a client's ack without the call stanza's `participant`, which differs from its `from`; clients differ in this"
        "ack leaves out the participant {participant}";
    CameAgain "CA23" Warning
        "the stanza that a client answered comes again: with `offline`, after a reconnect, or more than a second later"
        "the stanza came again {how}; the server does not seem to have this {kind}";
    StreamEnded "CA24" Warning
        "a `<stream:error>` of the server names a client's ack"
        "the server ended the stream and named this {kind}";
}

/// An unusual or wrong part of an ack, in words.
///
/// Shows the first 64 characters of attribute values, with control characters escaped. Does not show contents, which
/// hold the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AckFinding {
    rule: AckRule,
    message: String,
}

impl AckFinding {
    /// A finding with these values in its [`wording`](AckRule::wording), for their names in braces.
    #[must_use]
    pub fn new(rule: AckRule, values: &[(&str, &dyn fmt::Display)]) -> Self {
        Self::worded(rule, rule.wording(), values)
    }

    pub(super) fn worded(rule: AckRule, wording: &str, values: &[(&str, &dyn fmt::Display)]) -> Self {
        let mut message = String::new();
        let mut pieces = wording.split('{');
        message.push_str(pieces.next().unwrap_or(""));
        for piece in pieces {
            let (name, rest) = piece.split_once('}').unwrap_or(("", piece));
            if let Some((_, value)) = values.iter().find(|(of, _)| *of == name) {
                push_shortened(&mut message, &value.to_string());
            }
            message.push_str(rest);
        }
        Self { rule, message }
    }

    /// The rule that found it.
    #[must_use]
    pub fn rule(&self) -> AckRule {
        self.rule
    }

    /// The severity.
    #[must_use]
    pub fn severity(&self) -> AckSeverity {
        self.rule.severity()
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Code and message: `CA12: 2 error entries; the specification allows one`.
impl fmt::Display for AckFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule.code(), self.message)
    }
}

fn push_shortened(message: &mut String, value: &str) {
    const LONGEST: usize = 64;
    let mut characters = value.chars();
    let shown: String = characters.by_ref().take(LONGEST).collect();
    let _ = write!(message, "{}", Printable::new(&shown));
    if characters.next().is_some() {
        message.push('…');
    }
}
