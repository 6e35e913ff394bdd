//! A repository in memory, with the promises of the real one, and parts that misbehave.

use crate::deed::Trouble;
use gradus_connect::argocd::Live;
use gradus_connect::{Reply, Request};
use gradus_model::{Answer, Commit, FileAddress, Finding, Part, RepositoryName, Settings, Timestamp, Why};
use gradus_parts::steps::Files;
use gradus_runtime::{Claim, Hands, HandsError, History, Proposed, Seen, Touch, Wrote};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// What others do while a worker is stopped in the middle of writing.
type Meanwhile = Box<dyn Fn(&Repository) + Send>;

/// A repository with one branch: a write is refused if the branch has moved or the marker exists.
#[derive(Default)]
pub struct Repository(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    files: BTreeMap<FileAddress, String>,
    head: u64,
    /// What the files were before each commit that bears a marker.
    history: BTreeMap<u64, BTreeMap<FileAddress, String>>,
    markers: BTreeMap<String, u64>,
    written: Vec<(String, String)>,
    /// What others have committed: the number of the commit, and the file.
    outside: Vec<(u64, String)>,
    trouble: Trouble,
    meanwhile: Option<Meanwhile>,
}

fn commit(number: u64) -> Commit {
    Commit::new(format!("{number:040x}")).unwrap()
}

fn number(commit: &Commit) -> u64 {
    u64::from_str_radix(commit.as_str(), 16).unwrap()
}

fn name() -> RepositoryName {
    RepositoryName::new("deploy").unwrap()
}

impl Repository {
    /// Sets what goes wrong from now on.
    pub(crate) fn trouble(&self, trouble: Trouble) {
        self.0.lock().unwrap().trouble = trouble;
    }

    /// Sets what others do the next time a worker is stopped while it writes.
    pub(crate) fn meanwhile(&self, others: Meanwhile) {
        self.0.lock().unwrap().meanwhile = Some(others);
    }

    /// Every commit that was ever made through the hands: its marker and its message.
    pub fn written(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap().written.clone()
    }

    /// A commit by somebody else.
    pub(crate) fn outside(&self, path: &str) {
        let mut inside = self.0.lock().unwrap();
        inside.head += 1;
        let text = format!("by hand: {}\n", inside.head);
        let repository = name();
        let path = path.to_owned();
        let number = inside.head;
        inside.outside.push((number, path.clone()));
        inside.files.insert(FileAddress { repository, path }, text);
    }

    fn stopped(&self) -> Option<Meanwhile> {
        let mut inside = self.0.lock().unwrap();
        let pauses = inside.trouble == Trouble::Pause;
        pauses.then(|| inside.meanwhile.take()).flatten()
    }
}

/// What is asked for while somebody must let every delivery in.
fn asked() -> Proposed {
    Proposed::Open("somebody must let it in".to_owned())
}

fn passing<T>(message: &str) -> Result<T, HandsError> {
    Err(HandsError::passing(message))
}

impl Hands for Repository {
    fn look(&self, files: &BTreeSet<FileAddress>, marker: Option<&str>) -> Result<Seen, HandsError> {
        let inside = self.0.lock().unwrap();
        let files = files
            .iter()
            .map(|file| (file.clone(), inside.files.get(file).cloned()));
        let head = (inside.head > 0).then(|| commit(inside.head));
        let written = marker.and_then(|marker| inside.markers.get(marker));
        let written = written.map(|number| (name(), commit(*number)));
        Ok(Seen {
            files: files.collect(),
            heads: BTreeMap::from([(name(), head)]),
            written: written.into_iter().collect(),
            proposed: BTreeMap::new(),
        })
    }

    fn before(
        &self,
        _: &RepositoryName,
        of: &Commit,
        files: &BTreeSet<FileAddress>,
    ) -> Result<Files, HandsError> {
        let inside = self.0.lock().unwrap();
        let mut history = inside.history.iter();
        let before = history
            .find(|(number, _)| commit(**number) == *of)
            .map(|(_, files)| files);
        let text = |file: &FileAddress| before.and_then(|before| before.get(file).cloned());
        Ok(files.iter().map(|file| (file.clone(), text(file))).collect())
    }

