//! `cargo release init`: writes the files that a workspace needs for releases; shows each first and overwrites none.

use std::io::Write as _;

use crate::cli::InitArgs;
use crate::commands::session::Observed;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::config;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::plan;
use crate::plan::Init;
use crate::plan::InitFacts;
use crate::plan::Request;
use crate::plan::Selection;
use crate::report;
use crate::tools::git::cli::Git;
use crate::tools::system::clock;
use crate::tools::system::files;
use crate::tools::system::terminal;

/// Configuration files of other tools, whose settings are taken over.
const OTHERS: [&str; 2] = ["release-plz.toml", ".release-plz.toml"];

/// Shows the files, asks if there is a terminal, and writes them.
pub(crate) fn run(session: &Session<'_>, args: &InitArgs) -> Result<()> {
    let observed = session.know(request(clock::today(&session.environment)), &args.config, &Scope::default())?;
    let facts = facts(session, &observed)?;
    let init = plan::init(&observed.snapshot, &observed.config, &observed.request, &facts)?;
    show(session, &init)?;
    if !args.only_show && !init.files.is_empty() {
        session.agree("Write these files?", args.no_confirm || !terminal::can_ask())?;
        write(session, &observed, &init)?;
    }
    report::init_checklist(&mut session.terminal.stdout(), &init).or_world(unwritten)
}

fn show(session: &Session<'_>, init: &Init) -> Result<()> {
    let mut out = session.terminal.stdout();
    report::init_found(&mut out, init).or_world(unwritten)?;
    for file in &init.files {
        report::difference(&mut out, file).or_world(unwritten)?;
    }
    out.flush().or_world(unwritten)
}

fn write(session: &Session<'_>, observed: &Observed, init: &Init) -> Result<()> {
    let checkout = observed.place.checkout();
    for file in &init.files {
        let path = checkout.on_disk(&file.path);
        if let Some(dir) = path.parent() {
            files::make_dir(dir)?;
        }
        if !files::make(&path, file.after.as_bytes())? {
            return Err(Failure::world(format!("`{}` exists by now, so it was not written", file.path))
                .help("run `cargo release init` again to write the remaining files"));
        }
        report::init_written(&mut session.terminal.notes(), &file.path).or_world(unwritten)?;
    }
    // Only editors read the schema. It is in the target directory because git ignores that.
    let schema = serde_json::to_vec_pretty(&config::schema()).or_world(|| "the schema cannot be written".into())?;
    files::make_dir(&observed.place.target_directory)?;
    files::write(&observed.place.target_directory.join("release.schema.json"), &schema)
}

fn facts(session: &Session<'_>, observed: &Observed) -> Result<InitFacts> {
    let git = Git::at(observed.place.root());
    let dir = &observed.snapshot.workspace.dir;
    let mut facts = InitFacts {
        files: git.files(&observed.snapshot.repository.head)?,
        remote: git.remote_address(&observed.config.workspace.push_remote)?,
        has_identity: git.knows_who_commits()?,
        has_token: has_token(session, observed),
        ..InitFacts::default()
    };
    // Files that exist but are not committed are kept as well.
    for file in ["release.toml", ".github/workflows/release-check.yml"] {
        let path = if file == "release.toml" { dir.join(file) } else { RepoPath::from(file) };
        if observed.place.checkout().on_disk(&path).exists() {
            facts.files.insert(path);
        }
    }
    for file in OTHERS {
        let path = dir.join(file);
        if let Some(text) = files::read_text(&observed.place.checkout().on_disk(&path))? {
            facts.texts.insert(path, text);
        }
    }
    Ok(facts)
}

/// Whether cargo has a variable, file or provider that may hold a token. Reads none of them.
fn has_token(session: &Session<'_>, observed: &Observed) -> bool {
    let registry = RegistryName::crates_io();
    let has_file = session
        .environment
        .cargo_home()
        .is_some_and(|home| ["credentials.toml", "credentials"].iter().any(|file| home.join(file).exists()));
    has_file || observed.place.registries.has_token_variable(&registry) || observed.place.registries.has_providers()
}

fn request(today: String) -> Request {
    Request {
        levels: Vec::new(),
        selection: Selection::default(),
        pre: None,
        metadata: None,
        previous_tag: None,
        unpublished: false,
        allow_breaking: false,
        offline: true,
        branch: None,
        today,
        entries: std::collections::BTreeMap::new(),
    }
}
