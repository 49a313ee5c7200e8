//! Where a source can be broken, and how.

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// Text to insert around a span; `SWITCH` in it becomes the question whether the break is on.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Byte offset.
    pub start: usize,
    /// Byte offset.
    pub end: usize,
    /// Goes before `start`.
    pub before: String,
    /// Goes after `end`.
    pub after: String,
}

/// One place of a source that can be broken.
#[derive(Debug, Clone)]
pub struct Break {
    /// Its switch.
    pub number: u32,
    /// The file, below the crate.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What it does, for people.
    pub what: String,
    /// How.
    pub edit: Edit,
}

/// All breaks of one source, numbered from `first`.
///
/// # Errors
/// What `syn` says of a source that it cannot read.
pub fn breaks_of(file: &str, source: &str, first: u32) -> syn::Result<Vec<Break>> {
    let tree = syn::parse_file(source)?;
    let mut finder = Finder { source, file, next: first, found: Vec::new() };
    finder.visit_file(&tree);
    Ok(finder.found)
}

struct Finder<'a> {
    source: &'a str,
    file: &'a str,
    next: u32,
    found: Vec<Break>,
}

/// A method and the one that takes its place.
const SWAPS: [(&str, &str); 12] = [
    ("lo", "hi"),
    ("hi", "lo"),
    ("start", "end"),
    ("end", "start"),
    ("min", "max"),
    ("max", "min"),
    ("min_by_key", "max_by_key"),
    ("max_by_key", "min_by_key"),
    ("first", "last"),
    ("last", "first"),
    ("any", "all"),
    ("all", "any"),
];

impl Finder<'_> {
    fn text(&self, start: usize, end: usize) -> &str {
        &self.source[start..end]
    }

    fn push(&mut self, span: proc_macro2::Span, what: String, before: String, after: &str) {
        let range = span.byte_range();
        let edit = Edit { start: range.start, end: range.end, before, after: after.to_owned() };
        let (number, file, line) = (self.next, self.file.to_owned(), span.start().line);
        self.found.push(Break { number, file, line, what, edit });
        self.next += 1;
    }

    fn shown(&self, span: proc_macro2::Span) -> String {
        let range = span.byte_range();
        let text = self.text(range.start, range.end).split_whitespace().collect::<Vec<_>>().join(" ");
        text.chars().take(90).collect()
    }

    /// Drops one side of `&&` or `||`, unless that is a chain of the same operator, whose own sides are dropped.
    fn side(&mut self, side: &syn::Expr, and: bool) {
        let bare = strip(side);
        let same = matches!(bare, syn::Expr::Binary(inner)
            if matches!((&inner.op, and), (syn::BinOp::And(_), true) | (syn::BinOp::Or(_), false)));
        if same || matches!(bare, syn::Expr::Let(_)) {
            return;
        }
        let what = format!("drop `{}`", self.shown(side.span()));
        let before = if and { "(SWITCH || (" } else { "(!SWITCH && (" };
        self.push(side.span(), what, before.to_owned(), "))");
    }
}

fn strip(expr: &syn::Expr) -> &syn::Expr {
    match expr {
        syn::Expr::Paren(inner) => strip(&inner.expr),
        other => other,
    }
}

fn is_test(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| {
        attr.path().is_ident("test")
            || attr
                .meta
                .require_list()
                .is_ok_and(|list| list.path.is_ident("cfg") && list.tokens.to_string() == "test")
    })
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if item.sig.constness.is_none() && !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if item.sig.constness.is_none() {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}

    fn visit_expr_binary(&mut self, expr: &'ast syn::ExprBinary) {
        match expr.op {
            syn::BinOp::And(_) => {
                [&expr.left, &expr.right].into_iter().for_each(|side| self.side(side, true))
            }
            syn::BinOp::Or(_) => {
                [&expr.left, &expr.right].into_iter().for_each(|side| self.side(side, false))
            }
            _ => {}
        }
        visit::visit_expr_binary(self, expr);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        if let Some((_, other)) = SWAPS.iter().find(|(from, _)| *from == name) {
            let (whole, method) = (call.span().byte_range(), call.method.span().byte_range());
            let swapped = format!(
                "{}{other}{}",
                self.text(whole.start, method.start),
                self.text(method.end, whole.end)
            );
            let what = format!("`{name}` becomes `{other}` in `{}`", self.shown(call.span()));
            self.push(call.span(), what, format!("(if SWITCH {{ {swapped} }} else {{ "), " })");
        }
        if matches!(name.as_str(), "filter" | "take_while" | "is_some_and" | "is_none_or" | "retain")
            && let Some(syn::Expr::Closure(closure)) = call.args.first()
        {
            let what = format!("`{name}` lets all pass: `{}`", self.shown(closure.span()));
            self.push(closure.body.span(), what, "(SWITCH || (".to_owned(), "))");
        }
        visit::visit_expr_method_call(self, call);
    }
}
