//! Live gates that are asked again after a delivery, about the environment itself: what keeps a release
//! from going on must not begin behind its back.

use super::Check;
use crate::gates;

macro_rules! checks {
    ($($name:ident = $gate:ident: $about:literal;)*) => {$(
        pub(super) static $name: Check = Check {
            name: gates::$gate::GATE.name,
            about: $about,
            fields: gates::$gate::GATE.fields,
        };
    )*};
}

checks! {
    ALERTS = alerts: "No more than this many alerts of each severity are firing there.";
    SLO = slo: "Its objectives are met there, measured over a window.";
    ERROR_BUDGET = error_budget: "Its error budget is not spent, and does not burn.";
}
