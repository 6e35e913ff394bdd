//! What a policy looks like: the language of `gradus.yaml`, as data.
//!
//! The checker reads it, and so does the JSON Schema, so that neither knows anything that the
//! other does not. The parts (gates, steps, checks) bring their own tables.

mod strategy;

use gradus_parts::{Field, NameOf, Shape};
use strategy::{OBSERVE, STRATEGY, TARGETS};

const NAMES_OF_TEAMS: Shape = Shape::List {
    of: &Shape::Name(NameOf::Team),
    least: 0,
};
const WHO: Shape = Shape::Either(&[Shape::Choice(&["anyone", "nobody"]), NAMES_OF_TEAMS]);

const APPROVALS: Shape = Shape::Either(&[
    Shape::Map {
        key: NameOf::Team,
        of: &Shape::Count { least: 1 },
    },
    Shape::List {
        of: &Shape::Record(&[
            Field::required(
                "from",
                "The teams; a member of any of them may agree.",
                Shape::List {
                    of: &Shape::Name(NameOf::Team),
                    least: 1,
                },
            ),
            Field::required(
                "count",
                "How many different humans must agree.",
                Shape::Count { least: 1 },
            ),
        ]),
        least: 0,
    },
]);

const ACCESS: Shape = Shape::Either(&[
    NAMES_OF_TEAMS,
    Shape::Record(&[
        Field::optional(
            "release",
            "Who may put a release here directly; anyone, if left out.",
            WHO,
        ),
        Field::optional(
            "promote",
            "Who may bring a release here; anyone, if left out.",
            WHO,
        ),
        Field::optional(
            "approve",
            "Who may agree, beside being asked; anyone, if left out.",
            WHO,
        ),
        Field::optional(
            "roll_back",
            "Who may bring an earlier release back; anyone, if left out.",
            WHO,
        ),
        Field::optional("halt", "Who may stop everything here; anyone, if left out.", WHO),
        Field::optional(
            "break_glass",
            "Who may go past gates in an emergency; nobody, if left out.",
            WHO,
        ),
        Field::optional(
            "override_window",
            "Who may deliver outside the calendar; nobody, if left out.",
            WHO,
        ),
    ]),
]);

const UPSTREAM: Shape = Shape::Either(&[
    Shape::Choice(&["all", "any"]),
    Shape::Record(&[Field::required(
        "at_least",
        "How many of them.",
        Shape::Count { least: 1 },
    )]),
]);

const ENVIRONMENT: Shape = Shape::Record(&[
    Field::optional("purpose", "What it is for, in words.", Shape::Text),
    Field::optional(
        "accepts",
        "The source branches whose releases may be here; any, if left out.",
        Shape::List {
            of: &Shape::Branch,
            least: 1,
        },
    ),
    Field::optional(
        "direct",
        "Whether a release may come here without having been elsewhere.",
        Shape::Flag,
    ),
    Field::optional(
        "auto",
        "Whether the newest accepted release comes here by itself; only on direct ones.",
        Shape::Flag,
    ),
    Field::optional(
        "protected",
        "Whether every path here must ask for an approval.",
        Shape::Flag,
    ),
    Field::optional("optional", "Whether a release may go around it.", Shape::Flag),
    Field::optional(
        "upstream",
        "How many of the environments before must have verified a release.",
        UPSTREAM,
    ),
    Field::optional(
        "windows",
        "The calendars that say when something may be delivered here.",
        Shape::Either(&[
            Shape::Name(NameOf::Window),
            Shape::List {
                of: &Shape::Name(NameOf::Window),
                least: 1,
            },
        ]),
    ),
    Field::optional(
        "windows_bind_rollback",
        "Whether rollbacks keep to the calendars too.",
        Shape::Flag,
    ),
    Field::optional(
        "approvals_expire",
        "How long an approval counts; 7d, if left out.",
        Shape::Period,
    ),
    Field::optional(
        "requests_expire",
        "How long a request may wait; 30d, if left out.",
        Shape::Period,
    ),
    Field::optional(
        "queue",
        "What happens to waiting promotions when another comes.",
        Shape::Choice(&["latest_wins", "in_order"]),
    ),
    Field::optional(
        "on_failure",
        "What happens on failure.",
        Shape::Choice(&["rollback", "roll_forward", "hold"]),
    ),
    Field::optional(
        "rollout",
        "How the place rolls out what is written to it.",
        Shape::Choice(&["direct", "blue_green", "canary"]),
    ),
    Field::optional(
        "targets",
        "The real places behind it, such as clusters: their names, or each with its own values.",
        TARGETS,
    ),
    Field::optional(
        "strategy",
        "How a delivery proceeds; all at once, if left out.",
        STRATEGY,
    ),
    Field::optional(
        "observe",
        "How long what was delivered is watched; only at once, if left out.",
        OBSERVE,
    ),
    Field::optional(
        "access",
        "Who may do what here: a list of teams, or more exactly.",
        ACCESS,
    ),
    Field::optional(
        "rollback_approvals",
        "Who must agree to a rollback here; as for a promotion, if left out.",
        APPROVALS,
    ),
    Field::optional("deliver", "What a delivery does, in order.", Shape::Steps),
    Field::optional("verify", "What is checked after a delivery.", Shape::Checks),
    Field::optional(
        "drift",
        "What happens to promotions from and to it while it holds something else than was put there: nothing, it is said, or they wait; warn, if left out.",
        Shape::Choice(&["ignore", "warn", "block"]),
    ),
    Field::optional(
        "parity",
        "How it may be otherwise than others.",
        Shape::Record(&[Field::required(
            "ignore",
            "The keys in its files whose values are its own: replicas, resources.*, spec.**.host.",
            Shape::List {
                of: &Shape::Text,
                least: 1,
            },
        )]),
    ),
]);

