//! What a kustomization renders to must hold the new digests and no longer the old ones: an edit can be
//! right by itself and still not be what runs.

use super::steps::Errand;
use crate::hands::HandsError;
use gradus_model::{Commit, RepositoryName};
use gradus_parts::steps::Files;
use std::collections::{BTreeMap, BTreeSet};

impl Errand<'_> {
    /// Refuses files that do not render to what was meant, where this machine can find out.
    pub(super) fn rendered(
        &self,
        repository: &RepositoryName,
        (parent, files): (Option<&Commit>, &BTreeMap<String, Option<String>>),
        before: &Files,
    ) -> Result<(), HandsError> {
        for placed in self.steps {
            let settings = &placed.part.settings;
            let own = settings.text("repository") == Some(repository.as_str());
            if !own || placed.part.kind != "edit" || settings.text("as") != Some("kustomize") {
                continue;
            }
            let path = settings.text("file").unwrap_or_default();
            let Some(after) = files.get(path).and_then(Option::as_deref) else {
                continue;
            };
            let mut before = before
                .iter()
                .filter(|(address, _)| address.repository == *repository && address.path == path);
            let before = before.next().and_then(|(_, text)| text.as_deref());
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let Some(text) = self.pen.hands.render(repository, parent, files, folder)? else {
                return Ok(());
            };
            judge(path, (before.unwrap_or_default(), after), &text)?;
        }
        Ok(())
    }
}

/// Whether a rendered text follows a change of digests.
fn judge(path: &str, (before, after): (&str, &str), rendered: &str) -> Result<(), HandsError> {
    let (old, new, shown) = (digests(before), digests(after), digests(rendered));
    let wrong = |what: String| HandsError {
        code: "edit.rendered",
        ..HandsError::lasting(format!("rendered, {path} {what}"))
    };
    if let Some(missing) = new.difference(&old).find(|digest| !shown.contains(*digest)) {
        return Err(wrong(format!(
            "does not hold {missing}: nothing there runs that image"
        )));
    }
    match old.difference(&new).find(|digest| shown.contains(*digest)) {
        Some(left) => Err(wrong(format!("still holds {left}: something else pins it"))),
        None => Ok(()),
    }
}

fn digests(text: &str) -> BTreeSet<&str> {
    let starts = text.match_indices("sha256:").map(|(at, _)| at);
    starts.filter_map(|at| text.get(at..at + 71)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_digest_is_there_and_the_old_one_is_not() {
        let [a, b, c] = ["a", "b", "c"].map(|digit| format!("sha256:{}", digit.repeat(64)));
        let judged = |before: &str, after: &str, rendered: &str| {
            judge("k.yaml", (before, after), rendered).map_err(|error| error.message)
        };
        assert_eq!(judged(&a, &b, &format!("image: x@{b}\n")), Ok(()));
        assert_eq!(judged("newTag: 1", &b, &format!("image: x@{b}\n")), Ok(()));
        assert!(
            judged(&a, &b, "image: x:1\n")
                .unwrap_err()
                .contains("nothing there runs")
        );
        let both = format!("image: x@{b}\nimage: y@{a}\n");
        assert!(judged(&a, &b, &both).unwrap_err().contains("something else pins"));
        // What this edit did not touch is none of its business.
        let (before, after) = (format!("{a} {c}"), format!("{b} {c}"));
        assert_eq!(judged(&before, &after, &b), Ok(()));
    }
}
