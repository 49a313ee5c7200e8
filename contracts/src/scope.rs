//! Scopes and resource paths: sequences of labels `[SCOPE-1]`.

use crate::bounds::{LABEL_BYTES_MAX, PATH_DEPTH_MAX, SCOPE_DEPTH_MAX};
use crate::refusal::{Reason, Refusal};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One label of a path: 1 to 32 visible ASCII characters without a slash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

impl TryFrom<String> for Label {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/');
        if text.is_empty() || text.len() > LABEL_BYTES_MAX || !visible {
            return Err(Reason::PathLabel.into());
        }
        Ok(Self(text))
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Defines a path of at most so many labels.
macro_rules! path {
    ($(#[$doc:meta])* $name:ident, $depth:expr, $root:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(try_from = "Vec<Label>", into = "Vec<Label>")]
        pub struct $name(Vec<Label>);

        impl $name {
            /// The path without a label.
            #[must_use]
            pub const fn root() -> Self {
                Self(Vec::new())
            }

            /// The labels, outermost first.
            #[must_use]
            pub fn labels(&self) -> &[Label] {
                &self.0
            }

            /// Whether `other` is this path or lies below it.
            #[must_use]
            pub fn contains(&self, other: &Self) -> bool {
                other.0.starts_with(&self.0)
            }

            /// Reads labels parted by slashes; the empty text is the root.
            ///
            /// # Errors
            /// [`Reason::PathLabel`] for a bad label, [`Reason::TooLarge`] for too many.
            pub fn parse(text: &str) -> Result<Self, Refusal> {
                if text.is_empty() {
                    return Ok(Self::root());
                }
                let labels: Result<Vec<_>, _> =
                    text.split('/').map(|label| Label::try_from(label.to_owned())).collect();
                Self::try_from(labels?)
            }
        }

        impl TryFrom<Vec<Label>> for $name {
            type Error = Refusal;

            fn try_from(labels: Vec<Label>) -> Result<Self, Refusal> {
                if labels.len() > $depth { Err(Reason::TooLarge.into()) } else { Ok(Self(labels)) }
            }
        }

        impl From<$name> for Vec<Label> {
            fn from(path: $name) -> Self {
                path.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if self.0.is_empty() {
                    return f.write_str($root);
                }
                self.0.iter().enumerate().try_for_each(|(place, label)| {
                    if place > 0 {
                        f.write_str("/")?;
                    }
                    f.write_str(&label.0)
                })
            }
        }
    };
}

path!(
    /// A place in the tree of responsibility: federation (the root), region, cell, node.
    ///
    /// ```
    /// use intent_contracts::Scope;
    /// let region = Scope::parse("mars")?;
    /// let cell = Scope::parse("mars/forge")?;
    /// assert!(region.contains(&cell) && !cell.contains(&region));
    /// assert!(Scope::root().contains(&region));
    /// # Ok::<(), intent_contracts::Refusal>(())
    /// ```
    Scope, SCOPE_DEPTH_MAX, "(federation)"
);
path!(
    /// The path of a resource below its scope.
    ResourcePath, PATH_DEPTH_MAX, "(whole scope)"
);

impl Scope {
    /// Whether one of the two contains the other.
    #[must_use]
    pub fn on_one_line(&self, other: &Self) -> bool {
        self.contains(other) || other.contains(self)
    }
}
