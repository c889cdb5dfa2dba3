//! Under what circumstances was measured.

use std::fs;
use std::io::Error;
use std::path::Path;

use serde_json::Value as Json;

pub(super) struct Facts {
    pub(super) date: String,
    pub(super) rustc: String,
    pub(super) cpu: String,
    pub(super) cores: String,
    pub(super) wabinary: String,
    pub(super) wacore: String,
}

impl Facts {
    /// Reads `facts` (lines of `name=value`) and `metadata.json` (of cargo).
    pub(super) fn read(results: &Path) -> Result<Self, Error> {
        let facts = fs::read_to_string(results.join("facts"))?;
        let fact = |name: &str| -> Result<String, Error> {
            let value = facts.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            value.map(str::to_owned).ok_or_else(|| Error::other(format!("facts: no {name}")))
        };
        let metadata: Json = serde_json::from_slice(&fs::read(results.join("metadata.json"))?)?;
        let version = |name: &str| -> Result<String, Error> {
            let package = metadata["packages"].as_array().into_iter().flatten().find(|package| package["name"] == name);
            let version = package.and_then(|package| package["version"].as_str());
            version.map(str::to_owned).ok_or_else(|| Error::other(format!("metadata.json: no {name}")))
        };
        Ok(Self {
            date: fact("date")?,
            rustc: fact("rustc")?,
            cpu: fact("cpu")?,
            cores: fact("cores")?,
            wabinary: version("wabinary")?,
            wacore: version("wacore-binary")?,
        })
    }
}
