//! Watches JSON go by, byte by byte, before the parser sees it: how deep, how long.

use crate::Limits;
use crate::error::{EvidenceError, Fault, Place};
use std::io::Read;

pub(crate) struct Guard<R> {
    inner: R,
    depth: usize,
    deepest: usize,
    longest: usize,
    /// How long the present text is; none between texts.
    text: Option<usize>,
    escaped: bool,
    line: u64,
    column: u64,
}

impl<R: Read> Guard<R> {
    pub(crate) fn new(inner: R, limits: &Limits) -> Self {
        Self {
            inner,
            depth: 0,
            deepest: limits.depth,
            longest: limits.text,
            text: None,
            escaped: false,
            line: 1,
            column: 0,
        }
    }

    fn watch(&mut self, byte: u8) -> Result<(), EvidenceError> {
        self.column += 1;
        if byte == b'\n' {
            (self.line, self.column) = (self.line + 1, 0);
        }
        if let Some(length) = &mut self.text {
            *length += 1;
            if *length > self.longest {
                let what = format!("a text is longer than {} bytes", self.longest);
                return Err(self.stop(Fault::TooLong, what));
            }
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.text = None,
                _ => {}
            }
            return Ok(());
        }
        match byte {
            b'"' => self.text = Some(0),
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > self.deepest {
            let what = format!("values are nested more than {} deep", self.deepest);
            return Err(self.stop(Fault::TooDeep, what));
        }
        Ok(())
    }

    fn stop(&self, fault: Fault, what: String) -> EvidenceError {
        let (line, column) = (self.line, self.column);
        EvidenceError::new(fault, Place::At { line, column }, what)
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        for byte in &buffer[..n] {
            self.watch(*byte)?;
        }
        Ok(n)
    }
}
