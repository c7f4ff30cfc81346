//! The reading part of the registry web API.

use semver::Version;
use serde::Deserialize;
use ureq::http;

use super::web::Web;
use super::web::told;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::Digest;
use crate::names::PackageName;

/// The reading part of a registry's web API.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    web: Web,
    address: String,
}

/// What the API knows of a version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct VersionRecord {
    /// The name as the registry spells it. It finds names that differ in case or in `-` and `_` as well: compare.
    #[serde(rename = "crate")]
    pub name: PackageName,
    /// The version.
    #[serde(rename = "num")]
    pub version: Version,
    /// The SHA-256 of the archive, where the registry tells it.
    pub checksum: Option<Digest>,
    /// Whether it was yanked.
    #[serde(default)]
    pub yanked: bool,
}

/// What the API knows of a crate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct KrateRecord {
    /// The name as the registry spells it.
    pub name: PackageName,
    /// Whether new versions come by trusted publishing alone.
    #[serde(default)]
    pub trustpub_only: bool,
}

impl Api {
    /// The API at this address: `api` of the index's `config.json`.
    pub(crate) fn new(web: Web, address: &str) -> Self {
        Self { web, address: address.trim_end_matches('/').to_owned() }
    }

    /// What it knows of a version; none where it says that there is none.
    ///
    /// # Errors
    /// It did not answer, or its answer cannot be read.
    pub(crate) fn version(&self, name: &PackageName, version: &Version) -> Result<Option<VersionRecord>> {
        #[derive(Deserialize)]
        struct Answer {
            version: VersionRecord,
        }
        let version = version.to_string().replace('+', "%2B");
        let answer: Option<Answer> = self.ask(&format!("/api/v1/crates/{name}/{version}"))?;
        Ok(answer.map(|answer| answer.version))
    }

    /// Whether it says, in its own words, that there is no such version: an address that is not known to it says nothing.
    ///
    /// # Errors
    /// It did not answer.
    pub(crate) fn denies(&self, name: &PackageName, version: &Version) -> Result<bool> {
        #[derive(Deserialize)]
        struct Answer {
            errors: Vec<Detail>,
        }
        #[derive(Deserialize)]
        struct Detail {
            detail: String,
        }
        let version = version.to_string().replace('+', "%2B");
        let answer = self.web.get(&format!("{}/api/v1/crates/{name}/{version}", self.address))?;
        let says = serde_json::from_slice::<Answer>(answer.body())
            .is_ok_and(|answer| answer.errors.iter().any(|error| error.detail.contains("does not")));
        Ok(answer.status() == http::StatusCode::NOT_FOUND && says)
    }

    /// The logins of the owners of a crate; none where it says that there is no such crate.
    ///
    /// # Errors
    /// It did not answer, or its answer cannot be read.
    pub(crate) fn owners(&self, name: &PackageName) -> Result<Option<Vec<String>>> {
        #[derive(Deserialize)]
        struct Answer {
            users: Vec<Owner>,
        }
        #[derive(Deserialize)]
        struct Owner {
            login: String,
        }
        let answer: Option<Answer> = self.ask(&format!("/api/v1/crates/{name}/owners"))?;
        Ok(answer.map(|answer| answer.users.into_iter().map(|owner| owner.login).collect()))
    }

    /// Whether the registry takes no uploads for now; one that does not say so takes them.
    ///
    /// # Errors
    /// It did not answer, or its answer cannot be read.
    pub(crate) fn is_read_only(&self) -> Result<bool> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default)]
            read_only: bool,
        }
        let answer: Option<Answer> = self.ask("/api/v1/site_metadata")?;
        Ok(answer.is_some_and(|answer| answer.read_only))
    }

    /// The crate of that name, however it is spelled there; none where there is none.
    ///
    /// # Errors
    /// It did not answer, or its answer cannot be read.
    pub(crate) fn krate(&self, name: &PackageName) -> Result<Option<KrateRecord>> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "crate")]
            krate: KrateRecord,
        }
        let answer: Option<Answer> = self.ask(&format!("/api/v1/crates/{name}?include="))?;
        Ok(answer.map(|answer| answer.krate))
    }

    /// The slugs of the categories; none where the registry has no such list.
    ///
    /// # Errors
    /// It did not answer, or its answer cannot be read.
    pub(crate) fn categories(&self) -> Result<Option<Vec<String>>> {
        #[derive(Deserialize)]
        struct Answer {
            category_slugs: Vec<Category>,
        }
        #[derive(Deserialize)]
        struct Category {
            slug: String,
        }
        let answer: Option<Answer> = self.ask("/api/v1/category_slugs")?;
        Ok(answer.map(|answer| answer.category_slugs.into_iter().map(|category| category.slug).collect()))
    }

    fn ask<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<Option<T>> {
        let address = format!("{}{path}", self.address);
        let answer = self.web.get(&address)?;
        match answer.status() {
            http::StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => serde_json::from_slice(answer.body())
                .map(Some)
                .or_world(|| format!("the answer of `{address}` cannot be read")),
            status => Err(Failure::world(format!("`{address}` answered with {}", told(status)))),
        }
    }
}
