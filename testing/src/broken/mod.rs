//! Broken copies of the sources that `cargo mutants` does not make: a condition dropped, a clock's ends swapped,
//! the least taken for the greatest, the first for the last.
//!
//! - Every break of a crate stands in one instrumented copy, each behind a switch that the environment turns on, so
//!   one build serves all of them.
//! - An edit only inserts text. So edits nest, and what is not switched on reads as before.
//! - Code inside `const` functions and macros is left alone: a switch cannot be read there, or `syn` does not see it.

mod find;

pub use find::{Break, Edit, breaks_of};

/// The module that each instrumented crate gets: whether break number `n` is switched on.
pub const SWITCH: &str = "
#[doc(hidden)]
#[allow(missing_docs, unreachable_pub, dead_code, clippy::all)]
pub mod broken_here {
    static ON: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    pub fn on(n: u32) -> bool {
        *ON.get_or_init(|| std::env::var(\"BROKEN\").ok().and_then(|text| text.parse().ok()).unwrap_or(u32::MAX)) == n
    }
}
";

/// A source with these breaks built in.
#[must_use]
pub fn instrumented(source: &str, breaks: &[Break]) -> String {
    let mut inserts: Vec<(usize, usize, usize, String)> = Vec::new();
    for (order, found) in breaks.iter().enumerate() {
        let Edit { start, end, before, after } = &found.edit;
        let switch = format!("crate::broken_here::on({})", found.number);
        // Of edits that open at one place the outer one, which ends later, goes first; of those that close there, last.
        inserts.push((*start, usize::MAX - end, order, before.replace("SWITCH", &switch)));
        inserts.push((*end, 0, usize::MAX - order, after.clone()));
    }
    // What closes at a place closes before anything opens there.
    inserts.sort_by_key(|(at, rank, order, _)| (*at, *rank, *order));
    let mut text = String::with_capacity(source.len() * 2);
    let mut done = 0;
    for (at, _, _, piece) in inserts {
        text.push_str(&source[done..at]);
        text.push_str(&piece);
        done = at;
    }
    text.push_str(&source[done..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(source: &str) -> (usize, String) {
        let breaks = breaks_of("here.rs", source, 0).unwrap();
        (breaks.len(), instrumented(source, &breaks))
    }

    #[test]
    fn each_condition_of_a_chain_can_be_dropped() {
        let (count, text) = broken("fn f(a: bool, b: bool, c: bool) -> bool { a && (b || c) }");
        assert_eq!(count, 4);
        let expected = "fn f(a: bool, b: bool, c: bool) -> bool { crate::broken_here::on(0) || a
            && crate::broken_here::on(1) || !crate::broken_here::on(2) && b || !crate::broken_here::on(3) && c }";
        let plain = |text: &str| text.replace([' ', '\n', '(', ')'], "");
        assert_eq!(plain(&text), plain(expected));
        assert!(syn::parse_file(&text).is_ok());
    }

    #[test]
    fn ends_and_extremes_are_swapped() {
        let source = "fn f(c: Clock, d: u8) -> u8 { c.lo().max(d).min(c.hi()) } fn g() -> u8 { h().first() }";
        let (count, text) = broken(source);
        assert_eq!(count, 5);
        assert!(text.contains("c.hi()") && text.contains("h().last()"));
        assert!(syn::parse_file(&text).is_ok(), "{text}");
    }

    #[test]
    fn a_filter_lets_everything_pass_and_what_is_const_or_a_test_is_left_alone() {
        let source = "fn f(v: &[u8]) -> usize { v.iter().filter(|x| **x > 1).count() }
            const fn g(a: bool, b: bool) -> bool { a && b }
            #[cfg(test)] mod tests { fn h(a: bool, b: bool) -> bool { a && b } }";
        let (count, text) = broken(source);
        assert_eq!(count, 1);
        assert!(text.contains("|x| (crate::broken_here::on(0) || (**x > 1))"), "{text}");
    }
}
