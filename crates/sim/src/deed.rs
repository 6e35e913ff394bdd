//! What can happen in a story.

use crate::cast::{PEOPLE, PLACES};
use gradus_model::Resolution;
use proptest::prelude::*;

/// Something that somebody does, or that happens to everybody. Numbers choose among what there is,
/// so that a deed makes sense wherever it stands in a story.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields choose: who, which one, and how")]
pub enum Deed {
    /// A release is taken in.
    Add { hotfix: bool, forward_only: bool },
    /// A test run is reported: passed, failed, or something that is no number.
    Say { which: u8, passed: Option<bool> },
    /// Somebody asks for a release to go on to a place.
    Promote {
        who: usize,
        which: u8,
        place: usize,
        glass: bool,
    },
    /// Somebody agrees to a promotion that waits.
    Approve { who: usize, which: u8 },
    /// Somebody says no to it.
    Reject { who: usize, which: u8 },
    /// Somebody withdraws it.
    Cancel { who: usize, which: u8 },
    /// Somebody decides what becomes of a promotion that needs a human.
    Resolve {
        who: usize,
        which: u8,
        resolution: Resolution,
    },
    /// Somebody looks at an emergency afterwards.
    Review { who: usize, which: u8 },
    /// Somebody asks for the release before to come back.
    RollBack { who: usize, place: usize },
    /// A release is barred, or allowed again.
    Deny { which: u8, allow: bool },
    /// A test run is taken back: the last, the one before it, and so on.
    Revoke { which: u8 },
    /// Production is stopped, or goes on.
    Halt(bool),
    /// Automation goes on somewhere.
    Automation { place: usize },
    /// Another policy comes into force.
    Policy(usize),
    /// The parts begin to misbehave, or behave again.
    Trouble(Trouble),
    /// The disk is full, or has room again.
    Disk { full: bool },
    /// A worker takes some work and dies with it.
    Die,
    /// Somebody else commits to the repository: to other files, or to ours.
    Outside { ours: bool },
    /// Time passes; a clock that is set back makes it negative.
    Pass(i16),
}

/// How the parts misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trouble {
    /// Not at all.
    #[default]
    None,
    /// Nothing can be written.
    LineDown,
    /// It is written, and the answer is lost.
    AnswerLost,
    /// The worker stops in the middle of writing until others have taken over, and then goes on.
    Pause,
    /// Somebody must let in what is written, and does not yet.
    Asks,
    /// Checks fail.
    Unhealthy,
    /// Checks fail in one of several targets.
    OneTarget,
    /// Checks cannot tell.
    Silent,
    /// Checks fail, and what was there before cannot be written.
    NoWayBack,
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        3 => Just(Trouble::None),
        1 => Just(Trouble::LineDown),
        1 => Just(Trouble::AnswerLost),
        1 => Just(Trouble::Pause),
        1 => Just(Trouble::Asks),
        1 => Just(Trouble::Unhealthy),
        1 => Just(Trouble::OneTarget),
        1 => Just(Trouble::Silent),
        1 => Just(Trouble::NoWayBack),
    ]
}

