//! The outcome of a stanza according to its answer.

use wabinary::stanza::{AckRef, CallAckRef, ErrorEntry, Refusal};
use wabinary::{FromValue, JidRef, NodeRef};

use crate::accounts::{Accounts, device};
use crate::outline::{Addressee, action, addressees};
use crate::{Code, Outcome};

/// The outcome of a stanza according to its answer.
///
/// ```
/// use wabinary::stanza::{CallAck, ErrorCode};
/// use wabinary_calls::{Outcome, Verdict};
///
/// let verdict = |ack: CallAck| Verdict::of(ack.node());
/// assert_eq!(verdict(CallAck::build("A").finish()).outcome, Outcome::Accepted);
/// let refused = verdict(CallAck::build("A").error(403).finish());
/// assert_eq!((refused.outcome, refused.code), (Outcome::Refused, Some(ErrorCode::NotEnabled.into())));
/// // As the specification draws it, with an <error> child.
/// let drawn = verdict(CallAck::build("A").error_entry(503, "service unavailable").finish());
/// assert_eq!((drawn.outcome, drawn.code), (Outcome::Refused, Some(ErrorCode::ServiceUnavailable.into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// [`Accepted`](Outcome::Accepted), [`PartlyRefused`](Outcome::PartlyRefused) or [`Refused`](Outcome::Refused).
    pub outcome: Outcome,
    /// The code of a refusal: that of the ack, or of its first refusing entry.
    pub code: Option<Code>,
}

impl Verdict {
    /// The verdict that refuses nothing.
    pub const ACCEPTED: Self = Self { outcome: Outcome::Accepted, code: None };

    /// The verdict of an ack or receipt alone. [`beside`](Self::beside) also uses the stanza.
    #[must_use]
    pub fn of<'a>(answer: impl Into<NodeRef<'a>>) -> Self {
        Self::beside(answer, None, &Accounts::default())
    }

    /// The verdict of an ack or receipt on the stanza that it answers, or on its outline. A receipt refuses nothing.
    ///
    /// - An ack refuses by its attribute `error`, which is how refusals were captured, or by an `<error>` child, which is how
    ///   the specification draws them. `error` absent, empty or `0` refuses nothing, nor does a child with code 0.
    /// - The [`refusals`](CallAckRef::refusals) of users and devices refuse the stanza if they refuse everybody it is for, or
    ///   the user of this device. If they refuse others, it is refused in part. A refused device is not its user.
    /// - With a usable `<relay>` nothing is refused as a whole: the server has set up media. An `error` or `<error>` beside
    ///   a `<group_info>` with a user who is not refused counts in part, too.
    ///
    /// ```
    /// use wabinary::stanza::CallAck;
    /// use wabinary::{Jid, Node};
    /// use wabinary_calls::{Accounts, Outcome, Verdict};
    ///
    /// let (alice, bob): (Jid, Jid) = ("100000022222222@lid".parse()?, "100000033333333@lid".parse()?);
    /// let users = [&alice, &bob];
    /// let offer = Node::build("call").attr("id", "A")
    ///     .child("offer", |offer| for user in users { offer.child("user", |child| child.attr("jid", user)); })
    ///     .finish();
    /// let ack = CallAck::build("A").child("user", |user| user.attr("jid", &bob).attr("error", 427)).finish();
    /// let mut accounts = Accounts::default();
    /// let outcome = |accounts: &Accounts| Verdict::beside(&ack, Some(offer.as_ref()), accounts).outcome;
    /// assert_eq!(outcome(&accounts), Outcome::PartlyRefused);
    /// accounts.add_own(bob);
    /// assert_eq!(outcome(&accounts), Outcome::Refused);
    /// # Ok::<(), wabinary::JidError>(())
    /// ```
    #[must_use]
    pub fn beside<'a, 's>(answer: impl Into<NodeRef<'a>>, stanza: Option<NodeRef<'s>>, accounts: &Accounts) -> Self {
        let answer = answer.into();
        match (CallAckRef::try_from(answer), AckRef::try_from(answer)) {
            (Ok(ack), _) => Self::of_call_ack(ack, stanza, accounts),
            (Err(_), Ok(ack)) => {
                refusing_attribute(ack.node()).map_or(Self::ACCEPTED, |code| Self::refused(Some(code)))
            }
            (Err(_), Err(_)) => Self::ACCEPTED,
        }
    }

    fn of_call_ack(ack: CallAckRef<'_>, stanza: Option<NodeRef<'_>>, accounts: &Accounts) -> Self {
        let whole = refusing_attribute(ack.node());
        let mut entries = ack.errors().filter(|entry| entry.is_refusal()).peekable();
        let refusals: Vec<_> = ack.refusals().collect();
        let of_refusals = || refusals.first().and_then(|refusal| Code::of(refusal.value()));
        let has_relay = ack.relay().is_some_and(|relay| relay.is_usable());
        if whole.is_some() || entries.peek().is_some() {
            if has_relay || has_user(ack) || spares_some(ack, stanza, accounts) && whole.is_none() {
                return Self::partly(whole.or_else(of_refusals));
            }
            return Self::refused(whole.or_else(|| entries.find_map(code_of)).or_else(of_refusals));
        }
        match refusals.is_empty() {
            true => Self::ACCEPTED,
            false if !has_relay && refuse_all(&refusals, ack, stanza, accounts) => Self::refused(of_refusals()),
            false => Self::partly(of_refusals()),
        }
    }

    fn refused(code: Option<Code>) -> Self {
        Self { outcome: Outcome::Refused, code }
    }

    fn partly(code: Option<Code>) -> Self {
        Self { outcome: Outcome::PartlyRefused, code }
    }
}

