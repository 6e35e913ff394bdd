//! The real hands: git and HTTP.

use crate::Clock;
use crate::checks;
use crate::hands::{Hands, HandsError, Seen, Wrote};
use crate::steps::{self, Act, ActError};
use crate::{pulls, render};
use gradus_connect::argocd::{self, Live};
use gradus_connect::{Http, Reply, Request, Transport as _, Trouble};
use gradus_model::{
    Commit, FileAddress, Finding, Mode, Part, Repository, RepositoryName, Settings, Timestamp,
};
use gradus_parts::steps::Files;
use gradus_repo::{Credential, History, Message, Pushed, Repo, RepoError, Sight};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// How long a look at a cluster may take.
const LOOK: std::time::Duration = std::time::Duration::from_secs(20);

/// How many commits are looked at behind the last one that is known.
const LOOKED_AT: usize = 200;

/// Git repositories as the policy names them, with their caches in one folder.
pub struct RealHands {
    /// The folder for caches.
    pub caches: PathBuf,
    /// The folder that relative addresses start from: where the policy is.
    pub base: PathBuf,
    /// The way to other systems.
    pub transport: Http,
    /// The address of Prometheus, where the policy names one.
    pub prometheus: Option<String>,
    /// How to sign in to Argo CD.
    pub logins: Vec<steps::Login>,
    /// Whether programs may be run on this machine.
    pub programs: bool,
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// What proves to git servers who we are, by the beginning of their address.
    pub credentials: Vec<Credential>,
    /// The repositories.
    pub repositories: BTreeMap<RepositoryName, Repository>,
}

impl From<RepoError> for HandsError {
    fn from(error: RepoError) -> Self {
        HandsError {
            code: error.code(),
            message: error.to_string(),
            passing: error.is_passing(),
        }
    }
}

impl RealHands {
    /// A repository of the policy, as deliveries open it.
    pub fn repository(&self, name: &RepositoryName) -> Result<Repo, HandsError> {
        let unknown = || HandsError::lasting(format!("the policy knows no repository {name}"));
        let repository = self.repositories.get(name).ok_or_else(unknown)?;
        let url = if repository.url.contains(':') {
            repository.url.clone()
        } else {
            self.base.join(&repository.url).display().to_string()
        };
        let fitting = self
            .credentials
            .iter()
            .filter(|credential| url.starts_with(&credential.url));
        // The most exact one; what is for another server is never sent.
        let credential = fitting.max_by_key(|credential| credential.url.len()).cloned();
        let cache = self.caches.join(format!("{name}.git"));
        let repo = Repo::open(&cache, &url, &repository.branch)?;
        Ok(repo.signed_in(credential).marked_by(repository.marker))
    }
}

impl RealHands {
    /// Whether deliveries to a repository are pull requests.
    fn proposes(&self, name: &RepositoryName) -> bool {
        let repository = self.repositories.get(name);
        repository.is_some_and(|repository| repository.mode == Mode::PullRequest)
    }

    /// Notes how far the pull request of a marker is.
    fn asked(
        &self,
        repo: &Repo,
        marker: &str,
        (name, files): (&RepositoryName, &BTreeSet<FileAddress>),
        seen: &mut Seen,
    ) -> Result<(), HandsError> {
        let own = files.iter().filter(|file| file.repository == *name);
        let paths: Vec<&str> = own.map(|file| file.path.as_str()).collect();
        match pulls::asked(repo, marker, &paths)? {
            Some(Wrote::Done(commit)) => drop(seen.written.insert(name.clone(), commit)),
            Some(Wrote::Proposed(proposed)) => drop(seen.proposed.insert(name.clone(), proposed)),
            Some(Wrote::Overtaken) | None => {}
        }
        Ok(())
    }
}

impl Hands for RealHands {
    fn look(&self, files: &BTreeSet<FileAddress>, marker: Option<&str>) -> Result<Seen, HandsError> {
        let mut seen = Seen::default();
        let names: BTreeSet<_> = files.iter().map(|file| &file.repository).collect();
        for name in names {
            let repo = self.repository(name)?;
            let Sight { head, borne } = repo.see(marker)?;
            let proposes = self.proposes(name);
            if let Some(marker) = marker.filter(|_| proposes) {
                self.asked(&repo, marker, (name, files), &mut seen)?;
            }
            let own = files.iter().filter(|file| file.repository == *name);
            let (folders, own): (Vec<_>, Vec<_>) = own.partition(|file| file.path.ends_with('/'));
            for (folder, head) in folders
                .into_iter()
                .filter_map(|folder| Some((folder, head.as_ref()?)))
            {
                for (path, text) in repo.read_folder(head, &folder.path)? {
                    let repository = name.clone();
                    seen.files.insert(FileAddress { repository, path }, Some(text));
                }
            }
            for file in own {
                let text = match &head {
                    Some(head) => repo.read(head, &file.path)?,
                    None => None,
                };
                seen.files.insert(file.clone(), text);
            }
            seen.heads.insert(name.clone(), head);
            // What was asked for is written when it is merged, not when it is in some history.
            let borne = borne.filter(|_| !proposes);
            seen.written.extend(borne.map(|commit| (name.clone(), commit)));
        }
        Ok(seen)
    }

