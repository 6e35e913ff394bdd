//! k6's two summaries. Where one says that a threshold holds, the other says that it failed:
//! `--summary-export` writes `false` for "not failed", `handleSummary` writes `{"ok": true}`.

use super::Format;
use crate::draft::{Draft, add, lacks};
use crate::error::Result;
use crate::json::{self, Scalar, Slot};
use crate::kinds::load;
use crate::source::Bytes;
use crate::{Expect, Kind};
use std::collections::BTreeMap;

pub(super) static FORMAT: Format = Format {
    name: "k6",
    kind: Kind::Performance,
    about: "k6's summary, by --summary-export or by handleSummary.",
    empty_is_clean: false,
    recognise: |head| head.has(&["metrics", "root_group"]),
    exit: |code| match code {
        104 => Some("k6 did not understand its configuration"),
        97 | 98 | 100..=103 | 105.. => Some("k6 did not finish the test"),
        _ => None,
    },
    read,
};

/// One metric: its figures, and whether its thresholds hold.
#[derive(Default)]
struct Metric {
    values: BTreeMap<String, f64>,
    thresholds: u64,
    crossed: u64,
}

impl Metric {
    fn get(&self, name: &str) -> Option<f64> {
        self.values.get(name).copied()
    }

    /// Whether there are samples, as far as its figures tell.
    fn sampled(&self) -> bool {
        let some = |name: &str| self.get(name).is_some_and(|value| value > 0.0);
        if self.values.contains_key("passes") || self.values.contains_key("count") {
            return some("passes") || some("fails") || some("count");
        }
        // Of a trend without samples everything is zero; of a gauge nothing can be told.
        some("max") || some("avg") || !self.values.contains_key("max")
    }
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("k6".to_owned());
    let mut metrics = BTreeMap::new();
    let mut there = false;
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            if key == "metrics" {
                there = true;
                slot.object(&mut |name, slot| {
                    if metrics.len() < expect.limits.remembered {
                        metrics.insert(name.to_owned(), metric(slot)?);
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })
    })?;
    if !there {
        return Err(lacks("metrics"));
    }
    settle(&metrics, draft);
    Ok(())
}

fn metric(slot: &mut dyn Slot) -> Result<Metric> {
    let mut metric = Metric::default();
    let mut values = BTreeMap::new();
    slot.object(&mut |key, slot| match key {
        "values" => slot.object(&mut |key, slot| value(key, slot, &mut values)),
        "thresholds" => slot.object(&mut |_, slot| {
            add(&mut metric.thresholds, 1);
            let mut ok = None;
            let scalar = slot.visit(
                &mut |key, slot| {
                    if key == "ok" {
                        ok = slot.flag()?;
                    }
                    Ok(())
                },
                &mut |_| Ok(()),
            )?;
            // A threshold that says nothing that is understood does not hold.
            let holds = match scalar {
                Scalar::Flag(failed) => !failed,
                _ => ok == Some(true),
            };
            add(&mut metric.crossed, u64::from(!holds));
            Ok(())
        }),
        _ => value(key, slot, &mut metric.values),
    })?;
    metric.values.append(&mut values);
    Ok(metric)
}

fn value(key: &str, slot: &mut dyn Slot, values: &mut BTreeMap<String, f64>) -> Result<()> {
    if let Scalar::Number(number) = slot.scalar()?
        && values.len() < 100
    {
        values.insert(key.to_owned(), number);
    }
    Ok(())
}

fn settle(metrics: &BTreeMap<String, Metric>, draft: &mut Draft) {
    let get = |metric: &str, name: &str| metrics.get(metric).and_then(|metric| metric.get(name));
    for (name, metric) in metrics {
        if metric.crossed > 0 {
            draft.red();
            draft.note(
                "threshold",
                format!("{} thresholds of {name} do not hold", metric.crossed),
            );
        }
        if metric.thresholds > 0 && !metric.sampled() {
            let text = format!("{name} has thresholds and not one sample, so they hold for nothing");
            draft.doubt("no_samples", text);
        }
    }
    let thresholds: u64 = metrics.values().map(|metric| metric.thresholds).sum();
    draft.fact_count("thresholds", thresholds);
    // k6 judges by thresholds; without any it has judged nothing.
    draft.leaves_judgement = thresholds == 0;
    for (name, key) in [("p95_ms", "p(95)"), ("p99_ms", "p(99)"), ("p50_ms", "med")] {
        if let Some(value) = get("http_req_duration", key) {
            draft.figure(name, value);
        }
    }
    if let Some(rate) = get("http_reqs", "rate") {
        draft.figure("throughput", rate);
    }
    // Of this one metric, what passes is what failed.
    let failed = get("http_req_failed", "passes");
    let share = match (failed, get("http_req_failed", "fails")) {
        (Some(failed), Some(good)) if failed + good > 0.0 => Some(failed / (failed + good)),
        _ => None,
    };
    if let Some(share) = share {
        draft.figure("error_rate", share * 100.0);
    }
    if let Some(fails) = get("checks", "fails").filter(|fails| *fails > 0.0) {
        draft.fact("checks_failed", fails);
        draft.note(
            "checks",
            format!("{fails} checks failed, which k6 itself does not mind"),
        );
    }
    let whole = |value: Option<f64>| value.filter(|value| *value >= 0.0).unwrap_or(0.0) as u64;
    if whole(get("iterations", "count")) == 0 {
        draft.doubt("no_samples", "not one iteration was finished");
    }
    load::settle_counts(draft, whole(get("http_reqs", "count")), whole(failed));
}
