//! Finds the forge of a repository: from the configuration, otherwise from the host of the remote and the CI environment.

use url::Url;

use crate::error::Failure;
use crate::error::Result;
use crate::snapshot::ForgeKind;
use crate::snapshot::ForgeSite;
use crate::tools::system::environment::Environment;

/// The `[forge]` settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SiteSettings {
    /// The kind of forge; `None` derives it from the host.
    pub kind: Option<ForgeKind>,
    /// The URL of the project; `None` derives it from the remote.
    pub url: Option<String>,
    /// The URL of the API; `None` is its usual location.
    pub api: Option<String>,
    /// The environment variable with the token; `None` is the usual ones.
    pub token_variable: Option<String>,
}

/// Finds the project on its forge from the URL of the remote; `None` if the kind of forge is unknown.
///
/// # Errors
/// The URL of the project cannot be parsed.
pub(crate) fn site(settings: &SiteSettings, remote: &str, environment: &Environment) -> Result<Option<ForgeSite>> {
    let address = settings.url.clone().or_else(|| page(remote));
    let Some(address) = address else { return Ok(None) };
    let read = Url::parse(&address).ok().filter(|url| url.host_str().is_some());
    let Some(url) = read else {
        return Err(Failure::unplannable(format!("`{address}` is not the URL of a project"))
            .help("set `[forge] url`, for example to `https://github.com/OWNER/NAME`"));
    };
    let Some(kind) = settings.kind.or_else(|| kind(&url, environment)) else { return Ok(None) };
    let project = url.path().trim_matches('/').trim_end_matches(".git").to_owned();
    if !project.contains('/') {
        return Err(Failure::unplannable(format!("`{address}` contains no project"))
            .help("set `[forge] url`, for example to `https://github.com/OWNER/NAME`"));
    }
    let origin = url.origin().ascii_serialization();
    let api = settings.api.clone().unwrap_or_else(|| api(kind, &url, &origin, environment));
    let token_variable = token_variable(kind, settings, environment);
    let api = api.trim_end_matches('/').to_owned();
    Ok(Some(ForgeSite { kind, api, url: format!("{origin}/{project}"), project, token_variable }))
}

/// The web URL of a project, from a git URL such as `git@host:owner/name.git`, `ssh://…` or `https://…`.
fn page(remote: &str) -> Option<String> {
    if let Ok(url) = Url::parse(remote) {
        let host = url.host_str()?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let port = url.port().filter(|_| is_web).map_or_else(String::new, |port| format!(":{port}"));
        let scheme = if url.scheme() == "http" { "http" } else { "https" };
        return Some(format!("{scheme}://{host}{port}{}", url.path()));
    }
    let (host, path) = remote.split_once(':')?;
    let host = host.rsplit('@').next()?;
    (!host.contains('/') && host.contains('.')).then(|| format!("https://{host}/{}", path.trim_start_matches('/')))
}

fn kind(url: &Url, environment: &Environment) -> Option<ForgeKind> {
    match url.host_str()? {
        "github.com" => return Some(ForgeKind::Github),
        "gitlab.com" => return Some(ForgeKind::Gitlab),
        "codeberg.org" | "gitea.com" => return Some(ForgeKind::Forgejo),
        _ => {}
    }
    let same = |variable: &str| {
        let server = environment.text(variable).and_then(|server| Url::parse(server).ok());
        server.is_some_and(|server| server.host_str() == url.host_str())
    };
    let is_forgejo = ["FORGEJO_ACTIONS", "GITEA_ACTIONS"].iter().any(|name| environment.get(name).is_some());
    if same("GITHUB_SERVER_URL") {
        return Some(if is_forgejo { ForgeKind::Forgejo } else { ForgeKind::Github });
    }
    same("CI_SERVER_URL").then_some(ForgeKind::Gitlab)
}

fn api(kind: ForgeKind, url: &Url, origin: &str, environment: &Environment) -> String {
    match kind {
        ForgeKind::Github if url.host_str() == Some("github.com") => "https://api.github.com".to_owned(),
        ForgeKind::Github => environment
            .text("GITHUB_API_URL")
            .filter(|api| Url::parse(api).is_ok_and(|api| api.host_str() == url.host_str()))
            .map_or_else(|| format!("{origin}/api/v3"), str::to_owned),
        ForgeKind::Gitlab => format!("{origin}/api/v4"),
        ForgeKind::Forgejo => format!("{origin}/api/v1"),
    }
}

/// The environment variable with a token: the configured one, otherwise the first usual one that is set.
fn token_variable(kind: ForgeKind, settings: &SiteSettings, environment: &Environment) -> Option<String> {
    if let Some(name) = &settings.token_variable {
        return Some(name.clone());
    }
    let usual: &[&str] = match kind {
        ForgeKind::Github => &["GITHUB_TOKEN", "GH_TOKEN"],
        ForgeKind::Gitlab => &["GITLAB_TOKEN", "CI_JOB_TOKEN"],
        ForgeKind::Forgejo => &["FORGEJO_TOKEN", "GITEA_TOKEN", "GITHUB_TOKEN"],
    };
    let set = |name: &&&str| environment.text(name).is_some_and(|value| !value.is_empty());
    usual.iter().find(set).map(|name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn at(remote: &str, settings: &SiteSettings, variables: &[(&str, &str)]) -> Option<String> {
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
        let environment = Environment::new(variables, Path::new("/"), Path::new("/"));
        let found = site(settings, remote, &environment).unwrap()?;
        Some(format!("{:?} {} {}", found.kind, found.api, found.project))
    }

    // Every spelling of a remote leads to the same project, and the host tells the dialect.
    #[test]
    fn remotes_lead_to_projects() {
        for remote in [
            "git@github.com:acme/tea.git",
            "https://me:pass@github.com/acme/tea",
            "ssh://git@github.com:22/acme/tea.git",
        ] {
            let found = at(remote, &SiteSettings::default(), &[]);
            assert_eq!(found.as_deref(), Some("Github https://api.github.com acme/tea"), "{remote}");
        }
        let found = at("https://gitlab.com/acme/sub/tea.git", &SiteSettings::default(), &[]);
        assert_eq!(found.as_deref(), Some("Gitlab https://gitlab.com/api/v4 acme/sub/tea"));
        let found = at("git@codeberg.org:acme/tea.git", &SiteSettings::default(), &[]);
        assert_eq!(found.as_deref(), Some("Forgejo https://codeberg.org/api/v1 acme/tea"));
        assert_eq!(at("../remote.git", &SiteSettings::default(), &[]), None);
        assert_eq!(at("git@git.acme.dev:acme/tea.git", &SiteSettings::default(), &[]), None);
    }

    // A forge of one's own is known by what its CI says, or by configuration.
    #[test]
    fn own_forges_are_known() {
        let remote = "https://git.acme.dev/acme/tea.git";
        let ci = [("GITHUB_SERVER_URL", "https://git.acme.dev"), ("FORGEJO_ACTIONS", "true")];
        let found = at(remote, &SiteSettings::default(), &ci);
        assert_eq!(found.as_deref(), Some("Forgejo https://git.acme.dev/api/v1 acme/tea"));
        let found = at(remote, &SiteSettings::default(), &[("CI_SERVER_URL", "https://git.acme.dev")]);
        assert_eq!(found.as_deref(), Some("Gitlab https://git.acme.dev/api/v4 acme/tea"));
        let configured = SiteSettings { kind: Some(ForgeKind::Github), ..SiteSettings::default() };
        let found = at(remote, &configured, &[]);
        assert_eq!(found.as_deref(), Some("Github https://git.acme.dev/api/v3 acme/tea"));
    }
}
