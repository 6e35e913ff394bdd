//! What must hold at every moment of every story.
//!
//! | invariant | where |
//! |---|---|
//! | I1 to I8, I10 to I16, I18, I19, I21, I22 | here, after every deed, or at the end of every story |
//! | I17 a policy that cannot be read never comes into force | the table of broken policies |
//! | I20 what was ever written can be read | the golden ledgers |
//! | I9 webhooks are hints | with the server |

mod drift;
mod effects;
mod people;
mod phases;
mod records;

use gradus_engine::{AppState, WorkspaceState};
use gradus_ledger::Ledger;
use gradus_model::{Event, Policy, PromotionId, Recorded, Timestamp};

/// Everything that an invariant may look at.
#[expect(missing_docs, reason = "the names say it")]
pub struct Moment<'a> {
    pub events: &'a [Recorded],
    pub acknowledged: &'a [Recorded],
    pub state: &'a AppState,
    pub workspace: &'a WorkspaceState,
    pub policy: &'a Policy,
    /// Marker and message of every commit.
    pub written: &'a [(String, String)],
    pub now: Timestamp,
    pub ledger: &'a dyn Ledger,
    /// How many events there were each time that others changed production's file.
    pub outside: &'a [usize],
}

/// Something that must hold.
pub struct Invariant {
    /// Its number.
    pub name: &'static str,
    /// What it says.
    pub says: &'static str,
    /// Whether it holds, or what is wrong.
    pub holds: fn(&Moment<'_>) -> Result<(), String>,
}

/// All of them.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "I1",
        says: "nothing is delivered without its gates and approvals: a second opinion agrees",
        holds: people::a_second_opinion_agrees,
    },
    Invariant {
        name: "I2",
        says: "one promotion at a time changes an environment",
        holds: effects::one_at_a_time,
    },
    Invariant {
        name: "I3",
        says: "what was acknowledged is in the log, which has no gaps",
        holds: records::nothing_is_lost,
    },
    Invariant {
        name: "I4",
        says: "an effect happens once",
        holds: effects::once,
    },
    Invariant {
        name: "I5",
        says: "a worker that lost its work reports nothing",
        holds: effects::one_report_each,
    },
    Invariant {
        name: "I6",
        says: "nothing follows an end",
        holds: records::ends_are_ends,
    },
    Invariant {
        name: "I7",
        says: "whatever moves will be looked at",
        holds: effects::somebody_will_look,
    },
    Invariant {
        name: "I8",
        says: "the state that is loaded is what the events say",
        holds: records::state_is_a_fold,
    },
    Invariant {
        name: "I10",
        says: "time never runs backwards in the log, and waits are waited",
        holds: records::time_is_kept,
    },
    Invariant {
        name: "I11",
        says: "a delivery is decided under the policy in force, and all rules it was asked under",
        holds: people::the_policy_in_force_decides,
    },
    Invariant {
        name: "I12",
        says: "nobody agrees to their own request or work, and machines never agree",
        holds: people::people_are_kept_apart,
    },
    Invariant {
        name: "I13",
        says: "who has left a team no longer counts for it",
        holds: people::who_left_does_not_count,
    },
    Invariant {
        name: "I14",
        says: "a rollback goes to what was good there and is not barred, by itself at most once",
        holds: effects::rollbacks_go_where_it_was_good,
    },
    Invariant {
        name: "I15",
        says: "what is unknown lets nothing pass and takes nothing back",
        holds: people::unknown_never_passes,
    },
    Invariant {
        name: "I16",
        says: "every commit bears a head of the log that covers what it rests on",
        holds: records::commits_bear_the_log,
    },
    Invariant {
        name: "I19",
        says: "what others change is found by whoever looks",
        holds: drift::is_found,
    },
    Invariant {
        name: "I21",
        says: "a phase begins when the one before was found good, or a human said so",
        holds: phases::in_order,
    },
    Invariant {
        name: "I22",
        says: "what goes back by itself later answers a loss of health, once",
        holds: phases::goes_back_for_a_reason,
    },
];

/// The events about one promotion up to some event, newest first.
fn story_of<'a>(before: &'a [Recorded], id: &'a PromotionId) -> impl Iterator<Item = &'a Recorded> + use<'a> {
    let own = before.iter().rev();
    own.filter(move |recorded| recorded.event.promotion() == Some(id))
}

/// Every beginning of a delivery, with what was before it.
fn deliveries<'a>(
    moment: &Moment<'a>,
) -> impl Iterator<
    Item = (
        &'a [Recorded],
        &'a Recorded,
        &'a PromotionId,
        &'a gradus_model::Decision,
    ),
> + use<'a> {
    let events = moment.events;
    events
        .iter()
        .enumerate()
        .filter_map(move |(at, recorded)| match &recorded.event {
            Event::DeliveryStarted { promotion, decision } => {
                Some((&events[..at], recorded, promotion, &**decision))
            }
            _ => None,
        })
}

fn hold(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}