    fn before(
        &self,
        repository: &RepositoryName,
        commit: &Commit,
        files: &BTreeSet<FileAddress>,
    ) -> Result<Files, HandsError> {
        let repo = self.repository(repository)?;
        // Whoever wrote it has it; others may have to fetch it.
        let parent = match repo.parent(commit) {
            Ok(parent) => parent,
            Err(_) => repo.fetch().and_then(|_| repo.parent(commit))?,
        };
        let read = |file: &FileAddress| {
            let text = match &parent {
                Some(parent) => repo.read(parent, &file.path)?,
                None => None,
            };
            Ok((file.clone(), text))
        };
        files.iter().map(read).collect()
    }

    fn render(
        &self,
        repository: &RepositoryName,
        parent: Option<&Commit>,
        files: &BTreeMap<String, Option<String>>,
        folder: &str,
    ) -> Result<Option<String>, HandsError> {
        // A kustomization can name bases elsewhere: that is for whoever lets programs run here to allow.
        if !self.programs {
            return Ok(None);
        }
        let repo = self.repository(repository)?;
        let message = Message {
            text: "to be rendered".to_owned(),
            marker: String::new(),
            at: Timestamp::UNIX_EPOCH,
        };
        let commit = repo.commit(parent, files, &message)?;
        render::kustomize(&repo, &commit, folder, &self.caches)
    }

    fn history(
        &self,
        repository: &RepositoryName,
        files: &BTreeSet<&str>,
        known: &[Commit],
    ) -> Result<Option<History>, HandsError> {
        let repo = self.repository(repository)?;
        let Some(head) = repo.fetch()? else {
            return Ok(None);
        };
        let files: Vec<&str> = files.iter().copied().collect();
        for since in known.iter().rev() {
            if repo.contains(&head, since)? {
                return Ok(Some(repo.history(&head, Some(since), &files, LOOKED_AT)?));
            }
        }
        Ok(None)
    }

    fn marked(&self, repository: &RepositoryName, marker: &str) -> Result<Option<Commit>, HandsError> {
        match self.repository(repository)?.marker(marker) {
            // What cannot be a marker marks nothing.
            Err(RepoError::Name(..)) => Ok(None),
            found => Ok(found?),
        }
    }

    fn write(
        &self,
        repository: &RepositoryName,
        parent: Option<&Commit>,
        files: &BTreeMap<String, Option<String>>,
        marker: &str,
        (text, at): (&str, Timestamp),
    ) -> Result<Wrote, HandsError> {
        let proposes = self.proposes(repository);
        let repo = self.repository(repository)?;
        let commit = repo.commit(
            parent,
            files,
            &Message {
                text: text.to_owned(),
                marker: marker.to_owned(),
                at,
            },
        )?;
        if proposes {
            return pulls::propose(&repo, &commit, marker, (text, at));
        }
        Ok(match repo.push(&commit, parent, marker)? {
            Pushed::Done => Wrote::Done(commit),
            Pushed::Refused => Wrote::Overtaken,
        })
    }

    fn act(&self, act: &Act<'_>) -> Result<String, ActError> {
        let means = steps::Means {
            transport: &self.transport,
            logins: &self.logins,
            programs_in: self.programs.then_some(self.base.as_path()),
        };
        steps::act(act, &means)
    }

    fn live(&self, application: &Settings) -> Result<Live, Trouble> {
        let address =
            steps::argocd_address(application, &self.logins, &self.transport).map_err(Trouble::error)?;
        // Somebody may be waiting for the answer.
        let mut request = address.refresh();
        request.timeout = LOOK;
        argocd::live(&self.transport.send(&request)?)
    }

    fn ask(&self, request: &Request) -> Result<Reply, Trouble> {
        self.transport.send(request)
    }

    fn check(&self, part: &Part, before: Option<Timestamp>) -> Finding {
        let means = checks::Means {
            transport: &self.transport,
            prometheus: self.prometheus.as_deref(),
            now: &*self.clock,
            before,
            logins: &self.logins,
            programs_in: self.programs.then_some(self.base.as_path()),
        };
        checks::check(part, &means)
    }
}
