//! What a server said: made fit to be shown, and what it comes to.

use crate::RepoError;

/// How much of it is repeated.
const LONGEST: usize = 400;

/// What a line that a phrase stands in comes to.
type Cause = fn(String) -> RepoError;

/// What each phrase of git, its transports and ssh means. The first that is found counts: the more
/// exact stand before the more general.
const PHRASES: [(&str, Cause); 22] = [
    ("does not support --atomic", |_| RepoError::NotAtomic),
    ("Host key verification failed", RepoError::HostKey),
    ("Authentication failed", RepoError::Login),
    ("could not read Username", RepoError::Login),
    ("could not read Password", RepoError::Login),
    ("Permission denied (", RepoError::Login),
    ("returned error: 401", RepoError::Login),
    ("returned error: 403", RepoError::Login),
    ("Could not resolve host", RepoError::Unreachable),
    ("Connection refused", RepoError::Unreachable),
    ("Connection timed out", RepoError::Unreachable),
    ("Couldn't connect", RepoError::Unreachable),
    ("Failed to connect", RepoError::Unreachable),
    ("unable to connect", RepoError::Unreachable),
    ("Operation too slow", RepoError::Unreachable),
    ("No route to host", RepoError::Unreachable),
    ("returned error: 5", RepoError::Unreachable),
    ("access denied or repository not exported", RepoError::Missing),
    ("does not appear to be a git repository", RepoError::Missing),
    ("not found", RepoError::Missing),
    ("returned error: 404", RepoError::Missing),
    ("does not exist", RepoError::Missing),
];

/// The cause of a failure to talk to a server, told by git's own words; none if they are not known.
pub(crate) fn cause(output: &str) -> Option<RepoError> {
    let (phrase, error) = PHRASES.iter().find(|(phrase, _)| output.contains(phrase))?;
    let line = output.lines().find(|line| line.contains(phrase));
    Some(error(plain(line.unwrap_or(phrase))))
}

/// What a hook or the server itself says to people, which git puts behind `remote:`.
pub(crate) fn remarks(output: &str) -> String {
    let lines = output.lines().filter_map(|line| line.strip_prefix("remote:"));
    let lines: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    plain(&lines.join(" / "))
}

/// Text of strangers, bounded, on one line, and without anything that moves a terminal or turns letters round.
pub(crate) fn plain(text: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let seen = |c: char| if c.is_control() { ' ' } else { c };
    let mut text: String = text.chars().filter(|c| !hidden(*c)).map(seen).collect();
    text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LONGEST {
        text = text.chars().take(LONGEST).chain(['…']).collect();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_say_is_bounded_and_harmless() {
        let hook = "remote: \u{1b}[31mno\u{1b}[0m\u{202e} deploys\r\nTo x\nremote:   on Friday\n";
        assert_eq!(remarks(hook), "[31mno [0m deploys / on Friday");
        assert_eq!(plain(&"x".repeat(5000)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn the_exact_cause_counts_before_the_general_one() {
        let ssh = "Host key verification failed.\nfatal: Could not read from remote repository.\nnot found";
        assert_eq!(cause(ssh).unwrap().code(), "repo.host_key");
        assert!(cause("fatal: something else").is_none());
    }
}
