//! People: one human is one human, whatever identities they use.

use super::Who;
use crate::{PersonName, TeamName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Who is who, and how strictly they are kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct People {
    /// Everybody that the policy knows, people and machines.
    pub known: BTreeMap<PersonName, Person>,
    /// Who is in which team.
    pub teams: BTreeMap<TeamName, BTreeSet<PersonName>>,
    /// Whether somebody may agree to what they asked for themselves.
    pub self_approval: bool,
    /// Whether somebody may agree to a release that holds their commits.
    pub author_approval: bool,
}

/// One human or machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Person {
    /// The identities that belong to them, beside their name.
    pub identities: BTreeSet<String>,
    /// Whether this is a machine; machines never approve.
    pub machine: bool,
}

impl People {
    /// The person behind an identity. Letter case does not make another human.
    pub fn who(&self, identity: &str) -> Option<(&PersonName, &Person)> {
        let same = |other: &str| other.eq_ignore_ascii_case(identity);
        self.known
            .iter()
            .find(|(name, person)| same(name.as_str()) || person.identities.iter().any(|other| same(other)))
    }

    /// Whether a person belongs to a set of people.
    pub fn includes(&self, who: &Who, person: Option<&PersonName>) -> bool {
        match who {
            Who::Anyone => true,
            Who::Nobody => false,
            Who::Teams(teams) => {
                person.is_some_and(|person| teams.iter().any(|team| self.is_member(team, person)))
            }
        }
    }

    /// Whether a person is in a team.
    pub fn is_member(&self, team: &TeamName, person: &PersonName) -> bool {
        self.teams
            .get(team)
            .is_some_and(|members| members.contains(person))
    }
}