const HOTFIX: Shape = Shape::Record(&[
    Field::optional("gates", "The gates, instead of the path's.", Shape::Gates),
    Field::optional("approvals", "The approvals, instead of the path's.", APPROVALS),
    Field::optional(
        "wait",
        "The time to object, instead of the path's.",
        Shape::Period,
    ),
]);

const FROM: Field = Field::required(
    "from",
    "Where a release must have been verified.",
    Shape::Name(NameOf::Environment),
);
const TO: Field = Field::required("to", "Where it goes.", Shape::Name(NameOf::Environment));
const GATES: Field = Field::optional(
    "gates",
    "The questions about evidence; each must pass.",
    Shape::Gates,
);
const AGREE: Field = Field::optional("approvals", "Who must agree.", APPROVALS);
const WAIT: Field = Field::optional("wait", "The time to object, when all is agreed.", Shape::Period);

const PATH: Shape = Shape::Record(&[
    FROM,
    TO,
    GATES,
    AGREE,
    WAIT,
    Field::optional(
        "auto",
        "Whether the newest release that passes goes by itself.",
        Shape::Flag,
    ),
    Field::optional("hotfix", "What a hotfix is asked instead.", HOTFIX),
]);

const SLOT: Shape = Shape::Record(&[
    Field::optional(
        "days",
        "The days of the week on which it begins; left out, the slot is once, between two dates.",
        Shape::List {
            of: &Shape::Choice(&DAYS),
            least: 1,
        },
    ),
    Field::required(
        "from",
        "When it begins: 09:00, or 2026-12-20, or 2026-12-20T18:00.",
        Shape::Text,
    ),
    Field::required("to", "When it ends.", Shape::Text),
    Field::optional("reason", "Why, for those who run into it.", Shape::Text),
]);

/// The days of the week, Monday first.
pub(crate) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const WINDOW: Shape = Shape::Record(&[
    Field::required(
        "zone",
        "The IANA name of the time zone, such as Europe/Berlin.",
        Shape::Text,
    ),
    Field::optional(
        "allow",
        "When delivery is allowed; always, if left out.",
        Shape::List { of: &SLOT, least: 1 },
    ),
    Field::optional(
        "deny",
        "When it is not, whatever else is allowed.",
        Shape::List { of: &SLOT, least: 1 },
    ),
]);

const REPOSITORY: Shape = Shape::Record(&[
    Field::required(
        "url",
        "Where it is: a path, or an https or ssh address.",
        Shape::Text,
    ),
    Field::optional(
        "branch",
        "The branch that is written; main, if left out.",
        Shape::Text,
    ),
    Field::optional(
        "mode",
        "How deliveries are written: to the branch, or as pull requests that somebody merges; commit, if left out.",
        Shape::Choice(&["commit", "pull_request"]),
    ),
    Field::optional(
        "marker",
        "What marks a delivery as done: a ref, a tag where the server takes no other refs, or the commit's trailer where it takes neither (gradus doctor finds out); ref, if left out.",
        Shape::Choice(&["ref", "tag", "trailer"]),
    ),
]);