/// The code of an ack's attribute `error`, if it refuses. Here the code for a known offer refuses too: it is the answer
/// to that offer.
fn refusing_attribute(ack: NodeRef<'_>) -> Option<Code> {
    Code::of(ack.attr("error")?).filter(|code| code.number() != Some(0))
}

fn code_of(entry: ErrorEntry<'_>) -> Option<Code> {
    Code::of(entry.node().attr("code").or_else(|| entry.node().attr("error"))?)
}

/// Whether the ack lists a group with a user who is not refused.
fn has_user(ack: CallAckRef<'_>) -> bool {
    let is_refused = |user: NodeRef<'_>| ack.refusals().any(|refusal| refusal.node().index() == user.index());
    let is_free = |user: NodeRef<'_>| user.tag() == "user" && !is_refused(user);
    ack.group_info().is_some_and(|group| group.children().any(is_free))
}

/// Whether every `<error>` names an addressee of the stanza, and at least one addressee has none.
fn spares_some(ack: CallAckRef<'_>, stanza: Option<NodeRef<'_>>, accounts: &Accounts) -> bool {
    let listed: Vec<_> = stanza.and_then(action).into_iter().flat_map(addressees).collect();
    let named: Option<Vec<_>> = ack.errors().map(|entry| entry.jid().ok().flatten()).collect();
    let is_named = |jid: JidRef<'_>, of: &Addressee<'_>| accounts.are_same(jid, of.jid);
    named.is_some_and(|named| {
        named.iter().all(|jid| listed.iter().any(|of| is_named(*jid, of)) && !accounts.is_own_user(*jid))
            && listed.iter().any(|of| !named.iter().any(|jid| is_named(*jid, of)))
    })
}

/// Whether the refusals cover all addressees of the stanza, or the user of this device. The stanza names the
/// addressees, else the group in the ack, else the address.
fn refuse_all(refusals: &[Refusal<'_>], ack: CallAckRef<'_>, stanza: Option<NodeRef<'_>>, accounts: &Accounts) -> bool {
    let is_own = |refusal: &Refusal<'_>| {
        let jid = refusal.jid().ok().flatten();
        jid.is_some_and(
            |jid| if refusal.is_of_device() { accounts.is_own_device(jid) } else { accounts.is_own_user(jid) },
        )
    };
    if refusals.iter().any(is_own) {
        return true;
    }
    let mut all: Vec<_> = stanza.and_then(action).into_iter().flat_map(addressees).collect();
    if all.is_empty() {
        let is_other = |addressee: &Addressee<'_>| !accounts.is_own_user(addressee.jid);
        all = ack.group_info().into_iter().flat_map(addressees).filter(is_other).collect();
    }
    if all.is_empty() {
        all.extend(addressed(ack, stanza));
    }
    let covers = |refusal: &Refusal<'_>, of: &Addressee<'_>| match refusal.jid() {
        Ok(Some(jid)) if refusal.is_of_device() => {
            let is_named = of.is_device || device(of.jid) > 0;
            is_named && device(jid) == device(of.jid) && accounts.are_same(jid, of.jid)
        }
        Ok(Some(jid)) => accounts.are_same(jid, of.jid),
        // The refusal names nobody, so it means the only addressee.
        Ok(None) | Err(_) => all.len() == 1,
    };
    !all.is_empty() && all.iter().all(|of| refusals.iter().any(|refusal| covers(refusal, of)))
}

/// The one user or device that the stanza was sent to.
fn addressed<'a>(ack: CallAckRef<'a>, stanza: Option<NodeRef<'a>>) -> Option<Addressee<'a>> {
    let jid = match stanza {
        Some(stanza) => JidRef::from_value(stanza.attr("to")?)?,
        None => ack.from_jid().ok().flatten()?,
    };
    let is_user = jid.same_account(jid) && !matches!(jid.server(), wabinary::Server::Call | wabinary::Server::Group);
    is_user.then_some(Addressee { jid, is_device: false })
}
