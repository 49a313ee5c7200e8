//! Bugs on purpose, by which the simulator shows that it can fail. Not part of the interface.
//!
//! - Only a build with `--cfg planted` has any; in every other build [`on`] is the constant `false`, and
//!   nothing that anybody can call or enable changes that.
//! - At most one bug is on in a thread, chosen at run time.

#[cfg(planted)]
thread_local! {
    static PLANTED: std::cell::Cell<Option<&'static str>> = const { std::cell::Cell::new(None) };
}

/// Whether the bug of this name is on in this thread.
#[cfg(planted)]
#[must_use]
pub fn on(name: &str) -> bool {
    PLANTED.with(|planted| planted.get() == Some(name))
}

/// Whether the bug of this name is on: never.
#[cfg(not(planted))]
#[must_use]
pub const fn on(_name: &str) -> bool {
    false
}

/// Turns one bug on in this thread, and all others off.
#[cfg(planted)]
pub fn plant(name: Option<&'static str>) {
    PLANTED.with(|planted| planted.set(name));
}
