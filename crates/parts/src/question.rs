//! What gates have in common: looking up evidence and comparing a number with a bound.

use crate::look::{Missing, Wanted};
use crate::measured::measurement;
use crate::{Field, Look, NameOf, Shape};
use gradus_model::{Answer, EnvironmentName, Evidence, Fact, Period, Settings, Verdict, Why};

/// A question and its answer: the name it goes by within its gate, and the verdict.
pub(crate) type Asked = (String, Verdict);

/// How old evidence may be; every gate that reads evidence takes it.
pub(crate) const MAX_AGE: Field = Field::optional(
    "max_age",
    "How old the evidence may be; older evidence is unknown.",
    Shape::Period,
);

/// Where evidence must have been measured; every gate about a running release takes it.
pub(crate) const IN: Field = Field::optional(
    "in",
    "The environment it must have been measured in; the one the release comes from, if left out.",
    Shape::Name(NameOf::Environment),
);

/// Whose word counts; every gate that reads evidence takes it.
pub(crate) const FROM: Field = Field::optional(
    "from",
    "The identities whose evidence counts, or only of one workflow: ci, ci/release.yml; anybody's, if left out.",
    Shape::List {
        of: &Shape::Text,
        least: 1,
    },
);

/// A limit for a number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
    Below(f64),
}

impl Bound {
    fn holds(self, number: f64) -> bool {
        match self {
            Bound::AtLeast(limit) => number >= limit,
            Bound::AtMost(limit) => number <= limit,
            Bound::Below(limit) => number < limit,
        }
    }

    /// Whether a producer can have measured that. What is measured here is never negative, and of a
    /// whole there is no more than all; only what is spent can be more than there was.
    fn is_possible(self, number: f64, unit: &str) -> bool {
        let too_much = matches!(self, Bound::AtLeast(_)) && unit == "%" && number > 100.0;
        number >= 0.0 && !too_much
    }

    pub(crate) fn words(self, unit: &str) -> String {
        match self {
            Bound::AtLeast(limit) => format!("at least {limit}{unit}"),
            Bound::AtMost(0.0) => "none".to_owned(),
            Bound::AtMost(limit) => format!("at most {limit}{unit}"),
            Bound::Below(limit) => format!("below {limit}{unit}"),
        }
    }
}

/// The settings of a gate together with what it sees.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) kind: &'a str,
    pub(crate) settings: &'a Settings,
    pub(crate) look: &'a Look<'a>,
    /// Where it must have been measured, if that matters and the settings do not say otherwise.
    pub(crate) home: Option<&'a str>,
}

impl<'a> Question<'a> {
    pub(crate) fn about_release(kind: &'a str, settings: &'a Settings, look: &'a Look<'a>) -> Self {
        Self {
            kind,
            settings,
            look,
            home: None,
        }
    }

    pub(crate) fn about_running(kind: &'a str, settings: &'a Settings, look: &'a Look<'a>) -> Self {
        Self {
            kind,
            settings,
            look,
            home: look.from.map(EnvironmentName::as_str),
        }
    }

    pub(crate) fn about_target(kind: &'a str, settings: &'a Settings, look: &'a Look<'a>) -> Self {
        Self {
            kind,
            settings,
            look,
            home: Some(look.to.as_str()),
        }
    }

    /// The environment that matters.
    pub(crate) fn place(&self) -> Option<&'a str> {
        self.settings.text("in").or(self.home)
    }

    /// The newest evidence, or the verdict that there is none.
    pub(crate) fn evidence(&self, name: Option<&str>, wanted: &str) -> Result<&'a Evidence, Verdict> {
        let max_age = self.settings.period("max_age");
        let place = self.place();
        let own = measurement(self.settings);
        self.look
            .newest(&Wanted {
                kind: self.kind,
                name,
                place,
                max_age,
                own: &own,
                from: self.settings.list("from"),
            })
            .map_err(|missing| {
                let what = name
                    .filter(|name| !name.is_empty())
                    .map_or(self.kind.to_owned(), |name| format!("{} {name}", self.kind));
                let whereabouts = place.map(|place| format!(" in {place}")).unwrap_or_default();
                let observed = match missing {
                    Missing::Nothing => format!("no {what} evidence for this release{whereabouts}"),
                    Missing::Stale(how) => format!("{what} evidence is stale: {how}"),
                    Missing::Foreign(how) => format!("{what} evidence does not count: {how}"),
                };
                unknown(Why::NoData, wanted, observed)
            })
    }

    /// Compares the first of `facts` that the newest evidence holds with a bound.
    pub(crate) fn compare(&self, facts: &[&str], bound: Bound, unit: &str) -> Verdict {
        let wanted = bound.words(unit);
        let evidence = match self.evidence(None, &wanted) {
            Ok(evidence) => evidence,
            Err(verdict) => return verdict,
        };
        compare(evidence, facts, bound, unit)
    }

    /// Whether the evidence covers as long a window as the gate asks for, where it asks.
    pub(crate) fn window(&self) -> Option<Asked> {
        let wanted = self.settings.period("window")?;
        let words = format!("measured over {wanted}");
        let verdict = match self.evidence(None, &words) {
            Err(verdict) => verdict,
            Ok(evidence) => covers(evidence, "window", wanted, words),
        };
        Some(("window".to_owned(), verdict))
    }
}

