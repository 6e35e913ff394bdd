//! Lengths of time as people write them: `15m`, `24h`, `7d`, `1h30m`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// A length of time, to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period(u64);

/// A text that is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a length of time: write a number and a unit, such as 30s, 15m, 24h, 7d or 1h30m")]
pub struct PeriodError(String);

/// The longest period that is accepted: a hundred years keeps all arithmetic far from overflow.
const LONGEST_MS: u64 = 100 * 365 * 86_400_000;

/// Units, longest first: the order in which a period is written.
const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl Period {
    /// No time at all.
    pub const ZERO: Period = Period(0);

    /// A period of so many milliseconds.
    pub const fn from_millis(millis: u64) -> Period {
        Period(millis)
    }

    /// A period of so many seconds.
    pub const fn from_secs(secs: u64) -> Period {
        Period(secs * 1000)
    }

    /// The whole period in milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Whether this is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As the standard library's duration.
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }

    /// The moment that lies this long after `start`; the end of time if that is sooner.
    pub fn after(self, start: jiff::Timestamp) -> jiff::Timestamp {
        start.checked_add(self.duration()).unwrap_or(jiff::Timestamp::MAX)
    }

    /// How long it is from `start` to `end`; nothing if `end` comes first.
    pub fn between(start: jiff::Timestamp, end: jiff::Timestamp) -> Period {
        Period(u64::try_from(end.as_millisecond() - start.as_millisecond()).unwrap_or(0))
    }

    /// The same period in its two largest units, for people: `3d4h`, `41m`, `12s`.
    pub fn rough(self) -> String {
        let Some(first) = UNITS.iter().position(|(_, size)| self.0 >= *size) else {
            return "0s".into();
        };
        let Some((_, smallest)) = UNITS.get(first + 1) else {
            return self.to_string();
        };
        Period(self.0 / smallest * smallest).to_string()
    }
}

impl std::str::FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let refuse = || PeriodError(text.to_owned());
        let mut rest = text;
        let mut total: u64 = 0;
        let mut last_size = u64::MAX;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(refuse)?;
            let (number, tail) = rest.split_at(digits);
            let unit_end = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(unit_end);
            let (_, size) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(refuse)?;
            // Units must come in order and once: `5m5m` and `5m1h` are more likely slips than wishes.
            if *size >= last_size {
                return Err(refuse());
            }
            let number: u64 = number.parse().map_err(|_| refuse())?;
            total = number
                .checked_mul(*size)
                .and_then(|ms| ms.checked_add(total))
                .ok_or_else(refuse)?;
            last_size = *size;
            rest = tail;
        }
        if text.is_empty() || total > LONGEST_MS {
            Err(refuse())
        } else {
            Ok(Period(total))
        }
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.pad("0s");
        }
        let mut text = String::new();
        let mut rest = self.0;
        for (unit, size) in UNITS {
            if rest >= size {
                text.push_str(&format!("{}{unit}", rest / size));
                rest %= size;
            }
        }
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_back_as_written() {
        for text in ["30s", "15m", "1d", "7d", "1h30m", "250ms", "1d2h3m4s5ms"] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.to_string(), text);
        }
        assert_eq!("24h".parse::<Period>().unwrap().to_string(), "1d");
        assert_eq!("0s".parse::<Period>().unwrap(), Period::ZERO);
    }

    #[test]
    fn slips_are_refused() {
        for text in [
            "",
            "15",
            "m",
            "5x",
            "5m5m",
            "5m1h",
            "-5m",
            "1.5h",
            "99999999999999999999d",
            "40000000d",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn rough_keeps_two_units() {
        assert_eq!("1d2h3m4s".parse::<Period>().unwrap().rough(), "1d2h");
        assert_eq!("41m9s200ms".parse::<Period>().unwrap().rough(), "41m9s");
        assert_eq!(Period::ZERO.rough(), "0s");
    }
}
