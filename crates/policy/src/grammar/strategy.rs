//! How a delivery proceeds, as it is written.

use gradus_parts::steps::LEAF;
use gradus_parts::{Field, NameOf, Shape};

const NAMES_OF_TARGETS: Shape = Shape::List {
    of: &Shape::Name(NameOf::Target),
    least: 1,
};

pub(super) const TARGETS: Shape = Shape::Either(&[
    NAMES_OF_TARGETS,
    Shape::Map {
        key: NameOf::Target,
        of: &Shape::Map {
            key: NameOf::Value,
            of: &Shape::Text,
        },
    },
]);

const SHARE: Shape = Shape::Record(&[
    Field::required("weight", "The share of the traffic, in per cent.", Shape::Percent),
    Field::optional(
        "hold",
        "How long it stays so, and must stay good; only at once, if left out.",
        Shape::Period,
    ),
    Field::optional("pause", "Whether a human must say that it goes on.", Shape::Flag),
]);

const CANARY: Shape = Shape::Record(&[
    Field::required(
        "steps",
        "The shares of the traffic, in order.",
        Shape::List { of: &SHARE, least: 1 },
    ),
    Field::required(
        "shift",
        "What sets a share: ${weight} is filled in.",
        Shape::Steps,
    ),
    Field::optional(
        "verify",
        "What is checked at each share; what the environment verifies, if left out.",
        Shape::Checks,
    ),
    Field::optional("finish", "What is done when every share was good.", Shape::Steps),
]);

const BLUE_GREEN: Shape = Shape::Record(&[
    Field::required(
        "live",
        "The value in a file that says which colour is live: reading it tells, writing it switches.",
        Shape::Record(&LEAF),
    ),
    Field::optional(
        "colours",
        "The two names; blue and green, if left out.",
        Shape::List {
            of: &Shape::Text,
            least: 2,
        },
    ),
    Field::optional(
        "verify",
        "What is checked before the switch: ${colour} is the one that is not live yet.",
        Shape::Checks,
    ),
    Field::optional(
        "keep",
        "How long the old one stays ready behind the new one.",
        Shape::Period,
    ),
    Field::optional(
        "retire",
        "What is done to the old one after that: ${colour} is its name.",
        Shape::Steps,
    ),
]);

const WAVES: Shape = Shape::Record(&[
    Field::required(
        "order",
        "The targets of each wave.",
        Shape::List {
            of: &NAMES_OF_TARGETS,
            least: 1,
        },
    ),
    Field::optional("hold", "How long each wave must stay good.", Shape::Period),
    Field::optional(
        "pause",
        "Whether a human must say that the next one goes.",
        Shape::Flag,
    ),
    Field::optional(
        "failures",
        "How many targets may fail without stopping the others; none, if left out. In the end a human looks at them.",
        Shape::Count { least: 0 },
    ),
]);

pub(super) const STRATEGY: Shape = Shape::Either(&[
    Shape::Choice(&["direct"]),
    Shape::Record(&[
        Field::optional("canary", "A growing share of the traffic.", CANARY),
        Field::optional(
            "blue_green",
            "Beside what runs, and then the switch: ${colour} is filled in.",
            BLUE_GREEN,
        ),
        Field::optional(
            "waves",
            "Some targets first, the others when those are good.",
            WAVES,
        ),
    ]),
]);

pub(super) const OBSERVE: Shape = Shape::Record(&[
    Field::optional(
        "for",
        "How long the checks must hold before a delivery is good; once, if left out.",
        Shape::Period,
    ),
    Field::optional(
        "every",
        "How often they are asked; 30s, if left out.",
        Shape::Period,
    ),
    Field::optional(
        "failures",
        "How many times they may fail before it counts; none, if left out.",
        Shape::Count { least: 0 },
    ),
    Field::optional(
        "afterwards",
        "How long the environment is watched after that; a failure then is a failure as well.",
        Shape::Period,
    ),
]);
