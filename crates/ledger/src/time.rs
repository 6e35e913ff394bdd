//! Time as the ledger keeps it: to the microsecond, which is what every database can keep.

use gradus_model::Timestamp;

/// The microseconds since 1970.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The time of so many microseconds since 1970; the end of time for what lies outside it.
pub(crate) fn from_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}

/// The last whole microsecond up to `at`.
pub(crate) fn floor(at: Timestamp) -> Timestamp {
    from_micros(micros(at))
}

/// The first whole microsecond from `at` on.
pub(crate) fn ceil(at: Timestamp) -> Timestamp {
    let floor = floor(at);
    if floor == at {
        floor
    } else {
        from_micros(micros(at) + 1)
    }
}
