//! Which plain words some YAML reader takes for another thing than a text.
//!
//! YAML 1.1 and 1.2 differ, and readers differ from both. What any of them misreads counts.

/// Words that mean something, in any case.
const WORDS: [&str; 14] = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".nan", ".inf", "+.inf", "-.inf", "~",
];

/// Whether some reader takes this plain word for a number, a truth, a date or nothing.
pub(crate) fn misread(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    word.is_empty()
        || matches!(word, "=" | "<<")
        || WORDS.contains(&lower.as_str())
        || number(&lower)
        || sexagesimal(&lower)
        || date(word)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whole, hexadecimal, octal, binary, with a point or with an exponent; underscores and commas separate
/// digits for some readers.
fn number(word: &str) -> bool {
    let bare = word.strip_prefix(['+', '-']).unwrap_or(word);
    let bare: String = bare.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = bare.strip_prefix(prefix) {
            return rest.chars().all(|c| c.is_digit(base));
        }
    }
    let (mantissa, exponent) = bare.split_once('e').unwrap_or((&bare, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |text: &str| text.is_empty() || digits(text);
    (digits(exponent) || exponent.is_empty())
        && plain(whole)
        && plain(part)
        && !(whole.is_empty() && part.is_empty())
}

/// `1:20` and `190:20:30.15` are numbers to the base of sixty in YAML 1.1.
fn sexagesimal(word: &str) -> bool {
    let bare = word.strip_prefix(['+', '-']).unwrap_or(word).replace('_', "");
    let mut parts = bare.split(':');
    let first = parts.next().is_some_and(digits);
    let mut rest = parts.peekable();
    first && rest.peek().is_some() && rest.all(|part| digits(&part.replacen('.', "", 1)))
}

/// What begins like `2024-05-01` may become a date.
fn date(word: &str) -> bool {
    let mut parts = word.splitn(3, '-');
    let year = parts.next().is_some_and(|part| part.len() == 4 && digits(part));
    let month = parts.next().is_some_and(|part| part.len() <= 2 && digits(part));
    let day = parts
        .next()
        .is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    year && month && day
}

/// Whether a value can stand without quotes, in block and in flow style, and be a text for every reader.
pub(crate) fn plain(value: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || "._/@+-:=?&%".contains(c);
    let first = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '_');
    value.starts_with(first) && value.chars().all(inside) && !value.ends_with(':') && !misread(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_some_reader_misreads() {
        for word in [
            "",
            "~",
            "null",
            "Null",
            "yes",
            "NO",
            "On",
            "off",
            "y",
            "N",
            "TRUE",
            "false",
            "0",
            "42",
            "-7",
            "+1",
            "1.10",
            "1.",
            ".5",
            "1e10",
            "12345e7",
            "1E+3",
            "1.5e-3",
            "0123",
            "0o17",
            "0x1F",
            "0b101",
            "1_000",
            "1,000",
            "1:20",
            "190:20:30.15",
            "2024-05-01",
            "2024-5-1",
            "2001-12-14t21:59:43.10-05:00",
            ".inf",
            "-.INF",
            ".nan",
            "=",
            "<<",
            "1__0.5_0",
            "123e",
            "0x_1f",
        ] {
            assert!(misread(word), "{word:?}");
            assert!(!plain(word), "{word:?}");
        }
    }

    #[test]
    fn what_every_reader_takes_for_a_text() {
        for word in [
            "1.4.0",
            "v1",
            "v1.10",
            "web",
            "1.4.0-rc.1",
            "1.10-alpine",
            "nginx:1.25",
            "reg:5000/app:v1",
            "sha256:00ff",
            "20240501-abc",
            "yesno",
            "1.2.3+build.5",
            "a1e10",
            "e10",
            "2024.05.01",
        ] {
            assert!(!misread(word), "{word:?}");
            assert!(plain(word), "{word:?}");
        }
        for word in [
            "a b", "#a", "a: b", "a:", "-a", "'a", "é", "{a}", "a,b", "@a", "*a", "&a", "!a", "%a",
        ] {
            assert!(!plain(word), "{word:?}");
        }
    }
}
