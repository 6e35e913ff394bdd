//! Calendars: is delivery allowed now, and when next?

use gradus_model::{Calendar, Slot, Timestamp};
use jiff::civil::{Date, DateTime, Time};
use jiff::{ToSpan, tz::TimeZone};

/// How far ahead the next opening is looked for.
const HORIZON_DAYS: i64 = 400;

/// Whether a calendar is open, and when that changes or why it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// Delivery is allowed.
    Open,
    /// It is not; the next moment at which it is, if there is one within a year.
    Closed {
        /// When it opens.
        opens: Option<Timestamp>,
        /// The reason that the calendar gives, or an empty text.
        reason: String,
    },
    /// The calendar names a time zone that this build does not know.
    Unreadable(String),
}

/// What a calendar says at a moment.
pub fn opening(calendar: &Calendar, now: Timestamp) -> Opening {
    let Ok(zone) = TimeZone::get(&calendar.zone) else {
        return Opening::Unreadable(format!("no time zone is called {}", calendar.zone));
    };
    if is_open(calendar, &zone, now) {
        return Opening::Open;
    }
    let reason = calendar
        .deny
        .iter()
        .find(|slot| covers(slot, &zone, now))
        .map(reason)
        .unwrap_or_default();
    // It can only open where some slot begins or ends, so only those moments are looked at.
    let mut edges = edges(calendar, &zone, now);
    edges.sort();
    Opening::Closed {
        opens: edges.into_iter().find(|edge| is_open(calendar, &zone, *edge)),
        reason,
    }
}

fn reason(slot: &Slot) -> String {
    match slot {
        Slot::Weekly { .. } => String::new(),
        Slot::Once { reason, .. } => reason.clone(),
    }
}

/// Denied beats allowed; where nothing is allowed explicitly, everything else is.
fn is_open(calendar: &Calendar, zone: &TimeZone, at: Timestamp) -> bool {
    let any = |slots: &[Slot]| slots.iter().any(|slot| covers(slot, zone, at));
    !any(&calendar.deny) && (calendar.allow.is_empty() || any(&calendar.allow))
}

fn covers(slot: &Slot, zone: &TimeZone, at: Timestamp) -> bool {
    let inside = |(from, to): (Timestamp, Timestamp)| from <= at && at < to;
    match slot {
        Slot::Once { from, to, .. } => inside((moment(zone, *from), moment(zone, *to))),
        Slot::Weekly { days, from, to } => {
            let today = zone.to_datetime(at).date();
            // A slot that runs over midnight began yesterday.
            let begins = [today.yesterday().ok(), Some(today)].into_iter().flatten();
            let mut spans = begins.filter_map(|day| span(days, *from, *to, zone, day));
            spans.any(inside)
        }
    }
}

/// The weekly slot that begins on a day, if one does.
fn span(days: &[i8], from: Time, to: Time, zone: &TimeZone, day: Date) -> Option<(Timestamp, Timestamp)> {
    if !Slot::begins_on(days, day.weekday()) {
        return None;
    }
    let end_day = if to <= from { day.tomorrow().ok()? } else { day };
    Some((
        moment(zone, day.to_datetime(from)),
        moment(zone, end_day.to_datetime(to)),
    ))
}

/// A local time as a moment. In a gap it is the time after it, in an overlap the first of the two.
fn moment(zone: &TimeZone, local: DateTime) -> Timestamp {
    zone.to_ambiguous_timestamp(local)
        .compatible()
        .unwrap_or(Timestamp::MAX)
}

/// Every moment after `now` at which a slot begins or ends.
fn edges(calendar: &Calendar, zone: &TimeZone, now: Timestamp) -> Vec<Timestamp> {
    let today = zone.to_datetime(now).date();
    let mut edges = Vec::new();
    for slot in calendar.allow.iter().chain(&calendar.deny) {
        match slot {
            Slot::Once { from, to, .. } => edges.extend([moment(zone, *from), moment(zone, *to)]),
            Slot::Weekly { days, from, to } => {
                let ahead = (-1..HORIZON_DAYS).filter_map(|n| today.checked_add(n.days()).ok());
                let spans = ahead.filter_map(|day| span(days, *from, *to, zone, day));
                edges.extend(spans.flat_map(|(from, to)| [from, to]));
            }
        }
    }
    edges.retain(|edge| *edge > now);
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn office() -> Calendar {
        Calendar {
            zone: "Europe/Berlin".into(),
            allow: vec![Slot::Weekly {
                days: vec![1, 2, 3, 4, 5],
                from: "09:00".parse().unwrap(),
                to: "17:00".parse().unwrap(),
            }],
            deny: vec![Slot::Once {
                from: "2026-12-20T00:00".parse().unwrap(),
                to: "2027-01-04T00:00".parse().unwrap(),
                reason: "year end".into(),
            }],
        }
    }

    #[test]
    fn office_hours_follow_the_zone_through_daylight_saving() {
        // 08:30 UTC is 09:30 in winter and 10:30 in summer; 07:30 UTC is 09:30 only in summer.
        assert_eq!(opening(&office(), at("2026-01-12T08:30:00Z")), Opening::Open);
        assert_eq!(opening(&office(), at("2026-07-13T07:30:00Z")), Opening::Open);
        let closed = opening(&office(), at("2026-01-12T07:30:00Z"));
        assert_eq!(
            closed,
            Opening::Closed {
                opens: Some(at("2026-01-12T08:00:00Z")),
                reason: String::new()
            }
        );
    }

    #[test]
    fn denied_beats_allowed_and_says_when_it_ends() {
        let closed = opening(&office(), at("2026-12-21T10:00:00Z"));
        let opens = Some(at("2027-01-04T08:00:00Z"));
        assert_eq!(
            closed,
            Opening::Closed {
                opens,
                reason: "year end".into()
            }
        );
    }

    #[test]
    fn a_slot_may_run_over_midnight() {
        let night = Slot::Weekly {
            days: vec![5],
            from: "22:00".parse().unwrap(),
            to: "02:00".parse().unwrap(),
        };
        let calendar = Calendar {
            zone: "UTC".into(),
            allow: vec![night],
            deny: vec![],
        };
        assert_eq!(opening(&calendar, at("2026-11-21T01:59:00Z")), Opening::Open); // Saturday, 01:59
        assert!(matches!(
            opening(&calendar, at("2026-11-21T02:00:00Z")),
            Opening::Closed { .. }
        ));
    }

    #[test]
    fn an_unknown_zone_never_opens() {
        let calendar = Calendar {
            zone: "Mars/Olympus".into(),
            allow: vec![],
            deny: vec![],
        };
        assert!(matches!(
            opening(&calendar, at("2026-11-21T02:00:00Z")),
            Opening::Unreadable(_)
        ));
    }
}
