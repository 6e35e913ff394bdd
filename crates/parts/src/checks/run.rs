//! `run`: a smoke test of your own.

use super::Check;
use crate::{Field, Shape};

pub(super) static CHECK: Check = Check {
    name: "run",
    about: "A program on this machine ends with 0, if the server's settings allow programs. A smoke test of your own.",
    fields: &[
        Field::required(
            "command",
            "The program and its arguments, each by itself.",
            Shape::List {
                of: &Shape::Text,
                least: 1,
            },
        ),
        Field::optional("within", "How long it may take; 5m if left out.", Shape::Period),
    ],
};
