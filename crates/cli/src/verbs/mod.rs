//! The verbs, one file each.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod drift;
pub(crate) mod evidence;
pub(crate) mod explain;
pub(crate) mod halt;
pub(crate) mod init;
pub(crate) mod parity;
pub(crate) mod people;
pub(crate) mod promote;
pub(crate) mod promotion;
pub(crate) mod pull;
pub(crate) mod release;
pub(crate) mod shell;
pub(crate) mod status;
pub(crate) mod whereabouts;
pub(crate) mod worker;
