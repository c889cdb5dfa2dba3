//! The source files of a crate, for rules about the code itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates of the product, by folder; the library is at the root.
pub const CRATES: [&str; 8] = ["", "calls", "render", "capture", "cli", "web", "generate", "conformance"];

/// A file of a crate's `src`.
pub struct SourceFile {
    /// `wire/jid.rs`
    pub name: String,
    /// `["wire", "jid"]`; empty for `lib.rs` and `main.rs`.
    pub module: Vec<String>,
    /// Number of lines without the tests at the end.
    pub length: usize,
    /// Its lines without comments and quoted texts.
    pub code: Vec<String>,
}

/// The files of a crate, by name.
pub fn files(folder: &str) -> Vec<SourceFile> {
    let root = crate::project().join(folder).join("src");
    let mut files: Vec<_> = paths_below(&root).iter().map(|path| read(path, &root)).collect();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(files.len() > 5, "{folder}: {} files", files.len());
    files
}

fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    let below = paths.flat_map(|path| if path.is_dir() { paths_below(&path) } else { vec![path] });
    below.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn read(path: &Path, root: &Path) -> SourceFile {
    let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let module: Vec<_> = name.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    let module = if ["lib", "main"].contains(&module[0].as_str()) { Vec::new() } else { module };
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().take_while(|line| *line != "#[cfg(test)]").collect();
    let code = lines.iter().map(|line| without_quotes(line.split("//").next().unwrap_or(""))).collect();
    SourceFile { name, module, length: lines.len(), code }
}

fn without_quotes(line: &str) -> String {
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

/// The identifiers of a piece of code, in order.
pub fn identifiers(code: &str) -> impl Iterator<Item = &str> {
    code.split(|character: char| !(character.is_alphanumeric() || character == '_')).filter(|word| !word.is_empty())
}

/// The modules of a crate, and the names that each takes from another by `use`.
pub struct Modules {
    files: Vec<SourceFile>,
    /// By module: each imported name, and its path.
    imports: BTreeMap<Vec<String>, BTreeMap<String, Vec<String>>>,
}

impl Modules {
    pub fn of(folder: &str) -> Self {
        let files = files(folder);
        let known: BTreeSet<_> = files.iter().map(|file| file.module.clone()).collect();
        let mut imports: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for file in &files {
            let code = file.code.join(" ");
            for used in code.split("use ").skip(1) {
                let list = used.split(';').next().unwrap_or("");
                for path in paths(list) {
                    let start = path.first().map_or("", |first| first.as_str());
                    // A child of this module, or a path from the crate or from an outer module.
                    let child: Vec<_> = file.module.iter().cloned().chain([start.to_owned()]).collect();
                    let absolute = match start {
                        "crate" | "super" | "self" => absolute(&file.module, &path),
                        _ if known.contains(&child) => Some([&file.module[..], &path].concat()),
                        _ => None,
                    };
                    if let (Some(absolute), Some(name)) = (absolute, path.last()) {
                        imports.entry(file.module.clone()).or_default().insert(name.clone(), absolute);
                    }
                }
            }
        }
        Self { files, imports }
    }

    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The modules that a file names in any way.
    pub fn known_by(&self, file: &SourceFile) -> BTreeSet<Vec<String>> {
        let code = file.code.join(" ");
        let mut known = BTreeSet::new();
        for start in ["crate::", "super::"] {
            for (at, _) in code.match_indices(start) {
                let inside = code[..at].ends_with("super::") || code[..at].ends_with('$');
                if !inside {
                    let paths = paths(&code[at..]).into_iter().filter_map(|path| absolute(&file.module, &path));
                    known.extend(paths.map(|path| self.resolve(path)));
                }
            }
        }
        known
    }

    /// The module that a path leads to, even if a module on the way only re-exports the name.
    fn resolve(&self, path: Vec<String>) -> Vec<String> {
        let (mut module, mut rest) = (Vec::new(), path);
        for _ in 0..16 {
            let Some(next) = rest.first().cloned() else { break };
            let child: Vec<_> = module.iter().cloned().chain([next.clone()]).collect();
            if self.files.iter().any(|file| file.module == child) {
                module = child;
                rest.remove(0);
            } else if let Some(target) = self.imports.get(&module).and_then(|imports| imports.get(&next)) {
                rest = [&target[..], &rest[1..]].concat();
                module = Vec::new();
            } else {
                break;
            }
        }
        module
    }
}

/// A path from the root of the crate; `None` for one into another crate.
fn absolute(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut base = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "super" | "self" => module.to_vec(),
        _ => return None,
    };
    let mut rest = &path[1..];
    if path[0] == "super" {
        base.pop();
        while rest.first().is_some_and(|step| step == "super") {
            base.pop();
            rest = &rest[1..];
        }
    }
    Some([&base[..], rest].concat())
}

/// The paths that a piece of code begins with: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(code: &str) -> Vec<Vec<String>> {
    let code = code.trim_start();
    let length = code.find(|character: char| !(character.is_alphanumeric() || character == '_')).unwrap_or(code.len());
    let (step, rest) = code.split_at(length);
    let step = (!step.is_empty()).then(|| step.to_owned());
    match (step, rest.strip_prefix("::")) {
        (Some(step), Some(rest)) => {
            let below = match rest.trim_start().strip_prefix('{') {
                Some(list) => elements(list).into_iter().flat_map(paths).collect(),
                None => paths(rest),
            };
            let of_step = |path: Vec<String>| [vec![step.clone()], path].concat();
            if below.is_empty() { vec![vec![step]] } else { below.into_iter().map(of_step).collect() }
        }
        (Some(step), None) => vec![vec![step]],
        (None, _) => Vec::new(),
    }
}

/// The elements of a list in braces. `list` starts after the first brace.
fn elements(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut elements) = (0, 0, Vec::new());
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                elements.push(&list[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                elements.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    elements
}
