//! What the registry itself shows, read without any of the program's own readers of indexes.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Response;

/// A registry as anybody sees it, with a token where its door is closed.
pub(crate) struct ReleaseEvidence {
    index: String,
    token: Option<String>,
}

/// A version in the index.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) version: String,
    pub(crate) checksum: String,
}

impl ReleaseEvidence {
    pub(crate) fn of(index: &str, token: Option<&str>) -> Self {
        let index = index.trim_start_matches("sparse+").to_owned();
        Self { index, token: token.map(str::to_owned) }
    }

    /// The versions under a name, in the order of the index; a name of four letters or more.
    pub(crate) fn listed(&self, name: &str) -> Vec<Listed> {
        let address = format!("{}{}/{}/{name}", self.index, &name[..2], &name[2..4]);
        let lines = String::from_utf8(self.get(&address)).expect("text");
        let line = |line: &str| {
            let line: Value = serde_json::from_str(line).expect("JSON");
            Listed { version: text(&line["vers"]), checksum: text(&line["cksum"]) }
        };
        lines.lines().map(line).collect()
    }

    /// A published archive.
    pub(crate) fn archive(&self, name: &str, version: &str) -> Vec<u8> {
        let config = self.get(&format!("{}config.json", self.index));
        let config: Value = serde_json::from_slice(&config).expect("JSON");
        self.get(&format!("{}/{name}/{version}/download", text(&config["dl"])))
    }

    fn get(&self, address: &str) -> Vec<u8> {
        let answer = get(address, self.token.as_deref()).unwrap_or_else(|| panic!("`{address}` does not answer"));
        assert_eq!(answer.status(), 200, "{address}");
        answer.into_body()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// What is at an address; none where nobody answers.
pub(crate) fn get(address: &str, token: Option<&str>) -> Option<Response<Vec<u8>>> {
    let config = Agent::config_builder().proxy(None).http_status_as_error(false);
    let agent: Agent = config.timeout_global(Some(Duration::from_secs(30))).build().into();
    let request = agent.get(address);
    let request = token.into_iter().fold(request, |request, token| request.header("Authorization", token));
    let (parts, mut body) = request.call().ok()?.into_parts();
    Some(Response::from_parts(parts, body.read_to_vec().ok()?))
}
