//! testing

pub mod history;
