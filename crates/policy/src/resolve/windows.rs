//! Calendars.

use super::Sources;
use crate::grammar::DAYS;
use crate::node::Node;
use crate::problem::Problems;
use gradus_model::{Calendar, Slot, WindowName};
use jiff::civil::{Date, DateTime, Time};
use std::collections::BTreeMap;

pub(super) fn windows(sources: &Sources<'_>, problems: &mut Problems) -> BTreeMap<WindowName, Calendar> {
    let mut all = BTreeMap::new();
    for (key, node) in sources.entries("windows") {
        let Some(name) = key.as_text().and_then(|text| WindowName::new(text).ok()) else {
            continue;
        };
        let zone = node.get("zone");
        let text = zone.and_then(Node::as_text).unwrap_or_default();
        if let Some(zone) = zone.filter(|_| jiff::tz::TimeZone::get(text).is_err()) {
            let message =
                format!("no time zone is called {text}: use an IANA name, such as Europe/Berlin or UTC");
            problems.at(zone, "policy.zone", message);
        }
        let mut slots = |key: &str| -> Vec<Slot> {
            let items = node.get(key).map(Node::items).unwrap_or_default().iter();
            items.filter_map(|item| slot(item, problems)).collect()
        };
        let calendar = Calendar {
            zone: text.to_owned(),
            allow: slots("allow"),
            deny: slots("deny"),
        };
        all.insert(name, calendar);
    }
    all
}

fn slot(node: &Node, problems: &mut Problems) -> Option<Slot> {
    let (from, to) = (node.get("from")?, node.get("to")?);
    let days = node.get("days");
    let slot = match days {
        Some(days) => {
            let number = |day: &Node| DAYS.iter().position(|known| Some(*known) == day.as_text());
            let days = days
                .items()
                .iter()
                .filter_map(number)
                .filter_map(|at| i8::try_from(at + 1).ok())
                .collect();
            time(from)
                .zip(time(to))
                .map(|(from, to)| Slot::Weekly { days, from, to })
        }
        None => {
            let reason = node
                .get("reason")
                .and_then(Node::as_text)
                .unwrap_or_default()
                .to_owned();
            let ends = moment(from).zip(moment(to)).filter(|(from, to)| from < to);
            ends.map(|(from, to)| Slot::Once { from, to, reason })
        }
    };
    if slot.is_none() {
        let wanted = if days.is_some() {
            "two times of day, such as \"09:00\" and \"17:00\""
        } else {
            "two dates or moments, the first before the second, such as 2026-12-20 and 2027-01-04T12:00"
        };
        problems.at(from, "policy.slot", format!("from and to should be {wanted}"));
    }
    slot
}

fn time(node: &Node) -> Option<Time> {
    match node.as_text()? {
        "24:00" => Some(Time::midnight()),
        text => text.parse().ok(),
    }
}

fn moment(node: &Node) -> Option<DateTime> {
    let text = node.as_text()?;
    text.parse::<DateTime>()
        .ok()
        .or_else(|| Some(text.parse::<Date>().ok()?.to_datetime(Time::midnight())))
}
