//! Leaves: everything that a file says, each value with the way to it, so that two files can be compared by
//! what they mean rather than by how they are written.

use crate::path::Step;
use crate::tree::{Kind, Node, Pair};
use crate::{EditError, Format};

/// The keys by which the items of a list are told apart, where they have one.
const NAMES: [&str; 4] = ["name", "id", "key", "containerPort"];

/// A value of a file, and the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The way, as paths are written: `Deployment/web: spec.containers[name=web].image`.
    pub path: String,
    /// The keys on the way, without the items of lists.
    pub keys: Vec<String>,
    /// What stands there.
    pub value: String,
}

/// Everything that a text says, in the order of writing.
pub fn leaves(text: &str, format: Format) -> Result<Vec<Leaf>, EditError> {
    let document = format.read(text)?;
    let roots = document.roots.iter().filter(|root| root.kind != Kind::Empty);
    let roots: Vec<&Node> = roots.collect();
    let mut found = Vec::new();
    for (number, root) in roots.iter().enumerate() {
        let path = match roots.len() {
            1 => String::new(),
            _ => format!(
                "{}: ",
                called(root).unwrap_or_else(|| format!("document {number}"))
            ),
        };
        let way = Way {
            path,
            keys: Vec::new(),
        };
        way.walk(root, &mut found);
    }
    Ok(found)
}

/// What a document is called that says what it is: `Deployment/web`.
fn called(root: &Node) -> Option<String> {
    let kind = child(root, "kind")?.text()?;
    let name = child(child(root, "metadata")?, "name")?.text()?;
    Some(format!("{kind}/{name}"))
}

fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Kind::Map(pairs) = &node.kind else { return None };
    pairs.iter().find(|pair| pair.key == key).map(|pair| &pair.value)
}

/// How far the walk has come.
struct Way {
    path: String,
    keys: Vec<String>,
}

impl Way {
    fn walk(&self, node: &Node, found: &mut Vec<Leaf>) {
        let said = match &node.kind {
            Kind::Map(pairs) if !pairs.is_empty() => {
                return pairs
                    .iter()
                    .for_each(|pair| self.at_key(pair).walk(&pair.value, found));
            }
            Kind::List(items) if !items.is_empty() => {
                let by = by_name(items);
                for (number, item) in items.iter().enumerate() {
                    self.at_item(number, item, by).walk(item, found);
                }
                return;
            }
            Kind::Map(_) => "{}".to_owned(),
            Kind::List(_) => "[]".to_owned(),
            Kind::Empty => String::new(),
            Kind::Alias(_) => "an alias".to_owned(),
            Kind::Text(text) | Kind::Word(text) | Kind::Expression(text) => text.clone(),
        };
        found.push(Leaf {
            path: self.path.clone(),
            keys: self.keys.clone(),
            value: said,
        });
    }

    fn at_key(&self, pair: &Pair) -> Way {
        let mut keys = self.keys.clone();
        keys.push(pair.key.clone());
        let step = Step::Key(pair.key.clone());
        Way {
            path: self.joined(&step),
            keys,
        }
    }

    fn at_item(&self, number: usize, item: &Node, by: Option<&str>) -> Way {
        let named = by.and_then(|key| Some((key, child(item, key)?.text()?)));
        let step = match named {
            Some((key, name)) => Step::Where(key.to_owned(), name.to_owned()),
            None => Step::Index(number),
        };
        Way {
            path: self.joined(&step),
            keys: self.keys.clone(),
        }
    }

    fn joined(&self, step: &Step) -> String {
        // What names the document is no part of the path.
        let (head, rest) = match self.path.rfind(": ") {
            Some(at) if self.keys.is_empty() => self.path.split_at(at + 2),
            _ => ("", self.path.as_str()),
        };
        let mut path = rest.to_owned();
        step.join(&mut path);
        format!("{head}{path}")
    }
}

/// The key that every item has, each with another value.
fn by_name(items: &[Node]) -> Option<&'static str> {
    NAMES.into_iter().find(|key| {
        let names: Option<Vec<&str>> = items.iter().map(|item| child(item, key)?.text()).collect();
        names.is_some_and(|mut names| {
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            names.len() == all
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, format: Format) -> Vec<String> {
        let found = leaves(text, format).unwrap().into_iter();
        found
            .map(|leaf| format!("{} = {}", leaf.path, leaf.value))
            .collect()
    }

    #[test]
    fn every_value_has_its_way() {
        let yaml = "replicas: 2\nspec:\n  containers:\n    - { name: web, image: \"r/web:1\", args: [-v, -q] }\n    - { name: log, env: {}, ports: [] }\n  none:\n";
        let found = [
            "replicas = 2",
            "spec.containers[name=web].name = web",
            "spec.containers[name=web].image = r/web:1",
            "spec.containers[name=web].args[0] = -v",
            "spec.containers[name=web].args[1] = -q",
            "spec.containers[name=log].name = log",
            "spec.containers[name=log].env = {}",
            "spec.containers[name=log].ports = []",
            "spec.none = ",
        ];
        assert_eq!(told(yaml, Format::Yaml), found);
        let keys = &leaves(yaml, Format::Yaml).unwrap()[2].keys;
        assert_eq!(keys, &["spec", "containers", "image"]);
    }

    #[test]
    fn several_documents_are_told_apart_by_what_they_are() {
        let yaml = "kind: Service\nmetadata: { name: web }\n---\nkind: Deployment\nmetadata: { name: web }\n---\na: 1\n";
        assert_eq!(
            told(yaml, Format::Yaml),
            [
                "Service/web: kind = Service",
                "Service/web: metadata.name = web",
                "Deployment/web: kind = Deployment",
                "Deployment/web: metadata.name = web",
                "document 2: a = 1",
            ]
        );
    }

    #[test]
    fn every_format_is_read() {
        for (text, format) in [
            ("{\"a\": {\"b\": 1}}", Format::Json),
            ("[a]\nb = 1\n", Format::Toml),
            ("a {\n  b = 1\n}\n", Format::Hcl),
            ("a: { b: 1 }\n", Format::Yaml),
        ] {
            assert_eq!(told(text, format), ["a.b = 1"], "{format:?}");
        }
        assert_eq!(told("A_B=1\n", Format::Lines), ["A_B = 1"]);
        assert!(leaves("a: [", Format::Yaml).is_err());
    }
}
