//! Benches stand in this package's [[bench]] files.
