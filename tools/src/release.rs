//! Release archives: the tool for each target, with completions, manual pages, licences and checksums.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::Value as Json;

use crate::process::{command, exists, output, run};

/// The folder of the archives.
const FOLDER: &str = "target/release-archives";

/// The folder in which cargo builds each crate as published.
const PUBLISH: &str = "target/publish";

/// Each shell, and the place of its completions in the archive.
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "wabinary.bash"),
    ("zsh", "_wabinary"),
    ("fish", "wabinary.fish"),
    ("elvish", "wabinary.elv"),
    ("powershell", "_wabinary.ps1"),
];

const DOCUMENTS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// The top-level domain of the placeholder, which is reserved.
const PLACEHOLDER: &str = ".invalid/";

#[derive(Args)]
pub(crate) struct Release {
    /// Check everything and build the archives as they would be, also with changes and without an address
    #[arg(long)]
    dry_run: bool,
    /// What to build for; this machine must be able to run it
    #[arg(long, value_delimiter = ',', default_value = "x86_64-unknown-linux-musl")]
    targets: Vec<String>,
    /// Do not check that the crates can be published, which builds each of them
    #[arg(long, requires = "dry_run")]
    archives_only: bool,
}

impl Release {
    pub(crate) fn run(&self) -> Result<()> {
        let metadata = output(&mut command("cargo metadata --no-deps --format-version 1"))?;
        let metadata: Json = serde_json::from_str(&metadata)?;
        let packages = metadata["packages"].as_array().context("no packages")?;
        let tool = packages.iter().find(|package| package["name"] == "wabinary-cli").context("no tool")?;
        let version = tool["version"].as_str().context("no version")?;
        let addresses = packages.iter().filter_map(|package| package["repository"].as_str());
        if !self.dry_run {
            check(version, addresses)?;
        }
        if !self.archives_only {
            forget_packages(packages)?;
            let dirty = if self.dry_run { " --allow-dirty" } else { "" };
            run(&mut command(&format!("cargo publish --workspace --dry-run --locked --target-dir {PUBLISH}{dirty}")))?;
        }
        let _ = fs::remove_dir_all(FOLDER);
        fs::create_dir_all(FOLDER)?;
        let archives = self.targets.iter().map(|target| archive(version, target)).collect::<Result<Vec<_>>>()?;
        let mut sums = Command::new("sha256sum");
        let sums = sums.args(&archives).current_dir(FOLDER).stdout(File::create(Path::new(FOLDER).join("SHA256SUMS"))?);
        run(sums)?;
        println!("{FOLDER}: {}, SHA256SUMS", archives.join(", "));
        println!("RELEASING.md says what comes next");
        Ok(())
    }
}

/// Fails unless this commit can be released.
fn check<'a>(version: &str, mut addresses: impl Iterator<Item = &'a str>) -> Result<()> {
    ensure!(
        !addresses.any(|address| address.contains(PLACEHOLDER)),
        "the address of the repository is a placeholder; set `repository` below [workspace.package] in Cargo.toml"
    );
    let changes = output(&mut command("git status --porcelain"))?;
    ensure!(changes.is_empty(), "there are changes that are not committed:\n{changes}");
    let heading = format!("## {version}");
    let is_heading = |line: &str| line == heading || line.starts_with(&format!("{heading} "));
    ensure!(fs::read_to_string("CHANGELOG.md")?.lines().any(is_heading), "CHANGELOG.md has no section {heading:?}");
    let tags = output(&mut command("git tag --points-at HEAD"))?;
    ensure!(tags.lines().any(|tag| tag == format!("v{version}")), "the commit has no tag v{version}");
    Ok(())
}

/// Removes what an earlier check built and unpacked: as the version is the same, cargo would take it for the package as
/// it is now.
fn forget_packages(packages: &[Json]) -> Result<()> {
    let _ = fs::remove_dir_all(PUBLISH);
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let Ok(sources) = fs::read_dir(home.context("no home folder")?.join("registry/src")) else { return Ok(()) };
    let part = |package: &Json, name| package[name].as_str().unwrap_or_default().to_owned();
    let names: Vec<_> =
        packages.iter().map(|package| part(package, "name") + "-" + &part(package, "version")).collect();
    for source in sources {
        let source = source?;
        // The registry that cargo makes for such a check is a folder, which has no host name before the dash.
        if source.file_name().to_string_lossy().starts_with('-') {
            let mut copies = names.iter().map(|name| source.path().join(name)).filter(|copy| copy.exists());
            copies.try_for_each(fs::remove_dir_all)?;
        }
    }
    Ok(())
}

/// Builds the tool for a target, and returns the name of its archive.
fn archive(version: &str, target: &str) -> Result<String> {
    if exists("rustup") {
        run(&mut command(&format!("rustup --quiet target add {target}")))?;
    }
    run(&mut command(&format!(
        "cargo build --release --locked -p wabinary-cli --target {target} --target-dir target"
    )))?;
    let suffix = if target.contains("windows") { ".exe" } else { "" };
    let tool = PathBuf::from(format!("target/{target}/release/wabinary{suffix}"));
    if target.ends_with("-musl") {
        ensure!(is_static(&fs::read(&tool)?), "{} asks for a dynamic linker", tool.display());
    }
    let name = format!("wabinary-{version}-{target}");
    let folder = Path::new(FOLDER).join(&name);
    fs::create_dir_all(folder.join("completions"))?;
    fs::copy(&tool, folder.join(format!("wabinary{suffix}")))?;
    for document in DOCUMENTS {
        fs::copy(document, folder.join(document))?;
    }
    for (shell, file) in COMPLETIONS {
        let script = output(Command::new(&tool).args(["completions", shell]))?;
        fs::write(folder.join("completions").join(file), script)?;
    }
    run(Command::new(&tool).args(["man", "--dir"]).arg(folder.join("man1")))?;
    let archive = format!("{name}.tar.gz");
    // Equal bytes in every run: no user names, no times, sorted by name.
    let options = "--sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --format=ustar";
    let mut tar = command(&format!("tar {options} --use-compress-program"));
    run(tar.args(["gzip -9n", "-cf"]).args([&archive, &name]).current_dir(FOLDER))?;
    Ok(archive)
}

/// Whether an ELF file names no interpreter (the dynamic linker).
fn is_static(elf: &[u8]) -> bool {
    const INTERPRETER: &[u8] = b"/lib64/ld-";
    let start = elf.get(..4096.min(elf.len())).unwrap_or_default();
    elf.starts_with(b"\x7fELF") && !start.windows(INTERPRETER.len()).any(|bytes| bytes == INTERPRETER)
}
