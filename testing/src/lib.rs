//! testing

pub mod fuzz;
pub mod history;
