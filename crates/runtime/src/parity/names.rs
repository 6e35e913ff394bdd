//! The name of an environment, taken for the same word in both.

/// What stands for it.
const STANDS: &str = "${environment}";

/// A text in which an environment's name, where it is a word of its own, is `${environment}`: `prod-db`, and
/// not `product`.
pub(super) fn nameless(text: &str, name: &str) -> String {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(name).filter(|_| !name.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        out.push_str(before);
        let last = before.chars().next_back().or_else(|| out.chars().next_back());
        let word = !inside(last) && !inside(after.chars().next());
        out.push_str(if word { STANDS } else { name });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::nameless;

    #[test]
    fn only_whole_words_are_names() {
        for (text, told) in [
            ("prod", "${environment}"),
            ("db.prod-eu/prod", "db.${environment}-eu/${environment}"),
            ("product of prod", "product of ${environment}"),
            ("nonprod", "nonprod"),
            ("prodprod prod_1", "prodprod ${environment}_1"),
            ("", ""),
        ] {
            assert_eq!(nameless(text, "prod"), told, "{text}");
        }
    }
}
