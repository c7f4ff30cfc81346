//! Where cargo takes the token of a registry from, as far as that can be seen without reading one: its variable, the
//! credential providers that are configured, the file that `cargo login` writes.

use std::collections::BTreeSet;

use crate::commands::session::Session;
use crate::names::RegistryName;
use crate::observe::Located;
use crate::plan::ReleasePlan;

/// What is known of the token for one registry.
pub(crate) struct Login {
    registry: RegistryName,
    /// What has it; none where nothing is found that could.
    from: Option<String>,
}

/// What is known of the tokens for the registries that a plan publishes to.
pub(crate) fn of(session: &Session<'_>, place: &Located, plan: &ReleasePlan) -> Vec<Login> {
    let registries = plan.packages.iter().flat_map(|package| &package.registries);
    let registries: BTreeSet<&RegistryName> = registries.collect();
    let from = |registry: &RegistryName| {
        let providers = place.registries.providers(registry);
        let file = session
            .environment
            .cargo_home()
            .and_then(|home| ["credentials.toml", "credentials"].into_iter().find(|file| home.join(file).exists()));
        match (place.registries.token_variable(registry), providers.as_slice(), file) {
            (Some(variable), _, _) => Some(format!("the variable `{variable}`")),
            (None, [], Some(file)) => Some(format!("`{file}` in cargo's home, which any program you run can read")),
            (None, [], None) => None,
            (None, providers, _) => Some(format!("the provider `{}`", providers.join("`, `"))),
        }
    };
    registries.into_iter().map(|registry| Login { registry: registry.clone(), from: from(registry) }).collect()
}

impl Login {
    /// Where the token comes from, in words; none where nothing is found that has one.
    pub(crate) fn words(&self) -> Option<String> {
        self.from.as_ref().map(|from| format!("cargo takes the token for `{}` from {from}", self.registry))
    }
}
