//! Examples stand in this package's `[[example]]` files.
