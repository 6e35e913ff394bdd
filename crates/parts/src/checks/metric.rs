//! `metric`: does a number stay as it should be for a while?

use super::Check;
use crate::{Field, Shape};

pub(super) static CHECK: Check = Check {
    name: "metric",
    about: "A number that a query gives is as it should be, again and again for a while.",
    fields: &[
        Field::required(
            "query",
            "The query, in PromQL, that gives one number.",
            Shape::Text,
        ),
        Field::required("pass_when", "When it passes: < 0.5, >= 99, == 0.", Shape::Text),
        Field::optional(
            "fail_when",
            "When it fails; whenever it does not pass, if left out. Between the two it is inconclusive.",
            Shape::Text,
        ),
        Field::optional(
            "no_more_than_before",
            "By how much it may be above what it was when the delivery began: 20%.",
            Shape::Percent,
        ),
        Field::optional(
            "no_less_than_before",
            "By how much it may be below what it was when the delivery began: 5%.",
            Shape::Percent,
        ),
        Field::optional(
            "for",
            "How long it is looked at; once, if left out.",
            Shape::Period,
        ),
        Field::optional("every", "How often; 30s if left out.", Shape::Period),
        Field::optional(
            "failure_limit",
            "How many measurements may fail; none, if left out.",
            Shape::Count { least: 0 },
        ),
        Field::optional(
            "inconclusive_limit",
            "How many may be inconclusive or without data; none, if left out.",
            Shape::Count { least: 0 },
        ),
        Field::optional(
            "consecutive_error_limit",
            "How many may go wrong one after the other; 4, if left out.",
            Shape::Count { least: 0 },
        ),
    ],
};