    fn render(
        &self,
        _: &RepositoryName,
        _: Option<&Commit>,
        _: &BTreeMap<String, Option<String>>,
        _: &str,
    ) -> Result<Option<String>, HandsError> {
        Ok(None)
    }

    fn history(
        &self,
        _: &RepositoryName,
        files: &BTreeSet<&str>,
        known: &[Commit],
    ) -> Result<Option<History>, HandsError> {
        let inside = self.0.lock().unwrap();
        let since = known.last().map_or(0, number);
        let later = inside.outside.iter().rev();
        let later = later.filter(|(number, path)| *number > since && files.contains(path.as_str()));
        let touches = later.map(|(number, path)| Touch {
            commit: commit(*number),
            parents: Vec::new(),
            author: "somebody".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            subject: "by hand".to_owned(),
            claim: Claim::default(),
            // Each writes what nobody wrote before.
            changes: BTreeMap::from([(path.clone(), ((number - 1).to_string(), number.to_string()))]),
        });
        let (touches, more) = (touches.collect(), false);
        Ok((!known.is_empty()).then_some(History { touches, more }))
    }

    fn marked(&self, _: &RepositoryName, marker: &str) -> Result<Option<Commit>, HandsError> {
        let inside = self.0.lock().unwrap();
        Ok(inside.markers.get(marker).map(|number| commit(*number)))
    }

    fn write(
        &self,
        repository: &RepositoryName,
        parent: Option<&Commit>,
        files: &BTreeMap<String, Option<String>>,
        marker: &str,
        message: (&str, Timestamp),
    ) -> Result<Wrote, HandsError> {
        if self.0.lock().unwrap().trouble == Trouble::Asks {
            return Ok(Wrote::Proposed(asked()));
        }
        if let Some(others) = self.stopped() {
            others(self);
        }
        let mut inside = self.0.lock().unwrap();
        let back = inside.trouble == Trouble::NoWayBack && marker.contains("-back-");
        if back || inside.trouble == Trouble::LineDown {
            return passing("the line is down");
        }
        let head = (inside.head > 0).then(|| commit(inside.head));
        if parent != head.as_ref() || inside.markers.contains_key(marker) {
            return Ok(Wrote::Overtaken);
        }
        inside.head += 1;
        let number = inside.head;
        let before = inside.files.clone();
        inside.history.insert(number, before);
        inside.markers.insert(marker.to_owned(), number);
        inside.written.push((marker.to_owned(), message.0.to_owned()));
        for (path, text) in files {
            let address = FileAddress {
                repository: repository.clone(),
                path: path.clone(),
            };
            match text {
                Some(text) => inside.files.insert(address, text.clone()),
                None => inside.files.remove(&address),
            };
        }
        if inside.trouble == Trouble::AnswerLost {
            return passing("the line went down");
        }
        Ok(Wrote::Done(commit(number)))
    }

    fn check(&self, part: &Part, _: Option<Timestamp>) -> Finding {
        let inside = self.0.lock().unwrap();
        // It is the new release that is bad, not the one that comes back.
        let back = inside
            .written
            .last()
            .is_some_and(|(marker, _)| marker.contains("-back-"));
        let answer = match inside.trouble {
            Trouble::Unhealthy if back => Answer::Pass,
            Trouble::Unhealthy | Trouble::NoWayBack => Answer::Fail,
            Trouble::OneTarget if part.settings.text("url").is_some_and(|url| url.contains("three")) => {
                Answer::Fail
            }
            Trouble::Silent => Answer::Unknown(Why::Error),
            _ => Answer::Pass,
        };
        Finding {
            check: part.kind.clone(),
            answer,
            wanted: String::new(),
            observed: String::new(),
            target: None,
        }
    }

    fn act(&self, _: &gradus_runtime::Act<'_>) -> Result<String, gradus_runtime::ActError> {
        Ok(String::new())
    }

    fn live(&self, _: &Settings) -> Result<Live, gradus_connect::Trouble> {
        Err(gradus_connect::Trouble::error(
            "there is no cluster in this world",
        ))
    }

    fn ask(&self, _: &Request) -> Result<Reply, gradus_connect::Trouble> {
        Err(gradus_connect::Trouble::error(
            "there is nobody to ask in this world",
        ))
    }
}
