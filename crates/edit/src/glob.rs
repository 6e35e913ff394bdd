//! Patterns of paths.

use crate::{EditError, Place, Why};

/// A pattern of paths such as `values-*.yaml`, `secrets/**` or `**/local.env`.
///
/// `*` stands for any part of a name, `?` for one character of it, and `**` alone between slashes for any
/// number of folders, at the end also for everything inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<String>,
}

impl Glob {
    /// Checks a pattern.
    pub fn new(text: &str) -> Result<Self, EditError> {
        let parts: Vec<String> = text.split('/').map(str::to_owned).collect();
        let strange = |part: &String| part.contains("**") && part != "**";
        let reason = if parts.iter().any(|part| matches!(part.as_str(), "" | "." | "..")) {
            "a pattern is a plain path inside the folder: no slash at its ends, no dots alone"
        } else if parts.iter().any(strange) {
            "** stands alone between slashes"
        } else if text.contains(['[', ']', '{', '}', '\\', '!']) {
            "a pattern has only *, ? and **"
        } else {
            return Ok(Self { parts });
        };
        Err(EditError {
            place: Place { line: 1, column: 1 },
            why: Why::Path {
                path: text.to_owned(),
                reason,
            },
        })
    }

    /// Whether a path fits.
    pub fn matches(&self, path: &str) -> bool {
        // Which parts of the path the pattern so far can have used up: no going back, so no pattern is slow.
        let names: Vec<&str> = path.split('/').collect();
        let mut reached = vec![false; names.len() + 1];
        reached[0] = true;
        for (at, part) in self.parts.iter().enumerate() {
            let mut next = vec![false; names.len() + 1];
            if part == "**" {
                // At the end it wants something inside the folder.
                let least = usize::from(at + 1 == self.parts.len());
                let first = reached.iter().position(|yes| *yes).unwrap_or(names.len() + 1);
                for yes in next.iter_mut().skip(first + least) {
                    *yes = true;
                }
            } else {
                for (at, name) in names.iter().enumerate() {
                    next[at + 1] = reached[at] && fits(part, name);
                }
            }
            reached = next;
        }
        reached.last().copied().unwrap_or(false)
    }
}

/// Whether a name fits one part of a pattern.
fn fits(part: &str, name: &str) -> bool {
    let (part, name): (Vec<char>, Vec<char>) = (part.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match part.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            // The last star takes one character more.
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    n = taken + 1;
                }
                None => return false,
            },
        }
    }
    part[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn patterns_fit_what_they_say() {
        for (pattern, path, fits) in [
            ("a.yaml", "a.yaml", true),
            ("a.yaml", "b/a.yaml", false),
            ("*.yaml", "a.yaml", true),
            ("*.yaml", "b/a.yaml", false),
            ("**/*.yaml", "a.yaml", true),
            ("**/*.yaml", "b/c/a.yaml", true),
            ("secrets/**", "secrets/a/b", true),
            ("secrets/**", "secrets", false),
            ("**", "a/b", true),
            ("a/**/z", "a/z", true),
            ("a/**/z", "a/b/c/z", true),
            ("a/**/z", "a/b/c/y", false),
            ("values-?.yaml", "values-1.yaml", true),
            ("values-?.yaml", "values-10.yaml", false),
            ("a*b*c", "aXbbYc", true),
            ("a*b*c", "aXbbYcd", false),
            ("**/a/**", "x/a/y", true),
            ("**/a/**", "a", false),
            ("*", "ü", true),
            ("?", "ü", true),
        ] {
            assert_eq!(
                Glob::new(pattern).unwrap().matches(path),
                fits,
                "{pattern} {path}"
            );
        }
        for bad in ["", "/a", "a/", "a//b", "../a", "a**", "[a]", "!a", "{a,b}"] {
            assert!(Glob::new(bad).is_err(), "{bad}");
        }
    }
}
