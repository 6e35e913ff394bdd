//! `gradus check`, `gradus schema`

use crate::args::Common;
use crate::error::{DONE, Outcome, USAGE};
use crate::output::Output;
use crate::workspace::{folder, problems_failed, read_policy};
use serde_json::json;

pub(crate) fn run(common: &Common, output: &Output) -> Outcome {
    let reading = read_policy(&folder(common)?)?;
    let Some(policy) = &reading.policy else {
        if output.json {
            output
                .data(&json!({ "environments": {}, "paths": [], "apps": {}, "problems": reading.problems }));
            return Ok(USAGE);
        }
        return Err(problems_failed(&reading.problems));
    };
    output.data(&json!({
        "digest": policy.digest(), "environments": policy.environments, "paths": policy.paths, "people": policy.people,
        "windows": policy.windows, "repositories": policy.repositories, "apps": policy.apps, "problems": [],
    }));
    let counts = (policy.environments.len(), policy.paths.len(), policy.apps.len());
    output.line(&format!(
        "the policy is good: {} environments, {} paths, {} apps",
        counts.0, counts.1, counts.2
    ));
    for path in &policy.paths {
        let gates: Vec<_> = path.gates.iter().map(|gate| gate.kind.as_str()).collect();
        let people: Vec<_> = path.approvals.iter().map(ToString::to_string).collect();
        let asks = [gates.join(", "), people.join(", ")]
            .into_iter()
            .filter(|text| !text.is_empty());
        output.line(&format!(
            "  {} → {}: {}",
            path.from,
            path.to,
            asks.collect::<Vec<_>>().join("; ")
        ));
    }
    Ok(DONE)
}

pub(crate) fn schema(output: &Output) -> Outcome {
    output.raw(&(serde_json::to_string_pretty(&gradus_policy::schema()).unwrap_or_default() + "\n"));
    Ok(DONE)
}
