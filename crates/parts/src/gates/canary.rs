//! `canary`: has the release served enough real traffic, for long enough, well enough?

use super::Gate;
use crate::question::{Asked, Bound, FROM, IN, MAX_AGE, Question, covers, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Fact, Settings, Verdict, Why};

pub(super) static GATE: Gate = Gate {
    name: "canary",
    about: "The release has served this share of the traffic for this long, with this success rate.",
    fields: &[
        Field::optional(
            "traffic",
            "The share of the traffic that it must have served.",
            Shape::Percent,
        ),
        Field::optional("for", "How long it must have done so.", Shape::Period),
        Field::optional(
            "success_rate",
            "The share of requests that must have succeeded.",
            Shape::Percent,
        ),
        Field::optional(
            "compare_to",
            "What it must not be worse than: the baseline, which is everything but the canary.",
            Shape::Choice(&["baseline"]),
        ),
        Field::optional(
            "worse_by",
            "By how much its share of successes may be below the baseline's; 0.5%, if left out.",
            Shape::Percent,
        ),
        IN,
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_running("canary", settings, look);
    let shares = ["traffic", "success_rate"].into_iter();
    let shares = shares.filter_map(|fact| Some((fact, settings.number(fact)?)));
    let shares = shares.map(|(fact, limit)| {
        (
            fact.to_owned(),
            question.compare(&[fact], Bound::AtLeast(limit), "%"),
        )
    });
    let duration = settings.period("for").map(|wanted| {
        let words = format!("at least {wanted}");
        let verdict = match question.evidence(None, &words) {
            Ok(evidence) => covers(evidence, "duration", wanted, words),
            Err(verdict) => verdict,
        };
        ("duration".to_owned(), verdict)
    });
    let compared = settings.text("compare_to").map(|_| {
        let worse_by = settings.number("worse_by").unwrap_or(0.5);
        ("baseline".to_owned(), compared(&question, worse_by))
    });
    shares.chain(duration).chain(compared).collect()
}

/// Whether the canary is about as good as what runs beside it, over the same time.
fn compared(question: &Question<'_>, worse_by: f64) -> Verdict {
    let wanted = format!("at most {worse_by}% worse than the baseline");
    let evidence = match question.evidence(None, &wanted) {
        Ok(evidence) => evidence,
        Err(verdict) => return verdict,
    };
    let number = |fact: &str| match evidence.facts.get(fact) {
        Some(Fact::Number(number)) => Ok(*number),
        Some(other) => Err(other.why().map_or_else(
            || (Why::Error, format!("{other} is not a number")),
            |(why, text)| (why, text.to_owned()),
        )),
        None => Err((Why::NoData, format!("the evidence does not say {fact}"))),
    };
    let (answer, observed) = match (number("success_rate"), number("baseline_success_rate")) {
        (Ok(own), Ok(baseline)) => {
            let met = own >= baseline - worse_by;
            (Answer::of(met), format!("{own}% beside {baseline}%"))
        }
        (Err((why, text)), _) | (_, Err((why, text))) => (Answer::Unknown(why), text),
    };
    Verdict {
        answer,
        evidence: vec![evidence.id],
        ..unknown(Why::Error, &wanted, observed)
    }
}
