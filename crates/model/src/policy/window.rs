//! Calendars: when something may be delivered.

use crate::WindowName;
use jiff::civil::{DateTime, Time, Weekday};
use serde::{Deserialize, Serialize};

/// Allowed and denied times, read in one time zone. Denied beats allowed; where nothing is
/// allowed explicitly, everything is that is not denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The IANA name of the zone, such as `Europe/Berlin`.
    pub zone: String,
    /// When delivery is allowed.
    pub allow: Vec<Slot>,
    /// When it is not, whatever else is allowed.
    pub deny: Vec<Slot>,
}

/// A stretch of time: one that returns every week, or one in the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// On these days of the week, between two times of day. A slot that ends before it begins
    /// runs over midnight.
    Weekly {
        /// The days on which it begins: 1 for Monday to 7 for Sunday.
        days: Vec<i8>,
        /// When it begins.
        from: Time,
        /// When it ends; midnight means the end of the day.
        to: Time,
    },
    /// Once, between two moments of local time.
    Once {
        /// When it begins.
        from: DateTime,
        /// When it ends.
        to: DateTime,
        /// Why, for those who run into it.
        reason: String,
    },
}

impl Slot {
    /// Whether a weekly slot begins on that day.
    pub fn begins_on(days: &[i8], day: Weekday) -> bool {
        days.contains(&day.to_monday_one_offset())
    }
}

/// A calendar by its name, as the rules of a step carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowUse {
    /// Its name in the policy.
    pub name: WindowName,
    /// What it says.
    pub calendar: Calendar,
}
