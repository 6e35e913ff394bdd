//! What a gate sees: one release, on its way to one environment, at one moment.

use gradus_model::{EnvironmentName, Evidence, People, Period, Release, Timestamp};

/// Everything that a gate may look at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The moment.
    pub now: Timestamp,
    /// The release.
    pub release: &'a Release,
    /// Where it comes from.
    pub from: Option<&'a EnvironmentName>,
    /// Where it goes.
    pub to: &'a EnvironmentName,
    /// What has been said about the release and was not revoked, in the order in which it came in.
    pub evidence: &'a [&'a Evidence],
    /// Where the release has been, and how long.
    pub stays: &'a [Stay],
    /// When each environment last changed.
    pub changes: &'a [(EnvironmentName, Timestamp)],
    /// When deliveries into each environment failed.
    pub failures: &'a [(EnvironmentName, Timestamp)],
    /// The release that is in the target now, and what has been said about it.
    pub there: Option<(&'a Release, &'a [&'a Evidence])>,
    /// Who is who.
    pub people: &'a People,
}

/// A stay of the release in an environment, counted from its verification there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Where.
    pub environment: EnvironmentName,
    /// Since when it was verified there.
    pub since: Timestamp,
    /// Until when it was there; none if it still is.
    pub until: Option<Timestamp>,
}

/// Why there is nothing to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Nothing was ever said.
    Nothing,
    /// Something was said, and its time is over.
    Stale(String),
    /// Something was said, by somebody or on an occasion that does not count.
    Foreign(String),
}

/// Which evidence a gate asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) kind: &'a str,
    pub(crate) name: Option<&'a str>,
    /// The environment it must have been measured in; none where that does not matter.
    pub(crate) place: Option<&'a str>,
    pub(crate) max_age: Option<Period>,
    /// What a measurement for this very gate is named; others' measurements asked something else.
    pub(crate) own: &'a str,
    /// The identities whose word counts; empty for anybody's.
    pub(crate) from: &'a [String],
}

/// Occasions on which anybody's code runs: what is measured then says nothing about what is released.
const OPEN_TO_ALL: [&str; 5] = [
    "pull_request",
    "pull_request_target",
    "merge_request_event",
    "external_pull_request_event",
    "fork",
];

/// Why a piece of evidence does not count, whatever it says.
fn foreign(evidence: &Evidence, from: &[String]) -> Option<String> {
    let producer = &evidence.producer;
    let open = producer
        .event
        .as_deref()
        .filter(|event| OPEN_TO_ALL.contains(event));
    if let Some(event) = open {
        return Some(format!("{} comes from a {event}", evidence.id));
    }
    let workflow = producer
        .workflow
        .as_deref()
        .map(|name| format!("{}/{name}", producer.identity));
    let named = |known: &String| *known == producer.identity || Some(known) == workflow.as_ref();
    let counts = producer.measured || from.is_empty() || from.iter().any(named);
    let who = workflow.as_deref().unwrap_or(&producer.identity);
    (!counts).then(|| format!("{} was handed in by {who}", evidence.id))
}

impl<'a> Look<'a> {
    /// The same look at the release that is in the target now.
    pub(crate) fn at_what_is_there(&self) -> Option<Look<'a>> {
        let (release, evidence) = self.there?;
        let there = None;
        Some(Look {
            release,
            evidence,
            there,
            ..*self
        })
    }

    /// The newest evidence of that kind that is about exactly this release. Newest is what came in
    /// last, whatever it says: an older pass never outweighs a newer failure.
    pub(crate) fn newest(&self, wanted: &Wanted<'_>) -> Result<&'a Evidence, Missing> {
        let digest = self.release.digest();
        let same_commit = |evidence: &Evidence| match (&evidence.subject.commit, &self.release.commit) {
            (Some(measured), Some(released)) => measured == released,
            _ => true,
        };
        let in_place = |evidence: &Evidence| match wanted.place {
            Some(place) => evidence
                .subject
                .environment
                .as_ref()
                .is_some_and(|here| here.as_str() == place),
            None => true,
        };
        let fits = |evidence: &&&Evidence| {
            let named = match evidence.producer.measured {
                true => evidence.name == wanted.own,
                false => wanted.name.is_none_or(|name| evidence.name == name),
            };
            evidence.kind == wanted.kind
                && named
                && evidence.subject.digest == digest
                && same_commit(evidence)
                && in_place(evidence)
        };
        let fitting = || self.evidence.iter().rev().filter(fits);
        let counts = |evidence: &&&Evidence| foreign(evidence, wanted.from).is_none();
        let Some(newest) = fitting().find(counts) else {
            let why = fitting().find_map(|evidence| foreign(evidence, wanted.from));
            return Err(why.map_or(Missing::Nothing, Missing::Foreign));
        };
        let age = Period::between(newest.taken_at, self.now);
        if newest.expires_at.is_some_and(|end| end <= self.now) {
            return Err(Missing::Stale(format!("{} expired", newest.id)));
        }
        match wanted.max_age {
            Some(limit) if age > limit => Err(Missing::Stale(format!(
                "{} is {} old, at most {limit} counts",
                newest.id,
                age.rough()
            ))),
            _ => Ok(newest),
        }
    }

    /// The longest the release has been in an environment, verified, without a break.
    pub(crate) fn longest_stay(&self, place: &str) -> Option<(Period, Option<Timestamp>)> {
        let stays = self
            .stays
            .iter()
            .filter(|stay| stay.environment.as_str() == place);
        let lengths = stays.map(|stay| {
            let running_since = stay.until.is_none().then_some(stay.since);
            (
                Period::between(stay.since, stay.until.unwrap_or(self.now)),
                running_since,
            )
        });
        lengths.max_by_key(|(length, _)| *length)
    }
}
