//! `Serialize` (feature `serde`): specifications and findings are objects with the names of their fields, enums their names.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{
    AckFinding, AckRule, AckSeverity, AttributeSpec, CallEvidence, ChildSpec, Confidence, Direction, ExampleSpec,
    KnownAction, KnownCode, QuestionSpec, Source, StanzaSpec,
};

macro_rules! serialize_fields {
    ($($type:ident { $($name:literal: $field:ident $(($($call:tt)*))?),* })*) => {$(
        /// An object with the names of the fields.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut fields = serializer.serialize_struct(stringify!($type), [$($name),*].len())?;
                $(fields.serialize_field($name, &self.$field $(($($call)*))?)?;)*
                fields.end()
            }
        }
    )*};
}

serialize_fields! {
    StanzaSpec {
        "name": name, "title": title, "tag": tag, "category": category, "status": status, "version": version,
        "directions": directions, "references": references, "origin": origin, "summary": summary,
        "attributes": attributes, "children": children, "examples": examples, "notes": notes,
        "open_questions": open_questions, "further_attributes": further_attributes,
        "further_children": further_children, "actions": actions, "codes": codes, "findings": findings
    }
    AttributeSpec {
        "name": name, "type": value_type, "required": required, "confidence": confidence, "meaning": meaning,
        "observed": observed, "techniques": techniques, "sources": sources
    }
    ChildSpec {
        "tag": tag, "min": min, "max": max, "confidence": confidence, "meaning": meaning, "attributes": attributes,
        "sources": sources
    }
    ExampleSpec { "title": title, "xml": xml, "synthetic": synthetic, "sanitized": sanitized, "remark": remark }
    QuestionSpec { "question": question, "state": state, "sources": sources }
    KnownAction { "name": name, "meaning": meaning, "sources": sources }
    KnownCode {
        "code": code, "name": name, "meaning": meaning, "confidence": confidence, "sources": sources,
        "direction": direction
    }
    AckRule { "code": code(), "severity": severity(), "when": when(), "wording": wording() }
    AckFinding { "rule": rule_code(), "severity": severity(), "message": message() }
}

macro_rules! serialize_name {
    ($($type:ident)*) => {$(
        /// Its name.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    )*};
}

serialize_name! { AckSeverity CallEvidence Confidence Direction Source }

impl AckFinding {
    fn rule_code(&self) -> &'static str {
        self.rule().code()
    }
}
