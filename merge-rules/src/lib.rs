//! merge-rules
