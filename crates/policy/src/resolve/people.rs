//! People: teams, identities, machines.

use super::Sources;
use crate::node::Node;
use crate::problem::Problems;
use gradus_model::{People, PersonName, TeamName};

pub(super) fn people(sources: &Sources<'_>, problems: &mut Problems) -> People {
    let mut people = People::default();
    let person = |node: &Node| PersonName::new(node.as_text()?).ok();
    for (key, members) in sources
        .fields("people", "teams")
        .into_iter()
        .flat_map(Node::pairs)
    {
        let Some(team) = key.as_text().and_then(|text| TeamName::new(text).ok()) else {
            continue;
        };
        let members: Vec<PersonName> = members.items().iter().filter_map(person).collect();
        for member in &members {
            people.known.entry(member.clone()).or_default();
        }
        people.teams.entry(team).or_default().extend(members);
    }
    for (key, identities) in sources
        .fields("people", "identities")
        .into_iter()
        .flat_map(Node::pairs)
    {
        let Some(name) = person(key) else { continue };
        people.known.entry(name.clone()).or_default();
        for identity in identities.items() {
            let Some(text) = identity.as_text() else { continue };
            if let Some((other, _)) = people.who(text).filter(|(other, _)| **other != name) {
                let message = format!("{text} belongs to {other} already: one identity is one human");
                problems.at(identity, "policy.shared_identity", message);
                continue;
            }
            if let Some(known) = people.known.get_mut(&name) {
                known.identities.insert(text.to_owned());
            }
        }
    }
    for machine in sources
        .fields("people", "machines")
        .into_iter()
        .flat_map(Node::items)
    {
        if let Some(name) = person(machine) {
            people.known.entry(name).or_default().machine = true;
        }
    }
    let yes = |key: &str| {
        sources
            .fields("people", key)
            .iter()
            .any(|node| node.as_text() == Some("true"))
    };
    people.self_approval = yes("self_approval");
    people.author_approval = yes("author_approval");
    people
}
