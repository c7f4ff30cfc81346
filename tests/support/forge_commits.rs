//! `createCommitOnBranch` of GitHub, by real git in the bare remote: it makes ordinary files only, on the head that is
//! expected, and signs.

use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;
use serde_json::json;

/// Makes commits in a bare repository.
pub struct Commits<'a> {
    pub remote: &'a Path,
    /// What is done otherwise than it is asked: `unsigned`, or a file that is added.
    pub otherwise: Option<&'static str>,
}

impl Commits<'_> {
    /// Answers the mutation.
    pub fn answer(&self, input: &Value) -> (u16, Value) {
        let text = |pointer: &str| input.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (branch, parent) = (text("/branch/branchName"), text("/expectedHeadOid"));
        let reference = format!("refs/heads/{branch}");
        let head = self.git(&["rev-parse", "--verify", "--quiet", &reference], b"");
        if text("/branch/repositoryNameWithOwner") != "acme/tea" || head.is_none() {
            return refused("NOT_FOUND", "Could not resolve to a branch");
        }
        if head.as_deref() != Some(&parent) {
            return refused("STALE_DATA", &format!("Expected branch to point to \"{parent}\" but it did not."));
        }
        self.git(&["read-tree", &parent], b"").unwrap();
        for file in input["fileChanges"]["additions"].as_array().into_iter().flatten() {
            self.write(file["path"].as_str().unwrap(), &decoded(file["contents"].as_str().unwrap()));
        }
        for file in input["fileChanges"]["deletions"].as_array().into_iter().flatten() {
            let gone = format!("0 {:040}\t{}", 0, file["path"].as_str().unwrap());
            self.git(&["update-index", "--index-info"], gone.as_bytes()).unwrap();
        }
        let is_signed = self.otherwise != Some("unsigned");
        if let Some(path) = self.otherwise.filter(|_| is_signed) {
            self.write(path, b"Not asked for.\n");
        }
        let tree = self.git(&["write-tree"], b"").unwrap();
        let message = format!("{}\n\n{}", text("/message/headline"), text("/message/body"));
        let identity = ["-c", "user.name=web-flow", "-c", "user.email=noreply@forge.test"];
        let commit = ["commit-tree", &tree, "-p", &parent, "-F", "-"];
        let made = self.git(&[&identity[..], &commit].concat(), message.trim_end().as_bytes()).unwrap();
        self.git(&["update-ref", &reference, &made, &parent], b"").unwrap();
        let commit = json!({ "oid": made, "signature": { "isValid": is_signed } });
        (200, json!({ "data": { "createCommitOnBranch": { "commit": commit } } }))
    }

    /// Every file is an ordinary one, whatever it was.
    fn write(&self, path: &str, bytes: &[u8]) {
        let blob = self.git(&["hash-object", "-w", "--stdin"], bytes).unwrap();
        self.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")], b"").unwrap();
    }

    fn git(&self, arguments: &[&str], input: &[u8]) -> Option<String> {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.remote).args(arguments).env("GIT_INDEX_FILE", self.remote.join("api.index"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input).unwrap();
        let output = child.wait_with_output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
    }
}

fn refused(kind: &str, message: &str) -> (u16, Value) {
    let error = json!({ "type": kind, "path": ["createCommitOnBranch"], "message": message });
    (200, json!({ "data": { "createCommitOnBranch": null }, "errors": [error] }))
}

/// Base64, by another hand than the one that encodes.
fn decoded(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for digit in text.bytes().filter(|digit| *digit != b'=') {
        let value = DIGITS.iter().position(|known| *known == digit).unwrap();
        bits = (bits << 6) | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap());
        }
    }
    bytes
}
