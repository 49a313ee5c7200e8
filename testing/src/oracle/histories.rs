//! Random histories of rights and leases.
