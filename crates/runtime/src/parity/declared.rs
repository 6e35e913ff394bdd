//! Differences that the policy declares: places that may be otherwise, and what a place is about.

use gradus_edit::Leaf;

/// A pattern of keys such as `replicas`, `resources.*` or `**.resources.limits`: it fits wherever these keys
/// follow each other, and everything below them.
pub(super) struct Declared(Vec<String>);

impl Declared {
    pub(super) fn new(text: &str) -> Self {
        Self(
            text.split('.')
                .filter(|key| !key.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }

    /// Whether a value may be otherwise: because of its keys, or because its very path is named.
    pub(super) fn fits(&self, leaf: &Leaf) -> bool {
        let named = self.0.join(".") == leaf.path;
        named || !self.0.is_empty() && (0..leaf.keys.len()).any(|at| follows(&self.0, &leaf.keys[at..]))
    }
}

/// Whether these keys begin as the pattern says; what comes below does not matter.
fn follows(pattern: &[String], keys: &[String]) -> bool {
    // How many keys the pattern so far can have used up: no going back, so no pattern is slow.
    let mut used: Vec<bool> = (0..=keys.len()).map(|at| at == 0).collect();
    for part in pattern {
        used = (0..=keys.len())
            .map(|at| match part.as_str() {
                "**" => used[..=at].contains(&true),
                part => at > 0 && used[at - 1] && (part == "*" || part == keys[at - 1]),
            })
            .collect();
    }
    used.contains(&true)
}

/// What a value is about.
pub(super) fn about(leaf: &Leaf) -> &'static str {
    let last = leaf.keys.last().map(|key| key.to_lowercase()).unwrap_or_default();
    let below = |name: &str| leaf.keys.iter().any(|key| key == name);
    match last.as_str() {
        "replicas" | "replicacount" | "minreplicas" | "maxreplicas" => "replicas",
        "image" | "tag" | "newtag" | "newname" | "digest" | "repository" => "image",
        "version" | "targetrevision" | "appversion" | "ref" => "version",
        _ if below("artifacts") => "image",
        _ if below("resources") || below("limits") || below("requests") => "resources",
        _ => "value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(path: &str) -> Leaf {
        let keys = path
            .split('.')
            .map(|key| key.split('[').next().unwrap().to_owned());
        Leaf {
            path: path.to_owned(),
            keys: keys.collect(),
            value: String::new(),
        }
    }

    #[test]
    fn patterns_fit_where_their_keys_are() {
        for (pattern, path, fits) in [
            ("replicas", "replicas", true),
            ("replicas", "web.replicas", true),
            ("replicas", "web.replicasMax", false),
            ("resources", "web.resources.limits.cpu", true),
            ("resources.*", "web.resources.limits.cpu", true),
            ("**.resources.*", "web.resources.limits.cpu", true),
            ("**.resources.*", "resources.cpu", true),
            ("resources.*", "web.resources", false),
            ("spec.**.image", "spec.a.b.image", true),
            ("spec.**.image", "a.image", false),
            ("containers.image", "spec.containers[name=web].image", true),
            ("containers[name=web].image", "containers[name=web].image", true),
            ("containers[name=web].image", "containers[name=db].image", false),
            ("", "a", false),
            ("**", "a", true),
        ] {
            assert_eq!(Declared::new(pattern).fits(&leaf(path)), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn what_a_value_is_about() {
        for (path, word) in [
            ("spec.replicas", "replicas"),
            ("images[name=web].newTag", "image"),
            ("chart.version", "version"),
            ("web.resources.limits.memory", "resources"),
            ("env.LOG_LEVEL", "value"),
        ] {
            assert_eq!(about(&leaf(path)), word, "{path}");
        }
    }
}
