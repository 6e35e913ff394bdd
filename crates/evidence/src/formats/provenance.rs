//! stub
/// Key
#[derive(Debug, Clone)]
pub struct Key;
/// Error
#[derive(Debug, Clone)]
pub struct KeyError;
