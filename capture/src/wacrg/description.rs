//! Descriptions of stanzas, as the specification project writes them in YAML.
//!
//! Source: `WhiskeySockets/wacrg` `spec/stanzas/call-ack.yaml` at 46c1adb.

use serde::Deserialize;
use wabinary_calls::survey::{Attribute, Child, Description};

#[derive(Deserialize)]
struct Stanza {
    id: String,
    tag: String,
    #[serde(default)]
    attributes: Vec<Named>,
    #[serde(default)]
    children: Vec<Tagged>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(rename = "type", default)]
    value_type: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    confidence: String,
    #[serde(default)]
    observed_values: Vec<String>,
}

#[derive(Deserialize)]
struct Tagged {
    tag: String,
    #[serde(default)]
    occurrence: Option<String>,
    #[serde(default)]
    confidence: String,
    #[serde(default)]
    attributes: Vec<Named>,
}

/// Reads the description of a stanza: attributes with name, type, required, confidence and observed values, and
/// children with their occurrence (`0..1`, `1..n`, `1`).
///
/// # Errors
/// The first error in the description, and its place.
pub fn read_description(yaml: &str) -> Result<Description, String> {
    let stanza: Stanza = serde_saphyr::from_str(yaml).map_err(|error| {
        let message = error.to_string();
        format!("not the description of a stanza: {}", message.lines().next().unwrap_or_default())
    })?;
    let children = stanza.children.into_iter().map(|child| {
        let occurrence = occurrence(child.occurrence.as_deref().unwrap_or("0..n"))?;
        let attributes = child.attributes.into_iter().map(attribute).collect();
        Ok(Child { tag: child.tag, occurrence, confidence: child.confidence, attributes })
    });
    Ok(Description {
        id: stanza.id,
        tag: stanza.tag,
        children: children.collect::<Result<_, String>>()?,
        attributes: stanza.attributes.into_iter().map(attribute).collect(),
    })
}

fn attribute(named: Named) -> Attribute {
    let Named { name, value_type, required, confidence, observed_values: observed } = named;
    Attribute { name, value_type, required, confidence, observed }
}

fn occurrence(text: &str) -> Result<(u64, Option<u64>), String> {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let least = least.trim().parse();
    let most = match most.trim() {
        "n" | "*" | "" => Ok(None),
        most => most.parse().map(Some),
    };
    match (least, most) {
        (Ok(least), Ok(most)) => Ok((least, most)),
        _ => Err(format!("\"{text}\" is not an occurrence; expected 0..1, 1..n or a number")),
    }
}
