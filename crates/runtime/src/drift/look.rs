//! A look at an environment that somebody asks for, and what is remembered of it.

use super::{Drift, drift};
use crate::measure::{drift::told, evidence};
use crate::perform::reporter;
use crate::runtime::{Runtime, RuntimeError};
use gradus_connect::Trouble;
use gradus_engine::{Command, World, last_drift};
use gradus_model::{AppName, EnvironmentName, Evidence, Part, Period, Why};

/// How long a look is remembered before another one that found the same is noted again.
const NEWS: Period = Period::from_secs(600);

impl Runtime<'_> {
    /// What an environment holds, against what was put there. What is found is noted in the ledger where it
    /// is news, so that it is known later that somebody has looked.
    pub fn drift(
        &self,
        app: &AppName,
        place: &EnvironmentName,
    ) -> Result<Result<Drift, Trouble>, RuntimeError> {
        let (state, _) = self.load(app)?;
        let (workspace, _) = self.load_workspace()?;
        let world = self.world(app, (&state, &workspace));
        let found = drift(self.means(), &world, place);
        if let Some(news) = self.news(&world, place, &found) {
            // What cannot be noted, because the disk is full say, is told all the same.
            let _ = self.submit(app, &reporter(), &Command::Measured(vec![news]));
        }
        Ok(found)
    }

    /// What was found, if it is not what was found just before.
    fn news(
        &self,
        world: &World<'_>,
        place: &EnvironmentName,
        found: &Result<Drift, Trouble>,
    ) -> Option<Evidence> {
        let there = world.app.current(place)?;
        let release = &world.app.releases.get(&there.version)?.release;
        if found.as_ref().is_err_and(|trouble| trouble.why == Why::NoData) {
            return None;
        }
        let (now, part) = (self.now(), Part::drift_in(place));
        let news = evidence(world, release, (&part, place), told(found), now);
        let last = last_drift(world.app, place);
        let same = last.is_some_and(|last| last.facts == news.facts && now < NEWS.after(last.taken_at));
        (!same).then_some(news)
    }
}
