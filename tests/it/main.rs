//! Tests of the built binary, over real HTTP where a service is concerned.

// The lints that allow `unwrap` and `panic` in tests look for this attribute.
#[cfg(test)]
mod harness;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod peers_faults;
#[cfg(test)]
mod peers_sandbox;
#[cfg(test)]
mod peers_stories;