const METRICS: Shape = Shape::Record(&[
    Field::optional(
        "prometheus",
        "The address of Prometheus, or of what speaks its language.",
        Shape::Text,
    ),
    Field::optional("alertmanager", "The address of Alertmanager.", Shape::Text),
    Field::optional(
        "heartbeat",
        "The alert that always fires, without which silence proves nothing; Watchdog, if left out.",
        Shape::Text,
    ),
    Field::optional(
        "settled",
        "How long Alertmanager must be up to know every alert; 2m, if left out.",
        Shape::Period,
    ),
    Field::optional(
        "every",
        "How often something is measured anew while a promotion waits for it; 1m, if left out.",
        Shape::Period,
    ),
    Field::optional(
        "at_least",
        "How many requests there must have been for a share of them to mean something; 20, if left out.",
        Shape::Count { least: 1 },
    ),
    Field::optional(
        "objective",
        "The share of requests that must be served, where a gate does not say it.",
        Shape::Percent,
    ),
    Field::optional(
        "requests",
        "The counter of requests: http_requests_total{env=\"${environment}\"}.",
        Shape::Text,
    ),
    Field::optional(
        "failed",
        "The counter of failed requests: http_requests_total{env=\"${environment}\",code=~\"5..\"}.",
        Shape::Text,
    ),
    Field::optional(
        "canary_requests",
        "The counter of requests that the canary served.",
        Shape::Text,
    ),
    Field::optional(
        "canary_failed",
        "The counter of requests that failed on the canary.",
        Shape::Text,
    ),
    Field::optional("restarts", "The counter of restarts.", Shape::Text),
    Field::optional(
        "alerts",
        "What alerts must match to count, one matcher each: env=\"${environment}\".",
        Shape::List {
            of: &Shape::Text,
            least: 1,
        },
    ),
]);

const NAMES_OF_PEOPLE: Shape = Shape::List {
    of: &Shape::Name(NameOf::Person),
    least: 0,
};

const PEOPLE: Shape = Shape::Record(&[
    Field::optional(
        "teams",
        "Who is in which team.",
        Shape::Map {
            key: NameOf::Team,
            of: &NAMES_OF_PEOPLE,
        },
    ),
    Field::optional(
        "identities",
        "The identities that belong to one human: one human is one approval.",
        Shape::Map {
            key: NameOf::Person,
            of: &Shape::List {
                of: &Shape::Text,
                least: 0,
            },
        },
    ),
    Field::optional(
        "machines",
        "Who is a machine; machines never approve.",
        NAMES_OF_PEOPLE,
    ),
    Field::optional(
        "self_approval",
        "Whether somebody may approve what they asked for.",
        Shape::Flag,
    ),
    Field::optional(
        "author_approval",
        "Whether somebody may approve a release that holds their commits.",
        Shape::Flag,
    ),
]);

const APP: Shape = Shape::Record(&[
    Field::optional(
        "artifacts",
        "The artifacts that each release brings, such as ghcr.io/acme/web.",
        Shape::List {
            of: &Shape::Text,
            least: 1,
        },
    ),
    Field::optional(
        "narrow",
        "Where this app asks for more than the shared flow; it can never ask for less.",
        Shape::List {
            of: &Shape::Record(&[FROM, TO, GATES, AGREE, WAIT]),
            least: 1,
        },
    ),
]);

/// The whole file.
pub(crate) const POLICY: &[Field] = &[
    Field::optional("$schema", "The JSON Schema, for editors.", Shape::Text),
    Field::optional(
        "include",
        "Other files that belong to this policy.",
        Shape::List {
            of: &Shape::Text,
            least: 1,
        },
    ),
    Field::optional(
        "environments",
        "The places a release can be in.",
        Shape::Map {
            key: NameOf::Environment,
            of: &ENVIRONMENT,
        },
    ),
    Field::optional(
        "paths",
        "The ways between them. There are no others.",
        Shape::List { of: &PATH, least: 0 },
    ),
    Field::optional("people", "Who is who.", PEOPLE),
    Field::optional(
        "windows",
        "Calendars of allowed and denied times.",
        Shape::Map {
            key: NameOf::Window,
            of: &WINDOW,
        },
    ),
    Field::optional(
        "repositories",
        "The git repositories that deliveries write to.",
        Shape::Map {
            key: NameOf::Repository,
            of: &REPOSITORY,
        },
    ),
    Field::optional("metrics", "Where live gates get their numbers.", METRICS),
    Field::optional(
        "apps",
        "The things that are released.",
        Shape::Map {
            key: NameOf::App,
            of: &APP,
        },
    ),
];
