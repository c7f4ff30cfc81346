//! Reads all commits of a repository on several processors. What is read is put in order elsewhere ([`super::graph`]), and
//! read there where it is missing here: this only makes it faster.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;

use crate::error::Result;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::GitCommit;
use crate::tools::git::read::Oid;

/// Commits that were read, by their ids.
pub(crate) type ReadCommits = HashMap<Oid, GitCommit>;

/// More threads than this wait for each other: what takes time is to inflate, and what is shared is small.
const THREADS: usize = 4;

/// The commits that nobody reads yet, and those that somebody has read or reads.
struct Frontier {
    state: Mutex<State>,
    /// There is more to read, or nothing any more.
    changed: Condvar,
}

struct State {
    open: Vec<Oid>,
    seen: HashSet<Oid>,
    at_work: usize,
}

/// These commits and all their ancestors. What is no commit, or cannot be read, is left out.
///
/// # Errors
/// The repository cannot be opened once more.
pub(crate) fn read(git: &Checkout, starts: &[Oid]) -> Result<ReadCommits> {
    let open: Vec<Oid> = starts.iter().rev().copied().collect();
    let state = State { seen: open.iter().copied().collect(), open, at_work: 0 };
    let frontier = Frontier { state: Mutex::new(state), changed: Condvar::new() };
    let processors = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    thread::scope(|scope| {
        let frontier = &frontier;
        let others = (1..processors).map(|_| git.again()).collect::<Result<Vec<_>>>()?;
        let others: Vec<_> = others.into_iter().map(|git| scope.spawn(move || frontier.work(&git))).collect();
        let mut all = frontier.work(git);
        for other in others {
            // What a thread that panicked has read is missing, and is read later.
            all.extend(other.join().unwrap_or_default());
        }
        Ok(all)
    })
}

impl Frontier {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads until nothing is open and nobody can find more.
    fn work(&self, git: &Checkout) -> ReadCommits {
        let mut read = ReadCommits::new();
        while let Some(start) = self.next() {
            self.line(git, start, &mut read);
            self.rest();
        }
        read
    }

    /// Reads a commit, its first parent, and so on: a history without merges does not go from hand to hand.
    fn line(&self, git: &Checkout, start: Oid, read: &mut ReadCommits) {
        let mut at = Some(start);
        while let Some((id, commit)) = at.and_then(|id| Some((id, git.commit(id).ok()?))) {
            at = self.meet(&commit.parents);
            read.insert(id, commit);
        }
    }

    /// The next start.
    fn next(&self) -> Option<Oid> {
        let mut state = self.lock();
        loop {
            if let Some(id) = state.open.pop() {
                state.at_work += 1;
                return Some(id);
            }
            if state.at_work == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The first of these parents that nobody has seen; the others are for whoever has time.
    fn meet(&self, parents: &[Oid]) -> Option<Oid> {
        let mut state = self.lock();
        let mut new =
            parents.iter().copied().filter(|parent| state.seen.insert(*parent)).collect::<Vec<_>>().into_iter();
        let first = new.next();
        let open = state.open.len();
        state.open.extend(new);
        if state.open.len() > open {
            self.changed.notify_one();
        }
        first
    }

    /// A line has come to its end.
    fn rest(&self) {
        let mut state = self.lock();
        state.at_work -= 1;
        if state.at_work == 0 {
            self.changed.notify_all();
        }
    }
}
