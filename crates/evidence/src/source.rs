//! The bytes of a report: surveyed once, then read as often as a format needs.

use crate::Limits;
use crate::error::{EvidenceError, Fault, Place, Result, from_io};
use gradus_model::Digest;
use sha2::{Digest as _, Sha256};
use std::io::{BufReader, Read, Seek, SeekFrom};

const CHUNK: usize = 64 << 10;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What a report can be read from.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// A surveyed report: it is UTF-8 text without NUL, within its size, and its digest is known.
pub(crate) struct Bytes<'s> {
    source: &'s mut dyn Source,
    /// How many bytes of byte order mark there are before the text.
    skip: u64,
    /// How many bytes there are altogether.
    len: u64,
    digest: [u8; 32],
    blank: bool,
}

impl<'s> Bytes<'s> {
    pub(crate) fn survey(source: &'s mut dyn Source, limits: &Limits) -> Result<Self> {
        let mut survey = Survey::default();
        let mut chunk = vec![0; CHUNK];
        source.seek(SeekFrom::Start(0)).map_err(from_io)?;
        loop {
            match source.read(&mut chunk) {
                Ok(0) => break,
                Ok(n) => survey.look(&chunk[..n], limits)?,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(from_io(error)),
            }
        }
        if !survey.carry.is_empty() {
            return Err(not_utf8(survey.len - survey.carry.len() as u64));
        }
        Ok(Self {
            source,
            skip: if survey.bom { BOM.len() as u64 } else { 0 },
            len: survey.len,
            digest: survey.hash.finalize().into(),
            blank: survey.blank || survey.len == 0,
        })
    }

    /// Whether there is nothing but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.blank
    }

    pub(crate) fn digest(&self) -> Result<Digest> {
        let hex: String = self.digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Digest::new(format!("sha256:{hex}"))
            .map_err(|problem| EvidenceError::whole(Fault::Malformed, problem.to_string()))
    }

    /// Calls `look` with the text from its beginning. Once `look` is done, the rest is read as well,
    /// so that it is certain that the same bytes were read as were surveyed.
    pub(crate) fn pass<T>(&mut self, look: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
        self.source.seek(SeekFrom::Start(0)).map_err(from_io)?;
        let mut hashed = Hashed {
            inner: &mut *self.source,
            hash: Sha256::new(),
            left: self.len,
        };
        let mut bom = [0; BOM.len()];
        hashed
            .read_exact(&mut bom[..self.skip as usize])
            .map_err(from_io)?;
        let outcome = look(&mut hashed)?;
        std::io::copy(&mut hashed, &mut std::io::sink()).map_err(from_io)?;
        let same: [u8; 32] = hashed.hash.finalize().into();
        if same != self.digest {
            let what = "the report changed while it was read";
            return Err(EvidenceError::whole(Fault::Changed, what));
        }
        Ok(outcome)
    }

    /// Calls `look` with the beginning of the text, which may end anywhere.
    pub(crate) fn peek<T>(&mut self, look: impl FnOnce(&mut dyn Read) -> T) -> Result<T> {
        self.source.seek(SeekFrom::Start(self.skip)).map_err(from_io)?;
        Ok(look(&mut BufReader::new((&mut *self.source).take(CHUNK as u64))))
    }

    /// The line and column of a byte of the text.
    pub(crate) fn place(&mut self, offset: u64) -> Place {
        let at = self.skip + offset;
        let mut text = BufReader::with_capacity(CHUNK, (&mut *self.source).take(at));
        let (mut line, mut column, mut chunk) = (1, 1, [0; 4096]);
        if text.get_mut().get_mut().seek(SeekFrom::Start(0)).is_err() {
            return Place::Byte(at);
        }
        while let Ok(n) = text.read(&mut chunk) {
            if n == 0 {
                break;
            }
            for byte in &chunk[..n] {
                (line, column) = if *byte == b'\n' {
                    (line + 1, 1)
                } else {
                    (line, column + 1)
                };
            }
        }
        Place::At { line, column }
    }
}

#[derive(Default)]
struct Survey {
    hash: Sha256,
    len: u64,
    bom: bool,
    blank: bool,
    /// The beginning of a character whose end comes with the next chunk.
    carry: Vec<u8>,
}

impl Survey {
    fn look(&mut self, chunk: &[u8], limits: &Limits) -> Result<()> {
        let start = self.len;
        if start == 0 {
            self.begin(chunk)?;
        }
        self.len += chunk.len() as u64;
        if self.len > limits.bytes {
            let what = format!("the report has more than {} bytes", limits.bytes);
            return Err(EvidenceError::new(
                Fault::TooLarge,
                Place::Byte(limits.bytes),
                what,
            ));
        }
        self.hash.update(chunk);
        if let Some(at) = chunk.iter().position(|byte| *byte == 0) {
            let what = "the report holds a NUL byte";
            return Err(EvidenceError::new(
                Fault::Encoding,
                Place::Byte(start + at as u64),
                what,
            ));
        }
        let body = if self.bom && start == 0 {
            &chunk[BOM.len()..]
        } else {
            chunk
        };
        self.blank &= body.iter().all(u8::is_ascii_whitespace);
        self.characters(chunk, start)
    }

    fn begin(&mut self, chunk: &[u8]) -> Result<()> {
        self.bom = chunk.starts_with(BOM);
        self.blank = true;
        if chunk.starts_with(&[0xFF, 0xFE]) || chunk.starts_with(&[0xFE, 0xFF]) {
            return Err(EvidenceError::new(
                Fault::Encoding,
                Place::Byte(0),
                "the report is UTF-16",
            ));
        }
        Ok(())
    }

    fn characters(&mut self, chunk: &[u8], start: u64) -> Result<()> {
        let mut rest = chunk;
        while !self.carry.is_empty() && !rest.is_empty() {
            self.carry.push(rest[0]);
            rest = &rest[1..];
            match std::str::from_utf8(&self.carry) {
                Ok(_) => self.carry.clear(),
                Err(error) if error.error_len().is_some() => return Err(not_utf8(start)),
                Err(_) => {}
            }
        }
        match std::str::from_utf8(rest) {
            Ok(_) => Ok(()),
            Err(error) if error.error_len().is_none() => {
                self.carry = rest[error.valid_up_to()..].to_vec();
                Ok(())
            }
            Err(error) => {
                let before = chunk.len() - rest.len() + error.valid_up_to();
                Err(not_utf8(start + before as u64))
            }
        }
    }
}

fn not_utf8(offset: u64) -> EvidenceError {
    EvidenceError::new(Fault::Encoding, Place::Byte(offset), "the report is not UTF-8")
}

/// Reads no further than the survey did, so that a growing file stays within its limit.
struct Hashed<'a> {
    inner: &'a mut dyn Source,
    hash: Sha256,
    left: u64,
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let n = self.inner.read(&mut buffer[..most])?;
        self.hash.update(&buffer[..n]);
        self.left -= n as u64;
        Ok(n)
    }
}
