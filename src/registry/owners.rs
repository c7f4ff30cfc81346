//! Who may publish a crate, by the rules of crates.io: users are invited, teams join at once, and one user has to stay.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::answer::HttpError;

/// The user that first publishes every crate.
pub(super) const FIRST_OWNER: &str = "demo";
/// The most logins in one request.
const MAX_LOGINS: usize = 10;

/// The owners of one crate.
#[derive(Clone, Debug)]
pub(super) struct Owners {
    listed: Vec<String>,
    invited: Vec<String>,
}

/// The body of a request that changes owners; crates.io takes both keys.
#[derive(Deserialize)]
struct Logins {
    #[serde(alias = "owners")]
    users: Vec<String>,
}

impl Owners {
    /// The owners of a crate that was just published.
    pub(super) fn first() -> Self {
        Self { listed: vec![FIRST_OWNER.to_owned()], invited: Vec::new() }
    }

    /// Those that were invited and have not answered.
    #[cfg(feature = "testing")]
    pub(super) fn invited(&self) -> &[String] {
        &self.invited
    }

    /// The answer that lists them.
    pub(super) fn list(&self) -> Value {
        let user = |(at, login): (usize, &String)| {
            let kind = if is_team(login) { "team" } else { "user" };
            json!({ "id": at + 1, "login": login, "kind": kind, "name": null })
        };
        json!({ "users": self.listed.iter().enumerate().map(user).collect::<Vec<_>>() })
    }

    /// Adds those that the body names.
    pub(super) fn add(&mut self, krate: &str, body: &[u8]) -> Result<Value, HttpError> {
        let mut said = Vec::new();
        for login in logins(body)? {
            if self.listed.contains(&login) {
                return Err(HttpError::bad(format!("`{login}` is already an owner")));
            }
            if is_team(&login) {
                said.push(format!("team {login} has been added as an owner of crate {krate}"));
                self.listed.push(login);
            } else {
                said.push(format!("user {login} has been invited to be an owner of crate {krate}"));
                self.invited.retain(|known| *known != login);
                self.invited.push(login);
            }
        }
        Ok(json!({ "ok": true, "msg": said.join(",") }))
    }

    /// Removes those that the body names.
    pub(super) fn remove(&mut self, body: &[u8]) -> Result<Value, HttpError> {
        let logins = logins(body)?;
        if let Some(stranger) = logins.iter().find(|login| !self.listed.contains(*login)) {
            return Err(HttpError::bad(format!("could not find owner with login `{stranger}`")));
        }
        let left: Vec<String> = self.listed.iter().filter(|login| !logins.contains(*login)).cloned().collect();
        if left.iter().all(|login| is_team(login)) {
            return Err(HttpError::bad(
                "cannot remove all individual owners of a crate. Team member don't have permission to modify owners, so at least one individual owner is required.",
            ));
        }
        self.listed = left;
        Ok(json!({ "ok": true, "msg": "owners successfully removed" }))
    }
}

fn is_team(login: &str) -> bool {
    login.contains(':')
}

fn logins(body: &[u8]) -> Result<Vec<String>, HttpError> {
    let logins: Logins =
        serde_json::from_slice(body).map_err(|error| HttpError::bad(format!("invalid json request: {error}")))?;
    if logins.users.len() > MAX_LOGINS {
        return Err(HttpError::bad(format!("too many invites for this request - maximum {MAX_LOGINS}")));
    }
    Ok(logins.users)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(owners: &Owners) -> Vec<String> {
        let list = owners.list();
        let users = list["users"].as_array().expect("a list");
        users.iter().map(|user| user["login"].as_str().expect("a login").to_owned()).collect()
    }

    /// A user is not an owner before having accepted; a team is one at once.
    #[test]
    fn invites_users_and_adds_teams() {
        let mut owners = Owners::first();
        owners.add("leaf", br#"{"users":["ann","github:tea:brewers"]}"#).expect("both may be added");
        assert_eq!(listed(&owners), ["demo", "github:tea:brewers"]);
        assert_eq!(owners.invited(), ["ann"]);
    }

    /// A crate never ends up without a user who owns it.
    #[test]
    fn keeps_the_last_user() {
        let mut owners = Owners::first();
        owners.add("leaf", br#"{"owners":["github:tea:brewers"]}"#).expect("a team may be added");
        assert!(owners.remove(br#"{"users":["demo"]}"#).is_err());
        owners.remove(br#"{"users":["github:tea:brewers"]}"#).expect("a team may go");
        assert_eq!(listed(&owners), ["demo"]);
    }
}
