//! Compares captures with the description of a stanza, for `survey --spec` and `spec --observed`.

use std::io::{self, Write};

use anyhow::Result;
use serde_json::json;
use wabinary::NodeRef;
use wabinary_calls::survey::{Conformance, Description};
use wabinary_render::survey::{SURVEY_NOTE, conformance_text};

use crate::options::Frames;
use crate::pipeline::{self, Output};
use crate::record::{Failure, Record};
use crate::status::Status;
use crate::stdout::stdout;

#[derive(Clone, Copy)]
pub(crate) enum Form {
    Text,
    Json,
}

pub(crate) fn run(frames: Frames, description: Description, form: Form) -> Result<Status> {
    pipeline::run(frames, Conforming { conformance: Conformance::new(description), form })
}

struct Conforming {
    conformance: Conformance,
    form: Form,
}

impl Output for Conforming {
    const VERB: &'static str = "read";

    fn tree(&mut self, _: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        self.conformance.add(node);
        Ok(Ok(()))
    }

    fn failure(&mut self, _: &Record, _: &Failure, _: Option<NodeRef<'_>>) -> io::Result<bool> {
        Ok(false)
    }

    fn finish(self) -> io::Result<()> {
        let Self { conformance, form } = self;
        let mut out = stdout();
        match form {
            Form::Text => write!(out, "{}", conformance_text(&conformance))?,
            Form::Json => {
                let document = json!({
                    "id": conformance.description().id, "tag": conformance.description().tag, "nodes": conformance.nodes(),
                    "attributes": conformance.attributes(), "children": conformance.children(),
                    "unknown": conformance.unknown(), "note": SURVEY_NOTE,
                });
                writeln!(out, "{document}")?;
            }
        }
        out.flush()
    }
}
