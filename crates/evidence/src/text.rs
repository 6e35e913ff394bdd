//! Text as a stream of lines, or of records separated by commas.

use crate::error::{EvidenceError, Fault, Place, Result, from_io};
use crate::source::Bytes;
use crate::{Expect, Limits};
use std::io::{BufRead, BufReader, Read};

/// Lines, one after the other, without their ends.
pub(crate) struct Lines<'r> {
    text: BufReader<&'r mut dyn Read>,
    buffer: Vec<u8>,
    longest: usize,
    left: u64,
    number: u64,
    ended: bool,
}

/// Reads a text from its beginning to its end, and adds the line to what goes wrong.
pub(crate) fn read<T>(
    bytes: &mut Bytes<'_>,
    expect: &Expect<'_>,
    look: impl FnOnce(&mut Lines<'_>) -> Result<T>,
) -> Result<T> {
    bytes.pass(|text| {
        let mut lines = Lines::new(text, &expect.limits);
        let outcome = look(&mut lines);
        let line = lines.number;
        outcome.map_err(|error| error.or_at(|| Place::At { line, column: 1 }))
    })
}

impl<'r> Lines<'r> {
    pub(crate) fn new(text: &'r mut dyn Read, limits: &Limits) -> Self {
        Self {
            text: BufReader::with_capacity(64 << 10, text),
            buffer: Vec::new(),
            longest: limits.text,
            left: limits.items,
            number: 0,
            ended: true,
        }
    }

    /// Whether the last line had an end. A text that was cut off has none.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    pub(crate) fn next(&mut self) -> Result<Option<&str>> {
        self.buffer.clear();
        self.raw_line()?;
        if self.buffer.is_empty() {
            return Ok(None);
        }
        let mut line = self.buffer.as_slice();
        self.ended = line.ends_with(b"\n");
        line = line.strip_suffix(b"\n").unwrap_or(line);
        line = line.strip_suffix(b"\r").unwrap_or(line);
        checked(line).map(Some)
    }

    /// One record of separated values. Values in quotes may hold the separator and ends of lines.
    pub(crate) fn record(&mut self, separator: char, found: &mut Vec<String>) -> Result<bool> {
        self.buffer.clear();
        found.clear();
        let mut quotes = 0;
        loop {
            let before = self.buffer.len();
            self.raw_line()?;
            if self.buffer.is_empty() {
                return Ok(false);
            }
            quotes += self.buffer[before..].iter().filter(|byte| **byte == b'"').count();
            if quotes % 2 == 0 {
                break;
            }
            if self.buffer.len() == before {
                let what = "a quoted value is not closed";
                return Err(EvidenceError::whole(Fault::Truncated, what));
            }
        }
        self.ended = self.buffer.ends_with(b"\n");
        let text = checked(&self.buffer)?;
        split(text.trim_end_matches(['\r', '\n']), separator, found);
        Ok(true)
    }

    /// Adds the next line to the buffer, with its end.
    fn raw_line(&mut self) -> Result<()> {
        let room = (self.longest + 1).saturating_sub(self.buffer.len()) as u64;
        let read = self.text.by_ref().take(room).read_until(b'\n', &mut self.buffer);
        if read.map_err(from_io)? == 0 {
            return Ok(());
        }
        self.number += 1;
        if self.buffer.len() > self.longest {
            let what = format!("a line is longer than {} bytes", self.longest);
            return Err(EvidenceError::whole(Fault::TooLong, what));
        }
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            EvidenceError::whole(Fault::TooMany, "there are more lines than the limit allows")
        })?;
        Ok(())
    }
}

fn checked(line: &[u8]) -> Result<&str> {
    std::str::from_utf8(line).map_err(|_| EvidenceError::whole(Fault::Encoding, "the line is not UTF-8"))
}

fn split(text: &str, separator: char, found: &mut Vec<String>) {
    let (mut value, mut quoted) = (String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                value.push('"');
            }
            '"' => quoted = !quoted,
            other if other == separator && !quoted => found.push(std::mem::take(&mut value)),
            other => value.push(other),
        }
    }
    found.push(value);
}
