//! `probe`: do enough requests succeed, and fast enough?

use super::Check;
use crate::{Field, Shape};

pub(super) static CHECK: Check = Check {
    name: "probe",
    about: "Of so many requests to this address, few enough fail, and they are fast enough. A smoke test that measures.",
    fields: &[
        Field::required("url", "The address, http or https.", Shape::Text),
        Field::optional(
            "requests",
            "How many requests to make; 20 if left out.",
            Shape::Count { least: 1 },
        ),
        Field::optional(
            "error_rate",
            "The share of them that may fail; none, if left out.",
            Shape::Percent,
        ),
        Field::optional(
            "p95_ms",
            "The 95th percentile of their times, in milliseconds, at most.",
            Shape::Number,
        ),
        Field::optional(
            "every",
            "How long to wait between two of them; 50ms if left out.",
            Shape::Period,
        ),
    ],
};
