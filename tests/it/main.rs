//! Tests of the built binary, over real HTTP where a service is concerned.

// The lints that allow `unwrap` and `panic` in tests look for this attribute.
#[cfg(test)]
mod harness;
