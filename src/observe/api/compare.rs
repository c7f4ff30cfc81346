//! The API check, asked about libraries: each as it is at the head, against the tree of its last release.
//!
//! Both trees are taken from git and laid out beside the journal of a release: nothing is built in the checkout, and what
//! is not committed is not compared. Whether a library breaks is told by how `cargo semver-checks` ends, once for each
//! level; its words are quoted and decide nothing.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Duration;

use super::lints;
use super::rustdoc;
use super::rustdoc::PublicApi;
use super::signatures;
use crate::error::Failure;
use crate::error::Result;
use crate::level::Level;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::observe::Located;
use crate::snapshot::ApiAnswer;
use crate::snapshot::ApiQuestion;
use crate::snapshot::ApiSignatures;
use crate::snapshot::Baseline;
use crate::tools::cargo::rustdoc_json::Library;
use crate::tools::cargo::rustdoc_json::RustdocJson;
use crate::tools::cargo::semver_checks::Allowed;
use crate::tools::cargo::semver_checks::Comparison;
use crate::tools::cargo::semver_checks::ProgramSearch;
use crate::tools::cargo::semver_checks::RunOptions;
use crate::tools::cargo::semver_checks::SemverChecks;
use crate::tools::git::cli::Git;
use crate::tools::git::read::commit_id;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;
use crate::tools::system::interrupt;
use crate::tools::system::process::Ended;
use crate::tools::system::process::Output;

/// How long the comparison of one library may take, in seconds, for each of its two levels. One that takes longer has no
/// answer.
pub(crate) const LIMIT: Duration = Duration::from_secs(20 * 60);

/// How many libraries are compared at the same time at the most: cargo builds one at a time in a target directory, so
/// that more would only wait.
const AT_ONCE: usize = 4;

/// The status that says that nothing asks for more than was allowed.
const COMPATIBLE: i32 = 0;
/// The status that says that something does.
const VIOLATED: i32 = 100;

/// How the API check is asked.
pub(crate) struct ApiQuery<'a> {
    /// The workspace.
    pub(crate) place: &'a Located,
    /// The environment, in which the program is found.
    pub(crate) environment: &'a Environment,
    /// The directory that keeps the trees, and makes the next time faster.
    pub(crate) room: &'a Path,
    /// Use no network.
    pub(crate) offline: bool,
    /// How long a comparison may take.
    pub(crate) limit: Duration,
}

