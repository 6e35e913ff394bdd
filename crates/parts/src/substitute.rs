//! The three substitutions: `${app}`, `${environment}`, `${release.version}`. There are no others
//! and there is no expression language behind them.

const KNOWN: [&str; 3] = ["app", "environment", "release.version"];

/// Fills in what is given and leaves the rest as it stands.
pub fn substitute(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("${{{name}}}"), value)
    })
}

/// The placeholders in a text that nothing will ever fill in.
pub fn unknown_placeholders(text: &str) -> Vec<String> {
    let starts = text.match_indices("${").map(|(at, _)| &text[at + 2..]);
    let names = starts.map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name));
    names
        .filter(|name| !KNOWN.contains(name))
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
        assert_eq!(
            unknown_placeholders("${env.HOME} ${release.version} ${app"),
            ["env.HOME"]
        );
        assert_eq!(unknown_placeholders("${ap"), ["ap"]);
    }
}
