//! The substitutions: `${app}`, `${environment}`, `${release.version}` everywhere, and in deliveries
//! `${from}`, and where there are targets or a strategy `${target}` with its values, `${colour}` and `${weight}`. There are no
//! others and there is no expression language behind them.

const EVERYWHERE: [&str; 3] = ["app", "environment", "release.version"];
const OF_DELIVERIES: [&str; 4] = ["from", "target", "colour", "weight"];

/// Fills in what is given and leaves the rest as it stands.
pub fn substitute(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("${{{name}}}"), value)
    })
}

/// Every placeholder in a text.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("${").map(|(at, _)| &text[at + 2..]);
    starts.map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name))
}

/// The placeholders in a text that nothing will ever fill in.
pub fn unknown_placeholders(text: &str) -> Vec<String> {
    let known = |name: &&str| {
        EVERYWHERE.contains(name) || OF_DELIVERIES.contains(name) || name.starts_with("target.")
    };
    placeholders(text)
        .filter(|name| !known(name))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_placeholders_are_filled_in_and_others_are_told() {
        let text = "apps/${app}/${environment}.yaml";
        assert_eq!(
            substitute(text, &[("app", "web"), ("environment", "dev")]),
            "apps/web/dev.yaml"
        );
        assert!(unknown_placeholders(text).is_empty());
        assert!(unknown_placeholders("${target} ${target.argocd} ${colour} ${weight}").is_empty());
        assert_eq!(
            unknown_placeholders("${env.HOME} ${release.version} ${app"),
            ["env.HOME"]
        );
        assert_eq!(unknown_placeholders("${ap"), ["ap"]);
    }
}