/// Compares a fact of one piece of evidence with a bound.
pub(crate) fn compare(evidence: &Evidence, facts: &[&str], bound: Bound, unit: &str) -> Verdict {
    let wanted = bound.words(unit);
    let found = facts.iter().find_map(|name| evidence.facts.get(*name));
    let (answer, observed) = match found {
        Some(Fact::Number(number)) if !bound.is_possible(*number, unit) => (
            Answer::Unknown(Why::Error),
            format!("{number}{unit}, which cannot be"),
        ),
        Some(Fact::Number(number)) => (Answer::of(bound.holds(*number)), format!("{number}{unit}")),
        Some(other) => match other.why() {
            Some((why, text)) => (Answer::Unknown(why), text.to_owned()),
            None => (
                Answer::Unknown(Why::Error),
                format!("{other:?} is not a number", other = other.to_string()),
            ),
        },
        None => {
            let known: Vec<_> = evidence.facts.keys().map(String::as_str).collect();
            let names = facts.first().copied().unwrap_or_default();
            (
                Answer::Unknown(Why::NoData),
                format!("the evidence does not say {names}, only {}", known.join(", ")),
            )
        }
    };
    Verdict {
        answer,
        wanted,
        observed,
        evidence: vec![evidence.id],
        next: None,
    }
}

/// Whether a fact of the evidence is a length of time that is long enough.
pub(crate) fn covers(evidence: &Evidence, fact: &str, wanted: Period, words: String) -> Verdict {
    let found = evidence.facts.get(fact);
    if let Some((why, text)) = found.and_then(Fact::why) {
        return Verdict {
            evidence: vec![evidence.id],
            ..unknown(why, &words, text.to_owned())
        };
    }
    let text = found.map(ToString::to_string);
    let period = text.as_deref().map(str::parse::<Period>);
    let (answer, observed) = match (period, text) {
        (Some(Ok(period)), _) => (Answer::of(period >= wanted), period.to_string()),
        (Some(Err(problem)), _) => (Answer::Unknown(Why::Error), problem.to_string()),
        (None, _) => (
            Answer::Unknown(Why::NoData),
            format!("the evidence does not say its {fact}"),
        ),
    };
    Verdict {
        answer,
        wanted: words,
        observed,
        evidence: vec![evidence.id],
        next: None,
    }
}

/// What the producer itself says: passed, failed, or neither.
pub(crate) fn status(evidence: &Evidence) -> Option<Answer> {
    Some(match evidence.facts.get("status")? {
        Fact::Text(word) => match word.as_str() {
            "passed" | "pass" | "ok" | "success" => Answer::Pass,
            "failed" | "fail" | "failure" => Answer::Fail,
            "error" => Answer::Unknown(Why::Error),
            // Skipped, neutral, cancelled and words nobody has thought of: none of them is a pass.
            _ => Answer::Unknown(Why::Inconclusive),
        },
        Fact::Flag(flag) => Answer::of(*flag),
        Fact::Number(_) => Answer::Unknown(Why::Error),
    })
}

/// A verdict that is neither yes nor no.
pub(crate) fn unknown(why: Why, wanted: &str, observed: String) -> Verdict {
    Verdict {
        answer: Answer::Unknown(why),
        wanted: wanted.to_owned(),
        observed,
        evidence: Vec::new(),
        next: None,
    }
}
