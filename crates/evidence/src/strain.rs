//! Takes long runs of text out of XML before they reach the parser.
//!
//! Test reports carry captured output, sometimes most of the file. Nobody here reads it, so only
//! its beginning is let through. What is inside tags is never touched: a tag that is too long is
//! refused, as is anything that a document type could smuggle in.

use crate::error::{EvidenceError, Fault};
use std::io::Read;

/// How much of one run of text, CDATA or comment is let through.
const KEPT: usize = 64 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum In {
    Text,
    /// After `<`, until it is known what it opens.
    Opening,
    Tag,
    Quoted(u8),
    Comment,
    Cdata,
    Instruction,
}

/// A filter in front of the XML parser.
pub(crate) struct Strainer<R> {
    inner: R,
    state: In,
    /// How many bytes of the present run have been seen, and how many of them were taken out.
    run: usize,
    lost: u64,
    /// What has been seen since `<`, until it is known what it opens.
    opening: Vec<u8>,
    /// The last two bytes of the present run, so that its end is seen.
    tail: [u8; 2],
    longest: usize,
    passed: u64,
    dropped: u64,
    /// At which byte let through how many bytes had been dropped before it.
    gaps: Vec<(u64, u64)>,
    chunk: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
}

impl<R: Read> Strainer<R> {
    pub(crate) fn new(inner: R, longest: usize) -> Self {
        Self {
            inner,
            state: In::Text,
            run: 0,
            lost: 0,
            opening: Vec::new(),
            tail: [0; 2],
            longest,
            passed: 0,
            dropped: 0,
            gaps: Vec::new(),
            chunk: vec![0; 64 << 10],
            ready: Vec::new(),
            at: 0,
        }
    }

    /// The place in the report of a byte that was let through.
    pub(crate) fn original(&self, offset: u64) -> u64 {
        let before = self.gaps.iter().rev().find(|(at, _)| *at <= offset);
        offset + before.map_or(0, |(_, dropped)| *dropped)
    }

    fn begin(&mut self, state: In) {
        self.state = state;
        self.run = 0;
        self.lost = 0;
        self.tail = [0; 2];
    }

    /// Takes one byte; whether it is let through.
    fn step(&mut self, byte: u8) -> Result<bool, EvidenceError> {
        self.run += 1;
        match self.state {
            In::Text if byte == b'<' => {
                self.begin(In::Opening);
                self.opening.clear();
                return Ok(true);
            }
            In::Text => return Ok(self.keeps(byte)),
            In::Opening => self.opened(byte),
            In::Tag => match byte {
                b'>' => self.begin(In::Text),
                b'"' | b'\'' => self.state = In::Quoted(byte),
                _ => {}
            },
            In::Quoted(quote) if byte == quote => self.state = In::Tag,
            In::Quoted(_) => {}
            In::Comment | In::Cdata | In::Instruction => return Ok(self.inert(byte)),
        }
        if self.run > self.longest {
            let what = format!("a tag is longer than {} bytes", self.longest);
            return Err(EvidenceError::whole(Fault::TooLong, what));
        }
        Ok(true)
    }

    fn opened(&mut self, byte: u8) {
        self.opening.push(byte);
        let open = self.opening.as_slice();
        match open {
            b"?" => self.begin(In::Instruction),
            b"!--" => self.begin(In::Comment),
            b"![CDATA[" => self.begin(In::Cdata),
            _ if b"!--".starts_with(open) || b"![CDATA[".starts_with(open) => {}
            _ if byte == b'>' => self.begin(In::Text),
            _ if byte == b'"' || byte == b'\'' => self.state = In::Quoted(byte),
            _ => self.state = In::Tag,
        }
    }

    /// Long comments and CDATA lose their middle, never their end.
    fn inert(&mut self, byte: u8) -> bool {
        let ends = match self.state {
            In::Instruction => byte == b'>' && self.tail[1] == b'?',
            // `<!-->` is no whole comment: the dashes must be its own.
            In::Comment => byte == b'>' && self.tail == *b"--",
            _ => byte == b'>' && self.tail == *b"]]",
        };
        if ends {
            self.begin(In::Text);
            return true;
        }
        self.tail = [self.tail[1], byte];
        self.keeps(byte)
    }

    /// Whether the present run still goes through. It is cut neither within a character nor within
    /// a reference such as `&amp;`.
    fn keeps(&mut self, byte: u8) -> bool {
        let reference = self.state == In::Text && byte == b'&' && self.run > KEPT - 32;
        let cut = self.lost > 0 || reference || (self.run > KEPT && byte & 0xC0 != 0x80);
        self.lost += u64::from(cut);
        !cut
    }

    fn refill(&mut self) -> std::io::Result<bool> {
        let n = loop {
            match self.inner.read(&mut self.chunk) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.ready.clear();
        self.at = 0;
        let chunk = std::mem::take(&mut self.chunk);
        for &byte in &chunk[..n] {
            let (tail, lost) = (self.tail, self.lost);
            let inert = matches!(self.state, In::Comment | In::Cdata | In::Instruction);
            if !self.step(byte)? {
                self.dropped += 1;
                continue;
            }
            if inert && self.state == In::Text {
                // What ends the run was taken out with its middle; the parser needs it.
                let missing = lost.min(2);
                self.dropped -= missing;
                self.let_through(&tail[2 - missing as usize..]);
            }
            self.let_through(&[byte]);
        }
        self.chunk = chunk;
        Ok(n > 0)
    }

    fn let_through(&mut self, bytes: &[u8]) {
        let known = self.gaps.last().map_or(0, |(_, dropped)| *dropped);
        if known != self.dropped {
            self.gaps.push((self.passed, self.dropped));
        }
        self.ready.extend_from_slice(bytes);
        self.passed += bytes.len() as u64;
    }
}

impl<R: Read> Read for Strainer<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.ready.len() {
            if !self.refill()? {
                return Ok(0);
            }
        }
        let n = buffer.len().min(self.ready.len() - self.at);
        buffer[..n].copy_from_slice(&self.ready[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