fn resolution() -> impl Strategy<Value = Resolution> {
    prop_oneof![
        Just(Resolution::Accept),
        Just(Resolution::RollBack),
        Just(Resolution::Fail),
        Just(Resolution::GoOn)
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let (who, place, which) = (0..PEOPLE.len(), 0..PLACES.len(), 0u8..3);
    let passed = prop_oneof![8 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)];
    let one = || (who.clone(), which.clone());
    prop_oneof![
        3 => (any::<bool>(), prop::bool::weighted(0.1))
            .prop_map(|(hotfix, forward_only)| Deed::Add { hotfix, forward_only }),
        4 => (which.clone(), passed).prop_map(|(which, passed)| Deed::Say { which, passed }),
        10 => (who.clone(), which.clone(), place.clone(), prop::bool::weighted(0.1))
            .prop_map(|(who, which, place, glass)| Deed::Promote { who, which, place, glass }),
        16 => one().prop_map(|(who, which)| Deed::Approve { who, which }),
        1 => one().prop_map(|(who, which)| Deed::Reject { who, which }),
        1 => one().prop_map(|(who, which)| Deed::Cancel { who, which }),
        2 => (who.clone(), which.clone(), resolution())
            .prop_map(|(who, which, resolution)| Deed::Resolve { who, which, resolution }),
        1 => one().prop_map(|(who, which)| Deed::Review { who, which }),
        2 => (who.clone(), place.clone()).prop_map(|(who, place)| Deed::RollBack { who, place }),
        3 => (which.clone(), prop::bool::weighted(0.3)).prop_map(|(which, allow)| Deed::Deny { which, allow }),
        1 => which.prop_map(|which| Deed::Revoke { which }),
        1 => any::<bool>().prop_map(Deed::Halt),
        1 => place.prop_map(|place| Deed::Automation { place }),
        2 => (0usize..6).prop_map(Deed::Policy),
        4 => trouble().prop_map(Deed::Trouble),
        1 => prop::bool::weighted(0.3).prop_map(|full| Deed::Disk { full }),
        1 => Just(Deed::Die),
        2 => any::<bool>().prop_map(|ours| Deed::Outside { ours }),
        8 => prop_oneof![6 => 1i16..30, 1 => -10i16..0, 1 => 100i16..400, 1 => 9_000i16..30_000].prop_map(Deed::Pass),
    ]
}

/// A new release on its way to production, where something may be wrong with its evidence, with the
/// parts, or with the agreement.
fn walk() -> impl Strategy<Value = Vec<Deed>> {
    let who = || 0..PEOPLE.len();
    let agreed = prop::collection::vec(who(), 0..4);
    let wrong = (prop::bool::weighted(0.2), prop::option::weighted(0.4, trouble()));
    (who(), agreed, 1i16..30, wrong).prop_map(|(asks, agreed, later, (revoked, trouble))| {
        let (which, glass) = (0, false);
        let promote = |who, place| Deed::Promote {
            who,
            which,
            place,
            glass,
        };
        let add = Deed::Add {
            hotfix: false,
            forward_only: false,
        };
        let passed = Some(true);
        let mut deeds = vec![add, Deed::Say { which, passed }, promote(0, 0)];
        deeds.extend(revoked.then_some(Deed::Revoke { which }));
        deeds.extend([Deed::Pass(11), Deed::Pass(11), promote(asks, 2)]);
        deeds.extend(trouble.map(Deed::Trouble));
        deeds.extend(agreed.into_iter().map(|who| Deed::Approve { who, which }));
        deeds.push(Deed::Pass(later));
        deeds
    })
}

/// Others change what was brought to production, phase by phase or where production waits while it has
/// drifted, and the next release comes.
fn changed() -> impl Strategy<Value = Vec<Deed>> {
    (1i16..30, any::<bool>(), 3usize..6, resolution()).prop_map(|(later, ours, policy, resolution)| {
        let (which, glass, passed) = (0, false, Some(true));
        let come = || {
            let promote = |place| Deed::Promote {
                who: 0,
                which,
                place,
                glass,
            };
            let add = Deed::Add {
                hotfix: false,
                forward_only: false,
            };
            let agree = [1, 4].map(|who| Deed::Approve { who, which });
            let mut deeds = vec![add, Deed::Say { which, passed }, promote(0)];
            deeds.extend([Deed::Pass(11), Deed::Pass(11), promote(2)]);
            deeds.extend(agree);
            deeds.extend([Deed::Pass(later), Deed::Pass(11)]);
            let who = 1;
            deeds.push(Deed::Resolve {
                who,
                which,
                resolution,
            });
            deeds
        };
        let mut deeds = vec![Deed::Trouble(Trouble::None), Deed::Policy(policy)];
        deeds.extend(come());
        deeds.push(Deed::Outside { ours });
        deeds.extend(come());
        deeds
    })
}

/// A whole story.
pub fn deeds(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Deed>> {
    let some = prop_oneof![20 => deed().prop_map(|deed| vec![deed]), 1 => walk(), 1 => changed()];
    prop::collection::vec(some, length).prop_map(|all| all.into_iter().flatten().collect())
}
