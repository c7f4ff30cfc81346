//! `cargo release announce`: creates releases for tags on the forge, from any clone that has the tags.

use std::io::Write as _;

use crate::apply::Announcing;
use crate::cli::AnnounceArgs;
use crate::cli::Format;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::forge::Forge;
use crate::journal::Journal;
use crate::journal::StateDir;
use crate::names::TagName;
use crate::observe::Located;
use crate::plan;
use crate::plan::Action;
use crate::plan::Announcement;
use crate::report;
use crate::tools::git::cli::Git;

/// Creates the releases; without `-x`, shows them.
pub(crate) fn announce(session: &Session<'_>, args: &AnnounceArgs) -> Result<()> {
    let place = crate::observe::locate(&session.environment, &session.options(args.config.config.clone()))?;
    let config = session.configuration(&place, &args.config)?;
    let site = session.forge_site(&place, &config)?.ok_or_else(|| {
        Failure::unplannable("cannot tell which forge this repository is on")
            .help("set `[forge] kind` to \"github\", \"gitlab\" or \"forgejo\", and `url` to the page of the project")
    })?;
    let git = Git::at(place.root());
    let tags = match args.tags.as_slice() {
        [] => git.tags_at("HEAD")?,
        named => named.iter().map(|name| TagName::from(name.as_str())).collect(),
    };
    if tags.is_empty() {
        return Err(Failure::unplannable("no tag points to HEAD")
            .help("name the tags, for example `cargo release announce core-v1.2.0`"));
    }
    let all: Vec<Announcement> = tags
        .iter()
        .map(|tag| {
            let message = git.tag_message(tag)?.ok_or_else(|| {
                Failure::unplannable(format!("there is no tag `{tag}`")).help("run `git fetch --tags` to fetch it")
            })?;
            let mut wanted = plan::announcement(tag, &message, &site, &config.workspace.announce);
            wanted.assets.extend(args.asset.iter().cloned());
            wanted.draft = (wanted.draft || args.draft) && !args.show;
            Ok(wanted)
        })
        .collect::<Result<_>>()?;
    let mut out = session.terminal.stdout();
    if !args.execute {
        return match args.output.format {
            Format::Json => report::pretty(&mut out, &all).or_world(unwritten),
            Format::Human => report::announcements(&mut out, &all).or_world(unwritten),
        };
    }
    if !Forge::of(&site, &session.environment).has_token() {
        return Err(Failure::unplannable(format!("there is no token for `{}`", site.api)).help(
            "set GITHUB_TOKEN, GITLAB_TOKEN or FORGEJO_TOKEN, or name another variable with `[forge] token-env`",
        ));
    }
    let directory = place.workspace_root.clone();
    for wanted in &all {
        let announced = Announcing { environment: &session.environment, root: &directory }.announce(wanted)?;
        match args.output.format {
            Format::Json => report::pretty(&mut out, &serde_json::json!({ "tag": wanted.tag, "url": announced })),
            Format::Human => writeln!(out, "Announced {}: {announced}", wanted.tag),
        }
        .or_world(unwritten)?;
    }
    Ok(())
}

/// Creates the releases that the last release could not announce; `false` if there are none.
pub(crate) fn make_up(session: &Session<'_>, place: &Located, room: &StateDir) -> Result<bool> {
    if Journal::is_open(room)? {
        return Ok(false);
    }
    let Some(journal) = Journal::latest(room)? else { return Ok(false) };
    let announcing = Announcing { environment: &session.environment, root: &place.workspace_root };
    let mut out = session.terminal.stdout();
    let mut made_up = false;
    for step in &journal.plan().steps {
        let Action::Announce(wanted) = &step.action else { continue };
        if announcing.is_done(wanted)?.is_none() {
            let announced = announcing.announce(wanted)?;
            writeln!(out, "Announced {}: {announced}", wanted.tag).or_world(unwritten)?;
            made_up = true;
        }
    }
    Ok(made_up)
}
