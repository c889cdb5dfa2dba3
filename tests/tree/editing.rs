//! Editing: untouched parts stay unchanged.

use wabinary::{Content, Jid, NewContent, NewValue, Node, NodeRef, Rewrite, Value, decode, encode};

fn jid(text: &str) -> Jid {
    text.parse().unwrap()
}

/// `<a x="1" from=JID y="2" to=JID z="3"/>`, built or decoded.
fn attributes() -> [Node; 2] {
    let built = Node::build("a")
        .attr("x", "1")
        .attr("from", jid("1@lid"))
        .attr("y", "2")
        .attr("to", jid("2@lid"))
        .attr("z", "3")
        .finish();
    [decode(encode(&built).unwrap()).unwrap(), built]
}

fn shown(node: &Node) -> String {
    // The tree also survives encoding and decoding.
    assert_eq!(decode(encode(node).unwrap()).as_ref(), Ok(node));
    node.to_string()
}

#[test]
fn set_changes_an_attribute_in_its_place() {
    for node in attributes() {
        let set = |name: &str, value: NewValue<'_>| shown(&node.edit().set(name, value).finish());
        assert_eq!(set("x", "9".into()), r#"<a x="9" from="1@lid" y="2" to="2@lid" z="3"/>"#);
        assert_eq!(set("z", "9".into()), r#"<a x="1" from="1@lid" y="2" to="2@lid" z="9"/>"#);
        assert_eq!(set("y", jid("9@lid").into()), r#"<a x="1" from="1@lid" y="{jid}9@lid" to="2@lid" z="3"/>"#);
        assert_eq!(set("z", jid("9@lid").into()), r#"<a x="1" from="1@lid" y="2" to="2@lid" z="{jid}9@lid"/>"#);
        assert_eq!(set("from", "9".into()), r#"<a x="1" from="9" y="2" to="2@lid" z="3"/>"#);
        assert_eq!(set("from", jid("9@lid").into()), r#"<a x="1" from="9@lid" y="2" to="2@lid" z="3"/>"#);
        assert_eq!(set("to", Value::Null.into()), r#"<a x="1" from="1@lid" y="2" to="{null}" z="3"/>"#);
        assert_eq!(
            set("new", jid("9@lid").into()),
            r#"<a x="1" from="1@lid" y="2" to="2@lid" z="3" new="{jid}9@lid"/>"#
        );
    }
}

#[test]
fn remove_takes_an_attribute_and_nothing_else() {
    for node in attributes() {
        let without = |name: &str| shown(&node.edit().remove(name).finish());
        assert_eq!(without("x"), r#"<a from="1@lid" y="2" to="2@lid" z="3"/>"#);
        assert_eq!(without("from"), r#"<a x="1" y="2" to="2@lid" z="3"/>"#);
        assert_eq!(without("y"), r#"<a x="1" from="1@lid" to="2@lid" z="3"/>"#);
        assert_eq!(without("z"), r#"<a x="1" from="1@lid" y="2" to="2@lid"/>"#);
        assert_eq!(without("none"), node.to_string());
        // The user and server of a JID are stored next to the attributes, but are not attributes.
        assert_eq!(without("1"), node.to_string());
        assert_eq!(without(""), node.to_string());
        let none = node.edit().remove("to").remove("x").remove("z").remove("from").remove("y").finish();
        assert_eq!(shown(&none), "<a/>");
    }
}

#[test]
fn remove_takes_every_attribute_of_the_name() {
    let node = Node::build("a").attr("x", 1).attr("y", jid("1@lid")).attr("x", jid("2@lid")).attr("x", 3).finish();
    assert_eq!(shown(&node.edit().remove("x").finish()), r#"<a y="{jid}1@lid"/>"#);
}

#[test]
fn the_tree_that_is_edited_stays_as_it_was() {
    for node in attributes() {
        let before = node.to_string();
        let edited = node.edit().retag("b").set("x", "9").remove("from").child("c", |_| {}).finish();
        assert_eq!(node.to_string(), before);
        assert_eq!(shown(&edited), r#"<b x="9" y="2" to="2@lid" z="3"><c/></b>"#);
    }
}

#[test]
fn a_view_is_edited_as_a_tree_of_its_own() {
    let call = Node::build("call").child("offer", |offer| offer.attr("id", 1).bytes("x")).child("end", |_| {}).finish();
    let offer = call.child("offer").unwrap().edit().set("id", 2).finish();
    assert_eq!(shown(&offer), r#"<offer id="2">x</offer>"#);
}

/// `<a><b n="1" jid=JID>…</b><c jid=JID><d/>…</c><e>JID</e></a>`, built or decoded.
fn siblings() -> [Node; 2] {
    let built = Node::build("a")
        .attr("from", jid("1@lid"))
        .child("b", |b| b.attr("n", 1).attr("jid", jid("2@lid")).bytes("bytes of b"))
        .child("c", |c| c.attr("jid", jid("3@lid")).child("d", |_| {}).child("d", |d| d.attr("jid", jid("4@lid"))))
        .child("e", |e| e.content(jid("5@lid")))
        .finish();
    [decode(encode(&built).unwrap()).unwrap(), built]
}

const B: &str = r#"<b n="1" jid="2@lid">bytes of b</b>"#;
const C: &str = r#"<c jid="3@lid"><d/><d jid="4@lid"/></c>"#;
const E: &str = r#"<e>{jid}5@lid</e>"#;

#[test]
fn a_child_is_edited_between_its_siblings() {
    for node in siblings() {
        assert_eq!(node.to_string(), format!(r#"<a from="1@lid">{B}{C}{E}</a>"#));
        let edited = node.edit().at("b", |b| b.set("n", jid("9@lid")).remove("jid").attr("m", 2)).finish();
        assert_eq!(shown(&edited), format!(r#"<a from="1@lid"><b n="{{jid}}9@lid" m="2">bytes of b</b>{C}{E}</a>"#));
        let edited = node.edit().at("c", |c| c.child("d", |_| {}).set("jid", "x").attr("to", jid("9@lid"))).finish();
        let c = r#"<c jid="x" to="9@lid"><d/><d jid="4@lid"/><d/></c>"#;
        assert_eq!(shown(&edited), format!(r#"<a from="1@lid">{B}{c}{E}</a>"#));
        let edited = node.edit().at("e", |e| e.attr("x", jid("9@lid"))).finish();
        assert_eq!(shown(&edited), format!(r#"<a from="1@lid">{B}{C}<e x="{{jid}}9@lid">{{jid}}5@lid</e></a>"#));
    }
}

#[test]
fn a_child_is_emptied_filled_and_given_other_content_between_its_siblings() {
    for node in siblings() {
        let edited = node.edit().at("c", |c| c.bytes("no nodes")).finish();
        assert_eq!(shown(&edited), format!(r#"<a from="1@lid">{B}<c jid="3@lid">no nodes</c>{E}</a>"#));
        let edited = node.edit().at("c", |c| c.content(NewContent::NONE)).at("e", |e| e.empty_nodes()).finish();
        assert_eq!(shown(&edited), format!(r#"<a from="1@lid">{B}<c jid="3@lid"/><e>{{nodes}}</e></a>"#));
        let edited = node.edit().at("b", |b| b.child("f", |f| f.bytes("x")).child("g", |_| {})).finish();
        assert_eq!(shown(&edited), format!(r#"<a from="1@lid"><b n="1" jid="2@lid"><f>x</f><g/></b>{C}{E}</a>"#));
        let edited = node.edit().at("b", |b| b.bytes("other bytes")).attr("late", 1).finish();
        let b = B.replace("bytes of b", "other bytes");
        assert_eq!(shown(&edited), format!(r#"<a from="1@lid" late="1">{b}{C}{E}</a>"#));
    }
}

#[test]
fn edits_go_to_any_depth_and_one_after_the_other() {
    for node in siblings() {
        let edited = node
            .edit()
            .at("c", |c| {
                c.at("d", |d| d.attr("n", 1).at("new", |new| new.bytes("deep")));
                c.set("jid", jid("9@lid")).child("last", |_| {});
            })
            .at("b", |b| b.remove("n"))
            .set("from", "x")
            .at("c", |c| c.at("last", |last| last.attr("n", 2)))
            .finish();
        let c = r#"<c jid="9@lid"><d n="1"><new>deep</new></d><d jid="4@lid"/><last n="2"/></c>"#;
        assert_eq!(shown(&edited), format!(r#"<a from="x"><b jid="2@lid">bytes of b</b>{c}{E}</a>"#));
    }
}

#[test]
fn the_first_child_of_the_tag_is_edited_or_one_is_added() {
    let node = Node::build("a").child("b", |b| b.attr("n", 1)).child("b", |b| b.attr("n", 2)).finish();
    let edited = node.edit().at("b", |b| b.set("n", 9)).at("c", |c| c.attr("n", 3)).finish();
    assert_eq!(shown(&edited), r#"<a><b n="9"/><b n="2"/><c n="3"/></a>"#);
    let leaf = Node::build("a").bytes("gives way").finish();
    assert_eq!(shown(&leaf.edit().at("b", |_| {}).finish()), "<a><b/></a>");
}

#[test]
fn nodes_without_attributes_are_given_some_after_others_were_given_more() {
    let node = Node::build("a")
        .child("b", |_| {})
        .child("c", |_| {})
        .attr("x", 1)
        .at("b", |b| b.attr("y", jid("2@lid")))
        .attr("z", 3)
        .at("c", |c| c.attr("w", 4))
        .remove("x")
        .at("b", |b| b.attr("v", 5))
        .finish();
    assert_eq!(shown(&node), r#"<a z="3"><b y="{jid}2@lid" v="5"/><c w="4"/></a>"#);
}

/// Replaces every address by one, and records what it saw.
#[derive(Default)]
struct Redact {
    values: Vec<String>,
    contents: Vec<String>,
}

impl Rewrite for Redact {
    fn value<'a>(&mut self, node: NodeRef<'a>, name: &'a str, value: Value<'a>) -> NewValue<'a> {
        self.values.push(format!("{}@{name}", node.path()));
        match value {
            Value::Jid(_) => jid("0@lid").into(),
            Value::Text("1") => Value::Null.into(),
            other => other.into(),
        }
    }

    fn content<'a>(&mut self, node: NodeRef<'a>, content: Content<'a>) -> NewContent<'a> {
        self.contents.push(node.path());
        match content {
            Content::Jid(_) => "no address".into(),
            Content::None => NewContent::coded("type"),
            other => other.into(),
        }
    }
}

#[test]
fn a_rewrite_sees_and_replaces_every_value_and_content() {
    for node in siblings() {
        let mut redact = Redact::default();
        let rewritten = node.rewrite(&mut redact);
        let c = r#"<c jid="0@lid"><d>{text}type</d><d jid="0@lid">{text}type</d></c>"#;
        let b = r#"<b n="{null}" jid="0@lid">bytes of b</b>"#;
        assert_eq!(shown(&rewritten), format!(r#"<a from="0@lid">{b}{c}<e>no address</e></a>"#));
        assert_eq!(redact.values, ["a@from", "a > b@n", "a > b@jid", "a > c@jid", "a > c > d@jid"]);
        // Not the nodes with child nodes.
        assert_eq!(redact.contents, ["a > b", "a > c > d", "a > c > d", "a > e"]);
        // A part alone: the paths are still those in the whole tree.
        let part = node.child("c").unwrap().rewrite(&mut Redact::default());
        assert_eq!(shown(&part), c);
    }
}

struct Unchanged;
impl Rewrite for Unchanged {}

#[test]
fn a_rewrite_that_changes_nothing_gives_an_equal_tree() {
    for node in siblings().into_iter().chain(attributes()) {
        assert_eq!(node.rewrite(&mut Unchanged), node);
    }
    let empty = Node::build("a").empty_nodes().finish();
    assert_eq!(empty.rewrite(&mut Unchanged), empty);
    assert_eq!(empty.rewrite(&mut Redact::default()), empty, "an empty list of nodes is no content to replace");
}
