//! What reports of one kind have in common, whatever their format.

pub(crate) mod coverage;
pub(crate) mod inventory;
pub(crate) mod load;
pub(crate) mod scan;
pub(crate) mod tests;
