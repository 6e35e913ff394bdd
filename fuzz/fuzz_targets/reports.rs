//! Every report format: the first byte names it, the rest is the report. What is garbage is never a
//! pass, and nothing panics, whatever it is.
#![no_main]

use gradus_evidence::{Expect, FORMATS, Limits, read};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, report)) = bytes.split_first() else {
        return;
    };
    let limits = Limits {
        bytes: 1 << 20,
        ..Limits::default()
    };
    // One past the last: the content decides.
    let format = FORMATS.get(usize::from(*first) % (FORMATS.len() + 1)).map(|format| format.name);
    let expect = Expect {
        format,
        exit_code: Some(0),
        limits,
        ..Expect::default()
    };
    let _ = read(Cursor::new(report), &expect);
});