/// What is noticed while libraries are compared.
#[derive(Clone, Debug)]
pub(crate) enum Notice<'a> {
    /// A comparison begins.
    Asked(&'a ApiQuestion),
    /// A comparison came to this, after so long.
    Answered(&'a ApiQuestion, ApiAnswer, Duration),
}

/// Asks the API check.
///
/// # Errors
/// The trees cannot be laid out, or we were asked to stop. A comparison that cannot be made is an answer.
pub(crate) fn compare(
    asking: &ApiQuery<'_>,
    questions: &[ApiQuestion],
    tell: &mut dyn FnMut(Notice<'_>) -> Result<()>,
) -> Result<ApiAnswers> {
    let all = |answer: &ApiAnswer| ApiAnswers {
        api: questions.iter().map(|one| (one.package.clone(), answer.clone())).collect(),
        signatures: BTreeMap::new(),
    };
    let ApiQuery { place, environment, room, offline, limit: _ } = asking;
    let target_dir = place.target_directory.join("cargo-release").join("api");
    let manner = RunOptions { directory: &place.workspace_root, target_dir: &target_dir, offline: *offline };
    let program = match SemverChecks::find(environment, manner)? {
        ProgramSearch::Missing => return Ok(all(&ApiAnswer::NotInstalled)),
        ProgramSearch::Unusable(why) => return Ok(all(&ApiAnswer::Unknown(why))),
        ProgramSearch::Ready(program) => program,
    };
    files::make_dir(room)?;
    let lock = files::open_or_make(&room.join("lock"))?;
    if lock.try_lock().is_err() {
        return Ok(all(&ApiAnswer::Unknown("another comparison is running in this repository".to_owned())));
    }
    let trees = Trees::lay_out(asking, questions)?;
    let libraries: BTreeSet<&str> = questions.iter().map(|question| question.library.as_str()).collect();
    // Two libraries of one name would write their documentation to the same file.
    let queue: Vec<Vec<&ApiQuestion>> = libraries
        .iter()
        .map(|library| questions.iter().filter(|question| question.library == **library).collect())
        .collect();
    let rustdoc = RustdocJson::new(environment, &place.workspace_root, &target_dir, *offline);
    let (queue, signatures) = (Mutex::new(queue), Mutex::new(BTreeMap::new()));
    let work = Work { program: &program, rustdoc: &rustdoc, trees: &trees, limit: asking.limit, queue, signatures };
    let api = work.run(tell)?;
    let signatures = work.signatures.into_inner().unwrap_or_default();
    Ok(ApiAnswers { api, signatures })
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct ApiAnswers {
    /// The answer about each library.
    pub(crate) api: BTreeMap<PackageName, ApiAnswer>,
    /// Their signatures, where they could be read.
    pub(crate) signatures: BTreeMap<PackageName, ApiSignatures>,
}

/// The trees that are compared.
struct Trees {
    now: PathBuf,
    then: BTreeMap<CommitId, PathBuf>,
}

impl Trees {
    /// Lays out the head, and every commit that is compared with. Trees that nobody needs any more go.
    fn lay_out(asking: &ApiQuery<'_>, questions: &[ApiQuestion]) -> Result<Self> {
        let git = Git::at(asking.place.root());
        // Cargo looks for a workspace above a manifest, and stops at a directory of this name.
        let above = asking.room.join("target").join("package");
        let now = above.join("head");
        git.extract(&commit_id(asking.place.head.commit), &now, &asking.room.join("head.index"))?;
        let mut then = BTreeMap::new();
        for question in questions {
            let Baseline::Commit { commit, dir: _ } = &question.baseline else { continue };
            let dir = above.join(commit.as_str());
            if !then.contains_key(commit) {
                git.extract(commit, &dir, &asking.room.join(format!("{commit}.index")))?;
                then.insert(commit.clone(), dir);
            }
        }
        for old in
            files::directories(&above)?.iter().filter(|dir| **dir != now && !then.values().any(|one| one == *dir))
        {
            files::remove(old)?;
            if let Some(name) = old.file_name() {
                files::remove(&asking.room.join(name).with_extension("index"))?;
            }
        }
        Ok(Self { now, then })
    }

    /// Where the baseline of a question lies; none where crates.io has it.
    fn baseline(&self, question: &ApiQuestion) -> Option<PathBuf> {
        match &question.baseline {
            Baseline::Commit { commit, dir } => Some(on_disk(self.then.get(commit)?, dir)),
            Baseline::Published => None,
        }
    }

    /// All of them: paths below them are paths of the repository.
    fn roots(&self) -> Vec<&Path> {
        std::iter::once(&self.now).chain(self.then.values()).map(PathBuf::as_path).collect()
    }
}

fn on_disk(root: &Path, path: &RepoPath) -> PathBuf {
    path.as_str().split('/').filter(|part| !part.is_empty()).fold(root.to_owned(), |dir, part| dir.join(part))
}

/// Comparisons that are left, and what they need.
struct Work<'a> {
    program: &'a SemverChecks,
    rustdoc: &'a RustdocJson,
    trees: &'a Trees,
    limit: Duration,
    queue: Mutex<Vec<Vec<&'a ApiQuestion>>>,
    signatures: Mutex<BTreeMap<PackageName, ApiSignatures>>,
}

/// What a worker says.
enum Word<'a> {
    Asked(&'a ApiQuestion),
    Ended(&'a ApiQuestion, Result<ApiAnswer>, Duration),
}

impl<'a> Work<'a> {
    fn run(&self, tell: &mut dyn FnMut(Notice<'_>) -> Result<()>) -> Result<BTreeMap<PackageName, ApiAnswer>> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        std::thread::scope(|scope| {
            let (say, heard) = mpsc::channel();
            for _worker in 0..cores.min(AT_ONCE) {
                let say = say.clone();
                scope.spawn(move || self.work(&say));
            }
            drop(say);
            let answers = hear(&heard, tell);
            drop(heard);
            answers
        })
    }

    fn work(&self, say: &mpsc::Sender<Word<'a>>) {
        let next = || self.queue.lock().ok().and_then(|mut queue| queue.pop());
        for question in std::iter::from_fn(next).flatten() {
            let watch = Stopwatch::start();
            let answer = if interrupt::asked() { Err(stopped()) } else { self.begun(question, say) };
            // Nobody hears it where the other end gave up; then nothing is left to do.
            if say.send(Word::Ended(question, answer, watch.elapsed())).is_err() {
                return;
            }
        }
    }

    fn begun(&self, question: &'a ApiQuestion, say: &mpsc::Sender<Word<'a>>) -> Result<ApiAnswer> {
        say.send(Word::Asked(question)).map_err(|_gone| stopped())?;
        let answer = self.answer(question)?;
        let asked = matches!(answer, ApiAnswer::Compatible | ApiAnswer::Needs { .. });
        if let Some(found) = asked.then(|| self.signatures_of(question)).transpose()?.flatten()
            && let Ok(mut all) = self.signatures.lock()
        {
            all.insert(question.package.clone(), found);
        }
        Ok(answer)
    }

    /// The signatures of a library against those of its last release; none where either cannot be documented.
    fn signatures_of(&self, question: &ApiQuestion) -> Result<Option<ApiSignatures>> {
        let Some(then) = self.trees.baseline(question) else { return Ok(None) };
        let read = |dir: &Path| -> Result<Option<PublicApi>> {
            let manifest = dir.join("Cargo.toml");
            let library = Library {
                package: &question.package,
                name: &question.library,
                manifest: &manifest,
                target: question.target.as_deref(),
                limit: self.limit,
            };
            Ok(self.rustdoc.of(&library)?.as_deref().and_then(rustdoc::read))
        };
        let (before, now) = (read(&then)?, read(&on_disk(&self.trees.now, &question.dir))?);
        Ok(before.zip(now).map(|(before, now)| ApiSignatures {
            changes: signatures::changes(&before, &now),
            crates: now.crates.into_iter().collect(),
        }))
    }

    /// The level that a library needs: by the status for a patch and, where that is not enough, by that for a minor one.
    fn answer(&self, question: &ApiQuestion) -> Result<ApiAnswer> {
        let manifest = on_disk(&self.trees.now, &question.dir).join("Cargo.toml");
        let baseline = self.trees.baseline(question);
        let comparison = Comparison {
            package: &question.package,
            manifest: &manifest,
            baseline: baseline.as_deref(),
            version: &question.version,
            target: question.target.as_deref(),
            limit: self.limit,
        };
        let for_patch = match self.verdict(&comparison, Allowed::Patch)? {
            ApiVerdict::Compatible => return Ok(ApiAnswer::Compatible),
            ApiVerdict::Violated(said) => said,
            ApiVerdict::Unknown(why) => return Ok(ApiAnswer::Unknown(why)),
        };
        let roots = self.trees.roots();
        let read = |said: &Output, level| lints::read(&said.text(), level, &roots, &question.dir);
        let mut found = read(&for_patch, Level::Feature);
        let level = match self.verdict(&comparison, Allowed::Minor)? {
            ApiVerdict::Compatible => Level::Feature,
            ApiVerdict::Violated(said) => {
                let breaking = read(&said, Level::Breaking);
                found.retain(|lint| !breaking.iter().any(|other| other.id == lint.id));
                found.splice(0..0, breaking);
                Level::Breaking
            }
            ApiVerdict::Unknown(why) => return Ok(ApiAnswer::Unknown(why)),
        };
        Ok(ApiAnswer::Needs { level, lints: found })
    }

    fn verdict(&self, comparison: &Comparison<'_>, allowed: Allowed) -> Result<ApiVerdict> {
        let output = match self.program.compare(comparison, allowed)? {
            Ended::ByItself(output) => output,
            Ended::OutOfTime => {
                let minutes = self.limit.as_secs().div_ceil(60);
                return Ok(ApiVerdict::Unknown(format!("timed out after {minutes} minutes")));
            }
            Ended::Interrupted => return Err(stopped()),
        };
        Ok(match output.code {
            Some(COMPATIBLE) => ApiVerdict::Compatible,
            Some(VIOLATED) => ApiVerdict::Violated(output),
            Some(_) | None => ApiVerdict::Unknown(lints::why_not(&output)),
        })
    }
}

/// Passes on what the workers say, until they have said all. They end early when one fails.
fn hear(
    heard: &mpsc::Receiver<Word<'_>>,
    tell: &mut dyn FnMut(Notice<'_>) -> Result<()>,
) -> Result<BTreeMap<PackageName, ApiAnswer>> {
    let mut answers = BTreeMap::new();
    for word in heard {
        match word {
            Word::Asked(question) => tell(Notice::Asked(question))?,
            Word::Ended(question, answer, time) => {
                let answer = answer?;
                answers.insert(question.package.clone(), answer.clone());
                tell(Notice::Answered(question, answer, time))?;
            }
        }
    }
    Ok(answers)
}

enum ApiVerdict {
    Compatible,
    Violated(Output),
    Unknown(String),
}

fn stopped() -> Failure {
    Failure::interrupted("interrupted")
}
